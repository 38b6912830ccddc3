"""Somebody to talk to, for the site or for one project."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("project_id", models.BigIntegerField(db_index=True, null=True)),
                ("place", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=100)),
                ("detail", models.CharField(max_length=200)),
            ],
        ),
    ]
