"""What decided appeals did to evaluations; such a row never changes."""

import django.db.models.deletion
from django.db import migrations, models

import bihuan.kit.ids


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0002_closed_for_good"),
        ("inspection", "0009_trust_immutable"),
    ]

    operations = [
        migrations.CreateModel(
            name="AppealOutcome",
            fields=[
                (
                    "id",
                    models.UUIDField(default=bihuan.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("taken_over_at", models.DateTimeField()),
                (
                    "appeal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="appeals.appeal"
                    ),
                ),
                (
                    "evaluation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal_outcomes",
                        to="inspection.evaluation",
                    ),
                ),
                (
                    "result",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_by_appeal",
                        to="inspection.evaluation",
                    ),
                ),
            ],
            options={"ordering": ("taken_over_at",)},
        ),
        migrations.RunSQL(
            "CREATE TRIGGER inspection_appeal_outcome_immutable BEFORE UPDATE OR DELETE ON inspection_appealoutcome"
            " FOR EACH ROW EXECUTE FUNCTION inspection_refuse();",
            "DROP TRIGGER inspection_appeal_outcome_immutable ON inspection_appealoutcome;",
        ),
    ]
