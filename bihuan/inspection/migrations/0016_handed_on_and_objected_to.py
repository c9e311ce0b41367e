"""Who began an evaluation before it was handed on, and whether an agent objects to what was released."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("inspection", "0015_first_answers")]
    operations = [
        migrations.AddField("evaluation", "laid_aside", models.JSONField(default=list)),
        migrations.AddField("acknowledgement", "objects_to", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "acknowledgement",
            models.CheckConstraint(
                condition=Q(objects_to=False) | ~Q(reply=""), name="acknowledgement_objects_in_words"
            ),
        ),
    ]
