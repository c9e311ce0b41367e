import bihuan.kit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workplace", "0004_saved_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EditionComparison",
            fields=[
                (
                    "id",
                    models.UUIDField(default=bihuan.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("before_ref", models.TextField()),
                ("before_hash", models.CharField(max_length=64)),
                ("after_ref", models.TextField()),
                ("after_hash", models.CharField(max_length=64)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("size", models.PositiveIntegerField()),
                ("seed", models.BigIntegerField()),
                ("requested_at", models.DateTimeField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("manifest", models.CharField(blank=True, max_length=64)),
                ("found", models.JSONField(null=True)),
                ("refusal", models.TextField(blank=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-requested_at",),
                "indexes": [
                    models.Index(fields=["owner", "before_hash", "after_hash"], name="edition_comparison_of_owner")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="edition_comparison_days_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            ("found__isnull", False),
                            models.Q(("refusal", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="edition_comparison_answers",
                    ),
                ],
            },
        ),
    ]
