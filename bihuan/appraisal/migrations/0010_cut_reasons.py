"""Why somebody whom the score cannot place is in or out (X16, X17); such a row never changes."""

import django.db.models.deletion
from django.db import migrations, models

import bihuan.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("appraisal", "0009_what_counts_and_what_was_lent"),
        ("people", "0004_token"),
    ]

    operations = [
        migrations.CreateModel(
            name="CutReason",
            fields=[
                (
                    "id",
                    models.UUIDField(default=bihuan.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("subject", models.CharField(max_length=200)),
                ("is_in", models.BooleanField()),
                ("reason", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cut_reasons", to="appraisal.result"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ("written_at", "pk"),
                "indexes": [models.Index(fields=["subject"], name="cut_reason_subject")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="cut_reason_said")
                ],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER appraisal_cut_reason_immutable BEFORE UPDATE OR DELETE ON appraisal_cutreason"
            " FOR EACH ROW EXECUTE FUNCTION appraisal_refuse();",
            "DROP TRIGGER appraisal_cut_reason_immutable ON appraisal_cutreason;",
        ),
    ]
