from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0010_cut_reasons")]
    operations = [
        migrations.AddField("result", "scope", models.JSONField(default=dict)),
        migrations.AddField("resultset", "scope", models.JSONField(default=dict)),
    ]
