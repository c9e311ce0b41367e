"""A failed entry is tried again after a pause that grows, so that a short outage sets nothing aside."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_reaction_tries")]
    operations = [
        migrations.AddField(
            model_name="reactioncursor",
            name="again_at",
            field=models.DateTimeField(null=True),
        ),
    ]
