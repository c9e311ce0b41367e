"""Call-backs are kept once drawn, with what each call brought; the database itself refuses to change either."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

SCALE = (1, 2, 3, 4, 5)
ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")

PROTECT = """
CREATE FUNCTION workplace_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'kept as it was: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER workplace_callback_immutable BEFORE UPDATE OR DELETE ON workplace_callback
    FOR EACH ROW EXECUTE FUNCTION workplace_refuse();
CREATE TRIGGER workplace_call_immutable BEFORE UPDATE OR DELETE ON workplace_call
    FOR EACH ROW EXECUTE FUNCTION workplace_refuse();
"""

RELEASE = """
DROP TRIGGER workplace_call_immutable ON workplace_call;
DROP TRIGGER workplace_callback_immutable ON workplace_callback;
DROP FUNCTION workplace_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("workplace", "0006_proposal_declines"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallBack",
            fields=[
                ("id", ID),
                ("month", models.DateField()),
                ("week", models.DateField()),
                ("customer", models.TextField()),
                ("contact_id", models.TextField()),
                ("drawn_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("week", "contact_id"),
                "constraints": (models.UniqueConstraint(fields=("month", "customer"), name="callback_once_a_month"),),
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", ID),
                ("reached", models.BooleanField()),
                ("solved", models.BooleanField(null=True)),
                ("tone", models.PositiveSmallIntegerField(null=True)),
                ("clarity", models.PositiveSmallIntegerField(null=True)),
                ("words", models.TextField(blank=True)),
                ("called_at", models.DateTimeField()),
                (
                    "callback",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="workplace.callback"
                    ),
                ),
                (
                    "called_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("called_at", "pk"),
                "constraints": (
                    models.UniqueConstraint(fields=("callback",), condition=Q(reached=True), name="call_reached_once"),
                    models.CheckConstraint(
                        condition=Q(reached=True, solved__isnull=False)
                        | Q(reached=False, solved__isnull=True, tone__isnull=True, clarity__isnull=True),
                        name="call_tells_what_was_said",
                    ),
                    models.CheckConstraint(
                        condition=Q(tone__isnull=True) | Q(tone__in=SCALE), name="call_tone_on_scale"
                    ),
                    models.CheckConstraint(
                        condition=Q(clarity__isnull=True) | Q(clarity__in=SCALE), name="call_clarity_on_scale"
                    ),
                ),
            },
        ),
        migrations.RunSQL(PROTECT, RELEASE),
    ]
