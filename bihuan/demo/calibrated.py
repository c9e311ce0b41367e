"""Two calibrations: one closed, with raters who see things differently, one open and half answered; by the usual acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.demo.world import World
from bihuan.inspection.actions.calibrating import close_calibration, make_calibration
from bihuan.inspection.actions.rating import comment_in_rating, rate_item, submit_rating
from bihuan.inspection.calibration.pool import Drawing
from bihuan.inspection.calibration.refusals import NothingToCalibrate
from bihuan.inspection.calibration.terms import edition_of_session, terms_of
from bihuan.inspection.forms_of_editions import form_for, machine_verdicts
from bihuan.inspection.models import Calibration, CalibrationContact, Rating
from bihuan.inspection.rules.form import ITEM, machine_answer, questions_of
from bihuan.kit.clock import now
from bihuan.people.models import Person, User
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.tree import Evidence
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED, Verdict


@dataclass(frozen=True)
class Eye:
    """How somebody judges: shares of met items seen as violated, of violated ones seen as met, of N/A where others judge."""

    strict: float
    lenient: float
    aside: float


CALLER, EXPERT, RATERS = "7003", "7001", ("7101", "7102", "7103")
EYES: Final[Mapping[str, Eye]] = {
    "7001": Eye(0.0, 0.0, 0.0), "7101": Eye(0.02, 0.05, 0.02), "7102": Eye(0.14, 0.0, 0.02), "7103": Eye(0.02, 0.45, 0.06),
}  # fmt: skip
DAYS: Final = 5
OPEN_DUE: Final = 3  # days ahead
REASONS: Final[Mapping[str, Sequence[str]]] = {
    VIOLATED: ("话术不完整，客户没有得到确认", "这里没有照标准做，客户又追问了一次", "语气偏硬，缺少一句安抚"),
    NOT_APPLICABLE: ("客户没有提出这类诉求", "对话很短，用不到这一项"),
}
REMARK: Final = "这一句大家的看法不一，校准会上讨论"


def calibrate_some(world: World) -> int:
    """Two sessions; none where some were made before, or where nothing can be calibrated. Returns how many."""
    if Calibration.objects.exists():
        return 0
    rnd = Random(world.seed)  # noqa: S311 - made-up answers, the same for the same seed
    try:
        done = _called(world, "本月第一次校准", world.seed)
        _rated_by(done, (EXPERT, *RATERS), list(done.contacts.all()), rnd)
        close_calibration(_user(CALLER), calibration=done)
        half = _called(world, "本月第二次校准", world.seed + 1)
        _rated_by(half, (EXPERT, RATERS[1]), list(half.contacts.all()[:3]), rnd)
    except NothingToCalibrate:  # a department too small, or too young
        pass
    return Calibration.objects.count()


def _called(world: World, name: str, seed: int) -> Calibration:
    most = terms_of(edition_in_use(world.end)).contacts
    raters = list(Person.objects.filter(number__in=RATERS).order_by("number"))
    return make_calibration(
        _user(CALLER), name=name, due_at=now() + timedelta(days=OPEN_DUE), expert=Person.objects.get(number=EXPERT),
        raters=raters, contacts=Drawing(world.end - timedelta(days=DAYS - 1), world.end, most, seed),
    )  # fmt: skip


def _rated_by(
    session: Calibration, numbers: Sequence[str], contacts: Sequence[CalibrationContact], rnd: Random
) -> None:
    for contact in contacts:
        truth = _truth(contact)
        for number in numbers:
            _rated(_user(number), contact, truth, EYES[number], rnd)


def _truth(contact: CalibrationContact) -> dict[str, Verdict]:
    """What a careful reader finds: the machine's answer, met where it cannot tell."""
    edition = edition_of_session(contact.calibration)
    verdicts = machine_verdicts(Reader(open_archive()), edition.hash, contact.contact_id)
    asked = [one for one in questions_of(form_for(edition)).values() if not one.by_record]
    told = {one.id: machine_answer(one, verdicts) for one in asked}
    return {key: Verdict(MET) if one is None or one.verdict == CANNOT_TELL else one for key, one in told.items()}


def _rated(user: User, contact: CalibrationContact, truth: Mapping[str, Verdict], eye: Eye, rnd: Random) -> None:
    form = questions_of(form_for(edition_of_session(contact.calibration)))
    for item, right in truth.items():
        word = _seen(right.verdict, eye, rnd) if form[item].kind == ITEM else right.verdict  # all see what is fatal
        spans = [one for one in right.evidence if one.message is not None and one.start is not None][:1]
        rate_item(
            user, contact=contact, item=item, verdict=word, evidence=spans if word == right.verdict else (),
            reason=rnd.choice(REASONS[word]) if word in REASONS else "",
        )  # fmt: skip
        if word == VIOLATED != right.verdict:
            _remarked(user, contact, spans)
    rating = Rating.objects.get(contact=contact, seat__person__user=user)
    submit_rating(user, contact=contact, revision=rating.revision)


def _seen(word: str, eye: Eye, rnd: Random) -> str:
    chance = rnd.random()
    if word == MET and chance < eye.strict:
        return VIOLATED
    if word == VIOLATED and chance < eye.lenient:
        return MET
    return NOT_APPLICABLE if word == MET and chance > 1 - eye.aside else word


def _remarked(user: User, contact: CalibrationContact, spans: Sequence[Evidence]) -> None:
    for span in spans:
        assert span.message is not None
        comment_in_rating(
            user, contact=contact, message=span.message, start=span.start or 0, end=span.end or 1, words=REMARK
        )


def _user(number: str) -> User:
    return User.objects.get(username=number)
