import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Revelation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contact_id", models.TextField(db_index=True)),
                ("reason", models.TextField()),
                ("revealed_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "revealed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-revealed_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="revelation_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("revealed_at"))), name="revelation_lasts"
                    ),
                ],
            },
        ),
    ]
