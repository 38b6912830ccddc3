"""A version says what goes by another name than in the version before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("guidelines", "0001_initial")]

    operations = [
        migrations.AddField(model_name="guidelineversion", name="renames", field=models.JSONField(default=dict)),
    ]
