"""What an appeal did to an evaluation says why no version could be made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspection", "0013_model_answers_immutable")]
    operations = [
        migrations.AddField(
            model_name="appealoutcome",
            name="why",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
    ]
