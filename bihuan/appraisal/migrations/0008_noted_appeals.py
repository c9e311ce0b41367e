"""Decided appeals about results are noted beside them; such a row never changes."""

import django.db.models.deletion
from django.db import migrations, models

import bihuan.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0002_closed_for_good"),
        ("appraisal", "0007_quality"),
    ]

    operations = [
        migrations.CreateModel(
            name="NotedAppeal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=bihuan.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("subject", models.CharField(max_length=200)),
                ("is_upheld", models.BooleanField()),
                ("noted_at", models.DateTimeField()),
                (
                    "appeal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appeals.appeal"
                    ),
                ),
                (
                    "computation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="appraisal.computation",
                    ),
                ),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="noted_appeals", to="appraisal.result"
                    ),
                ),
            ],
            options={
                "ordering": ("noted_at",),
                "indexes": [models.Index(fields=["subject"], name="noted_appeal_subject")],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER appraisal_noted_appeal_immutable BEFORE UPDATE OR DELETE ON appraisal_notedappeal"
            " FOR EACH ROW EXECUTE FUNCTION appraisal_refuse();",
            "DROP TRIGGER appraisal_noted_appeal_immutable ON appraisal_notedappeal;",
        ),
    ]
