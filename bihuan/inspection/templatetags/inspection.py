"""Words and marks of the inspection pages; templates ask here, they never compute."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.template import Library, loader
from django.utils.safestring import SafeString

from bihuan.inspection.calibration.words import ALARMS
from bihuan.inspection.desk import Desk
from bihuan.inspection.models import Assignment, ScaleAlarm
from bihuan.inspection.places import place_of
from bihuan.inspection.transcript import anchor
from bihuan.inspection.wording import KINDS, OUTCOMES, REASONS, STATES, VERDICT_WORDS, said, subject_of, when_of
from bihuan.kit.clock import HOUR, to_us
from bihuan.standards.rules.edition import Label
from bihuan.standards.rules.tree import Evidence
from bihuan.ui.templatetags.ui import clock, tag
from bihuan.ui.values import language

register = Library()
NEAR_US = 2 * HOUR
TONES = {"released": "accent", "acknowledged": "met", "submitted": "warn"}

register.filter("subject", subject_of)
register.filter("when", when_of)


@register.filter
def in_words(label: Label) -> str:
    """A label of an edition in the reader's language."""
    return label.said(language())


@register.filter
def at(found: Mapping[str, object], key: str) -> object:
    """What stands under a key; None where nothing does."""
    return found.get(key)


@register.filter
def spans_json(spans: Iterable[Evidence]) -> str:
    """Chosen evidence for the hidden field that sends it back."""
    return json.dumps(
        [
            {"event": one.event}
            if one.message is None
            else {"message": one.message, "start": one.start, "end": one.end}
            for one in spans
        ]
    )


@register.filter
def anchored(place: Evidence) -> str:
    """Where the page shows what evidence rests on."""
    return anchor(place_of(place))


@register.simple_tag
def where(desk: Desk, place: Evidence) -> str:
    """A place of the conversation in words."""
    return desk.where(place)


@register.simple_tag
def desk_url(desk: Desk, name: str, *more: int) -> str:
    """Where a desk saves: its own conversation's address."""
    return desk.address(name, *more)


@register.simple_tag
def left_of(work: Assignment, at: datetime) -> SafeString:
    """The clock of a drawn conversation."""
    return loader.render_to_string("ui/clock.html", clock(to_us(work.due_at) - to_us(at), NEAR_US))


@register.simple_tag
def state_tag(state: str) -> SafeString:
    """The state of an evaluation as a label."""
    return tag(said(STATES, state), TONES.get(state, ""))


@register.simple_tag
def kind_tag(work: Assignment) -> SafeString:
    """How the conversation was drawn, with the reasons of the risk queue."""
    words = [said(KINDS, work.kind), *(said(REASONS, reason) for reason in work.reasons)]
    return tag(" · ".join(words), "warn" if work.kind == Assignment.Kind.RISK else "")


@register.simple_tag
def reason_tags(reasons: Iterable[str]) -> SafeString:
    """Why an evaluation is looked at again."""
    return tag(" · ".join(said(REASONS, reason) for reason in reasons), "warn")


@register.simple_tag
def outcome_tag(outcome: str) -> SafeString:
    """What the group decided."""
    return tag(said(OUTCOMES, outcome), "accent" if outcome == "amended" else "met")


@register.simple_tag
def verdict_word(verdict: str) -> str:
    """A verdict as a word alone, for choices."""
    return said(VERDICT_WORDS, verdict)


@register.simple_tag
def alarm_tag(alarm: ScaleAlarm) -> SafeString:
    """What an alarm about a rater's scale is about."""
    return tag(said(ALARMS, alarm.kind), "" if alarm.settled_at else "bad")
