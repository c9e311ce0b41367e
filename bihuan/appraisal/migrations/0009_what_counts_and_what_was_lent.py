"""Which sets were computed by the edition in use, what was lent to silent editions, and scores of the period (X6)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0008_noted_appeals")]

    operations = [
        migrations.AddField("resultset", "by_edition_in_use", models.BooleanField(default=True)),
        migrations.AddField("resultset", "lent", models.JSONField(default=dict)),
        migrations.AddField("result", "period", models.JSONField(default=dict)),
    ]
