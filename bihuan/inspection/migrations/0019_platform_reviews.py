"""Negative reviews on platforms: what draws made of them and which contacts people say they are about. Neither changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECT = """
CREATE TRIGGER inspection_{0}_immutable BEFORE UPDATE OR DELETE ON inspection_{0}
    FOR EACH ROW EXECUTE FUNCTION inspection_refuse();
"""
RELEASE = "DROP TRIGGER inspection_{0}_immutable ON inspection_{0};"


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0018_marks_on_events"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("review_id", models.TextField(db_index=True)),
                ("contact_id", models.TextField(blank=True)),
                ("why", models.TextField()),
                ("linked_at", models.DateTimeField()),
                (
                    "linked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("linked_at", "pk"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("why", ""), _negated=True), name="review_link_says_why")
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreenedReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("review_id", models.TextField()),
                ("contact_id", models.TextField()),
                ("stars", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("queued", "queued"), ("drawn", "drawn"), ("full", "full"), ("unfit", "unfit")],
                        max_length=8,
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="screened", to="inspection.draw"
                    ),
                ),
            ],
            options={
                "ordering": ("draw", "review_id"),
                "constraints": [
                    models.UniqueConstraint(fields=("review_id", "contact_id"), name="review_screened_once")
                ],
            },
        ),
        *(migrations.RunSQL(PROTECT.format(one), RELEASE.format(one)) for one in ("reviewlink", "screenedreview")),
    ]
