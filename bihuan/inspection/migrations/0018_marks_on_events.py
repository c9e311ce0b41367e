"""Key moments and comments may stand on an event of the timeline: a call without words has nothing else.

Taken back, it refuses as long as a comment stands on an event: such a one has no other place.
"""

from django.db import migrations, models
from django.db.models import F, Q

MOMENTS = (Q(first_response__isnull=True) | Q(first_response_event__isnull=True)) & (
    Q(resolution__isnull=True) | Q(resolution_event__isnull=True)
)
IN_ONE_PLACE = Q(message__isnull=False, event__isnull=True, end__gt=F("start")) | Q(
    message__isnull=True, event__isnull=False, start=0, end=0
)


def a_place_for(comment, before, after):
    number = models.PositiveIntegerField
    return (
        migrations.RemoveConstraint(model_name=comment, name=before),
        migrations.AddField(model_name=comment, name="event", field=number(null=True)),
        migrations.AlterField(model_name=comment, name="message", field=number(null=True)),
        migrations.AddConstraint(
            model_name=comment, constraint=models.CheckConstraint(condition=IN_ONE_PLACE, name=after)
        ),
    )


def moments_on_events(form, name):
    number = models.PositiveIntegerField
    return (
        migrations.AddField(model_name=form, name="first_response_event", field=number(null=True)),
        migrations.AddField(model_name=form, name="resolution_event", field=number(null=True)),
        migrations.AddConstraint(model_name=form, constraint=models.CheckConstraint(condition=MOMENTS, name=name)),
    )


class Migration(migrations.Migration):
    dependencies = [("inspection", "0017_sightings")]
    operations = [
        *a_place_for("comment", "comment_has_extent", "comment_in_one_place"),
        *a_place_for("ratingcomment", "rating_comment_extent", "rating_comment_in_one_place"),
        *moments_on_events("evaluation", "evaluation_moments_in_one_place"),
        *moments_on_events("rating", "rating_moments_in_one_place"),
    ]
