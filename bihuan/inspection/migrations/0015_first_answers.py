"""An answer keeps what was said before the machine's answer was shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspection", "0014_appeal_outcomes_say_why")]
    operations = [
        migrations.AddField(
            model_name="answer",
            name="first_verdict",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
    ]
