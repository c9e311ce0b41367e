"""What the plan page shows: draws by day, their strata, the planner, who has how much to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from statistics import stdev
from typing import Any, Final

from django.db.models import Count, F, Q
from django.utils.translation import gettext, gettext_lazy

from bihuan.archive.manifest import Manifest, day_of
from bihuan.inspection.models import Assignment, Draw, Evaluation
from bihuan.inspection.queries import inspectors
from bihuan.inspection.sampling.plans import confidence_of, sampling_number
from bihuan.inspection.wording import stratum_words
from bihuan.kit.numbers import divided
from bihuan.people.models import Person
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.sample_size import mean_margin, needed_for_mean, needed_for_share, share_margin
from bihuan.standards.rules.sampling import TIMES_OF_DAY, Stratum
from bihuan.ui.tables import Column, Table

DAYS_SHOWN: Final = 14
DAYS_OF_MONTH: Final = 30
SCORES_LOOKED_AT: Final = 500
HALF: Final = 0.5  # the share that needs most
MOST_CONTACTS: Final = 10_000_000


@dataclass(frozen=True)
class DayLine:
    """A draw with how far it has come; `sampled` of the `done` were drawn at random."""

    draw: Draw
    done: int
    open: int
    sampled: int

    @property
    def day(self) -> date:
        return self.draw.day

    @property
    def url(self) -> str:
        return f"?day={self.day.isoformat()}&number={self.draw.number}"

    @property
    def which(self) -> str:
        """The day's own draw, or one from what came late."""
        if not self.draw.number:
            return gettext("of the day")
        return gettext("late contacts %(number)s") % {"number": self.draw.number}

    @property
    def share(self) -> Decimal | None:
        """Drawn at random of all contacts, in percent (S3-10)."""
        return divided(self.draw.drawn * 100, self.draw.contacts, 1)

    @property
    def reviewed(self) -> Decimal | None:
        """Evaluated by people at random of all contacts, in percent (S3-10)."""
        return divided(self.sampled * 100, self.draw.contacts, 1)


DAYS: Final = (
    Column("day", gettext_lazy("Day"), "day", url=lambda line: line.url),
    Column("which", gettext_lazy("Draw"), get=lambda line: line.which),
    Column("contacts", gettext_lazy("Contacts"), "number", get=lambda line: line.draw.contacts),
    Column("drawn", gettext_lazy("Drawn at random"), "number", get=lambda line: line.draw.drawn),
    Column("share", gettext_lazy("Share drawn"), "percent", decimals=1),
    Column("risk", gettext_lazy("Risk queue"), "number", get=lambda line: line.draw.risk_drawn),
    Column("done", gettext_lazy("Evaluated"), "number"),
    Column("open", gettext_lazy("Still open"), "number"),
    Column("reviewed", gettext_lazy("Evaluated at random"), "percent", decimals=1),
)
STRATA: Final = (
    Column("name", gettext_lazy("Stratum"), get=lambda part: stratum_words(part.name)),
    Column("contacts", gettext_lazy("Contacts"), "number"),
    Column("drawn", gettext_lazy("Drawn"), "number"),
    Column("inclusion", gettext_lazy("Chance of each"), "share", get=lambda part: Decimal(part.inclusion_ppm) / 1_000_000, decimals=1),
)  # fmt: skip
LOADS: Final = (
    Column("name", gettext_lazy("Inspector"), get=lambda person: person.name),
    Column("open_now", gettext_lazy("To evaluate"), "number"),
    Column("late_now", gettext_lazy("Overdue"), "number", misses=lambda person: person.late_now > 0),
    Column("done_now", gettext_lazy("Evaluated, 7 days"), "number"),
)


_DONE: Final = Q(assignments__done_at__isnull=False)


def day_lines() -> list[DayLine]:
    """The last draws, newest first."""
    counted = Draw.objects.annotate(done_count=Count("assignments", filter=_DONE), all_count=Count("assignments"))
    draws = list(counted.order_by("-day", "number")[:DAYS_SHOWN])
    reviewed = Assignment.objects.filter(draw__in=draws).reviewed().order_by()
    sampled = dict(reviewed.values_list("draw").annotate(Count("pk")))
    return [DayLine(draw, draw.done_count, draw.all_count - draw.done_count, sampled.get(draw.pk, 0)) for draw in draws]


def days_table(lines: Sequence[DayLine]) -> Table:
    """The draws, or what to do that there be some."""
    advice = gettext(
        "Every day of the record is drawn by itself once it is over. Nothing to draw? Import conversations first."
    )
    return Table(DAYS, lines, empty_title=gettext("No day was drawn yet"), empty_advice=advice)


