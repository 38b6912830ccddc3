"""An index by which a late answer to gold finds the work that ended beside it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0003_equal_work")]

    operations = [
        migrations.AddIndex(
            model_name="endedlease",
            index=models.Index(fields=["project_id", "how", "ended", "person_id"], name="ended_by_way_and_time"),
        ),
    ]
