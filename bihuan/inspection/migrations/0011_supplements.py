"""A day may be drawn again from what came late: its first draw has the number 0."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspection", "0010_appeal_outcomes")]

    operations = [
        migrations.AddField(
            model_name="draw",
            name="number",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(model_name="draw", name="day", field=models.DateField()),
        migrations.AlterModelOptions(name="draw", options={"ordering": ("-day", "number")}),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.UniqueConstraint(fields=("day", "number"), name="draw_once_a_day_and_number"),
        ),
    ]