def undrawn_days(manifest: Manifest, today: date) -> list[date]:
    """Whole days of the last two weeks that the record holds and nobody drew, newest first."""
    since = today - timedelta(days=DAYS_SHOWN)
    held = {day for key in manifest.files("contacts") if (day := day_of(key)) is not None and since <= day < today}
    return sorted(held - set(Draw.objects.filter(day__gte=since).values_list("day", flat=True)), reverse=True)


def strata_table(draw: Draw) -> Table:
    """The parts of a day, with the chance each of their contacts had."""
    parts: list[Stratum] = draw.parts
    return Table(STRATA, sorted(parts, key=_by_time_of_day))


def _by_time_of_day(part: Stratum) -> tuple[int, str]:
    time = part.name.split("/")[0]
    return (TIMES_OF_DAY.index(time) if time in TIMES_OF_DAY else len(TIMES_OF_DAY), part.name)


def loads(at: datetime) -> list[Any]:
    """Every inspector with open, late and done work."""
    numbers = [person.number for person in inspectors(at)]
    is_open = Q(inspections__done_at__isnull=True)
    return list(
        Person.objects.filter(number__in=numbers)
        .annotate(
            open_now=Count("inspections", filter=is_open),
            late_now=Count("inspections", filter=is_open & Q(inspections__due_at__lt=at)),
            done_now=Count("inspections", filter=Q(inspections__done_at__gte=at - timedelta(days=7))),
        )
        .order_by(F("open_now").desc(), "number")
    )


def loads_table(people: Sequence[Any]) -> Table:
    """Who has how much to do, or how somebody comes to inspect."""
    advice = gettext(
        "What is drawn lies in the pool until somebody holds the role of inspector: grant it under People."
    )
    return Table(LOADS, people, empty_title=gettext("Nobody inspects yet"), empty_advice=advice)


@dataclass(frozen=True)
class Planner:
    """How many evaluations a margin of error needs, and what margin the sample of a month gives."""

    contacts: int
    margin: Decimal
    deviation: Decimal
    confidence: Decimal
    measured: bool

    @property
    def needed(self) -> int:
        """For a mean score known to ± margin points."""
        return needed_for_mean(
            self.contacts, float(self.margin), float(self.confidence), deviation=float(self.deviation)
        )

    @property
    def needed_share(self) -> int:
        """For a share known to ± margin percentage points, at worst."""
        return needed_for_share(self.contacts, float(self.margin) / 100, float(self.confidence), share=HALF)

    @property
    def percent(self) -> Decimal | None:
        return divided(self.needed * 100, self.contacts, 1)

    def at_share(self, share: Decimal) -> Decimal:
        """The margin, in points, that evaluating this share of the contacts gives."""
        n = int(share * self.contacts)
        found = mean_margin(n, float(self.deviation), float(self.confidence), of=self.contacts)
        return Decimal(str(round(found, 2))) if n > 1 else Decimal("NaN")

    @property
    def worst_share_margin(self) -> Decimal:
        found = share_margin(self.needed, HALF, float(self.confidence), of=self.contacts)
        return Decimal(str(round(found * 100, 1)))


def planner_of(query: Mapping[str, str], edition: Edition) -> Planner:
    """From the page's form; what is unreadable takes the edition's number, and the spread the released scores show."""
    scores = _random_scores()
    measured = len(scores) >= sampling_number(edition, "least_scores").whole
    spread = Decimal(str(round(stdev(scores), 1))) if measured else sampling_number(edition, "deviation").value
    newest = Draw.objects.filter(number=0).order_by("-day").first()  # a supplement holds but a few late contacts
    usual = Decimal(newest.contacts * DAYS_OF_MONTH) if newest else Decimal(DAYS_OF_MONTH)
    return Planner(
        contacts=int(_number(query.get("contacts"), usual, most=MOST_CONTACTS)),
        margin=_number(query.get("margin"), sampling_number(edition, "margin").value, most=50),
        deviation=_number(query.get("deviation"), spread, most=50),
        confidence=confidence_of(edition),
        measured=measured,
    )


def _random_scores() -> list[float]:
    """The latest released scores of the random sample."""
    found = Evaluation.objects.in_force().filter(total__isnull=False, assignment__kind=Assignment.Kind.RANDOM)
    newest = found.order_by("-released_at").values_list("total", flat=True)[:SCORES_LOOKED_AT]
    return [float(one) for one in newest if one is not None]


def _number(text: str | None, usual: Decimal, *, most: int) -> Decimal:
    try:
        value = Decimal(text or "")
    except InvalidOperation:
        return usual
    return value if value.is_finite() and 0 < value <= most else usual


def shares_words(edition: Edition) -> str:
    """The share of a day to draw, as a span of percent."""
    low, high = (sampling_number(edition, name).value for name in ("daily_share_low", "daily_share_high"))
    return f"{low.normalize():f}–{high.normalize():f} %"
