"""The machine's verdicts on a conversation may be appealed by whoever served it last: the kind `verdict` of appeals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.appeals.kinds import VERDICT_CHOICES, Item, Kind, Matter, Span
from bihuan.appraisal.queries import contact_verdicts
from bihuan.archive.reader import ContactRecord, Reader
from bihuan.archive.store import Archive, open_archive
from bihuan.inspection.hands import hands_on
from bihuan.inspection.models import JudgingRun
from bihuan.inspection.wording import kept_topic, said_topic
from bihuan.kit.clock import day_bounds, from_us
from bihuan.people.models import Person
from bihuan.standards.checks.answers import in_words
from bihuan.standards.checks.declaration import Check
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.edition import UNNAMED, Edition, Label
from bihuan.standards.rules.verdict import CANNOT_TELL, VIOLATED, Verdict
from bihuan.workplace.contacts.judged_by import edition_of_day
from bihuan.workplace.contacts.names import names_of
from bihuan.workplace.contacts.timings import longest_gap, primary_share
from bihuan.workplace.contacts.transcript import transcript
from bihuan.workplace.contacts.wording import CHANNELS, said
from bihuan.workplace.masking import masked
from bihuan.workplace.reading import newest_day

NAME: Final = "verdict"
APPEALABLE: Final = (VIOLATED, CANNOT_TELL)
"""What costs points or coverage; nobody appeals against what speaks for them."""

_LONGEST_TITLE: Final = 80
_STAR: Final = "＊"


def find(subject: str) -> Matter | None:
    """The conversation with its verdicts under the edition of its day that speak against who served it last."""
    archive = open_archive()
    reader = Reader(archive)
    record = reader.contact(subject)
    if record is None:
        return None
    edition = _edition_of(reader, record)
    return matter_of(archive, record, edition, contact_verdicts(reader, edition, subject))


def matter_of(archive: Archive, record: ContactRecord, edition: Edition, verdicts: Mapping[str, Verdict]) -> Matter:
    """The same from what a page has read already."""
    share = primary_share(record) or {}
    return Matter(
        subject=record.contact["contact_id"],
        title=_title(record.contact),
        person=share.get("person") or "",
        team=share.get("team") or "",
        told_at=_told_at(archive, edition, record),
        edition=edition.hash,
        items=tuple(_items(edition, verdicts)),
    )


def context(subject: str) -> dict[str, Any]:
    """The conversation without verdicts, and without telling who served: names and numbers of staff are starred out."""
    reader = Reader(open_archive())
    record = reader.contact(subject)
    if record is None:
        return {}
    edition = _edition_of(reader, record)
    places = {record.contact["queue"], *(row["team"] or row["queue"] for row in record.events)}
    drawn = transcript(_nameless(record), {}, names_of((), places), gap_us=longest_gap(edition, record))
    return {"transcript": drawn, "contact": record.contact, "channel": said(CHANNELS, record.contact["channel"])}


def quote(subject: str, span: Span) -> str | None:
    """The words of a span, masked; None where the conversation has no such place."""
    record = Reader(open_archive()).contact(subject)
    message = next((one for one in record.messages if one["seq"] == span.message), None) if record else None
    if message is None:
        return None
    text = masked(message["text"])
    if span.start is None or span.end is None:
        return text
    return text[span.start : span.end] if 0 <= span.start < span.end <= len(text) else None


def accusations(edition: str, checks: Sequence[str]) -> Mapping[str, int]:
    """How often each check said "violated" under the edition, over everything judged by it."""
    where = {"item": list(checks), "verdict": VIOLATED}
    found = Reader(open_archive()).table("verdicts", edition=edition, columns=["item"], where=where)
    counted = found.group_by("item").aggregate([([], "count_all")]).to_pylist()
    return {row["item"]: row["count_all"] for row in counted}


VERDICT: Final = Kind(
    name=NAME,
    label=_("Machine verdict"),
    says=lambda title, edition: said_topic(title),
    find=find,
    template="workplace/_appeal_matter.html",
    context=context,
    quote=quote,
    url=lambda subject: reverse("workplace:contact", args=[subject]),
    stylesheets=("workplace/contact.css",),
    accusing=VIOLATED,
    accusations=accusations,
    raters=hands_on,
)


def _title(contact: Mapping[str, Any]) -> str:
    return masked(contact["subject"])[:_LONGEST_TITLE] or kept_topic(contact["category"], contact["channel"])


def _edition_of(reader: Reader, record: ContactRecord) -> Edition:
    present = edition_in_use(newest_day(list(reader.manifest.files("contacts"))))
    return edition_of_day(reader.manifest, record.contact["day"], present)


def _told_at(archive: Archive, edition: Edition, record: ContactRecord) -> datetime:
    """When the person could know these verdicts: the day was over, all they rest on was in the record, and (where a run
    judged it after that) the run had finished. What came late or was corrected is judged anew, and so appealed anew."""
    day = record.contact["day"]
    told = (record.contact, *record.messages, *record.events)
    entered = from_us(max(row["recorded_us"] or 0 for row in told))
    since = max(entered, day_bounds(day, archive.zone, archive.cutover_hour)[1]) if day else entered
    runs = JudgingRun.objects.filter(edition_hash=edition.hash, finished_at__gte=entered).order_by("finished_at")
    runs = runs.filter(first_day__lte=day, last_day__gte=day) if day else runs.filter(first_day__isnull=True)
    engines = set(
        Reader(archive).verdicts(edition.hash, contact_ids=[record.contact["contact_id"]])["engine"].to_pylist()
    )
    first = runs.filter(engine__in=engines).first() or runs.first()
    return max(since, first.finished_at) if first and first.finished_at else since


def _items(edition: Edition, verdicts: Mapping[str, Verdict]) -> Iterator[Item]:
    known = checks_of(edition)
    for check, setting in edition.checks.items():
        verdict = verdicts.get(check)
        if verdict is None or verdict.verdict not in APPEALABLE:
            continue
        spans = [Span(e.message, e.start, e.end) for e in verdict.evidence if e.message is not None and e.role == "hit"]
        label = setting.label if setting.label.zh else Label(**known[check].label)
        yield Item(
            check, label, verdict.verdict, VERDICT_CHOICES, _reason(known[check], verdict.reason), tuple(spans), check
        )


def _reason(check: Check, reason: str) -> Label:
    if not reason or reason.partition("?")[0] not in check.reasons:
        return UNNAMED
    return Label(in_words(check, reason, "zh"), in_words(check, reason, "en"))


def _nameless(record: ContactRecord) -> ContactRecord:
    """The record with nobody of the staff in it, as far as columns go; names and numbers in the text keep their length."""
    numbers = {row["person"] for row in record.rollup if row["person"]}
    known = [word for pair in Person.objects.filter(number__in=numbers).values_list("name", "number") for word in pair]
    return replace(
        record,
        rollup=[],
        events=[{**row, "agent_key": None} for row in record.events],
        messages=[{**row, "agent_key": None, "text": _starred(row["text"], known)} for row in record.messages],
    )


def _starred(text: str | None, words: Sequence[str]) -> str | None:
    for word in words:
        text = text.replace(word, _STAR * len(word)) if text else text
    return text
