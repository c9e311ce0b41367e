"""A reaction counts how often its next entry failed, so that one entry blocks no other for ever."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_reaction_cursor")]
    operations = [
        migrations.AddField(
            model_name="reactioncursor",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
