"""The act of appraisal: compute a month under an edition and keep it beside what was computed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Value

from bihuan.appraisal.decisions import Decided, decided_until, undecided
from bihuan.appraisal.inputs import Progress, days_of, last_day, month_of
from bihuan.appraisal.keeping import keep_edition
from bihuan.appraisal.models import Result, ResultSet
from bihuan.appraisal.quality import Reviews, reviews_of
from bihuan.appraisal.rules.draws import Doubt, Draws, doubts
from bihuan.appraisal.rules.month import PersonMonth, month_total, period_of
from bihuan.appraisal.rules.policy import RankPolicy, policy_of
from bihuan.appraisal.rules.ranking import Ranked, rank
from bihuan.appraisal.scoping import month_scope
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.judging import ensure_judged
from bihuan.inspection.known_editions import known_editions
from bihuan.inspection.trust.policy import lent_terms
from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import Refusal
from bihuan.kit.ids import content_hash
from bihuan.kit.numbers import rounded
from bihuan.people.authority import Actor, account, require
from bihuan.people.rules.roles import Permission
from bihuan.standards.checks import ENGINE_VERSION as CHECKS
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.lending import number_of, to_json
from bihuan.standards.metric_params import lent_params
from bihuan.standards.rules.applying import said_of
from bihuan.standards.rules.edition import Edition, Scheme
from bihuan.standards.rules.tree import ScoreNode

# part of every stored result: raise it whenever a total, interval or rank may come out differently
APPRAISAL_VERSION = "4"
ENGINE_VERSION = f"appraisal {APPRAISAL_VERSION}, checks {CHECKS}"


class NothingToAppraise(Refusal):
    message = "No contact of %(month)s was served by anybody in the record."


class NobodyInThePart(Refusal):
    message = "Nobody served a contact of %(month)s in the part of the department this edition is for: %(part)s."


class NoSchemes(Refusal):
    message = "The edition %(edition)s has no appraisal scheme."


@dataclass(frozen=True)
class Line:
    """One person's result under one scheme, before it is kept."""

    month: PersonMonth
    scheme: Scheme
    tree: ScoreNode
    total: Decimal | None
    reason: str
    doubt: Doubt | None
    ranked: Ranked


def appraise_month(
    actor: Actor, *, month: date, edition: Edition, edition_ref: str, progress: Progress | None = None
) -> ResultSet:
    """Results of everybody who served in the month beginning on `month`; the set that holds them.

    Days whose verdicts are missing or old are judged first, so that no total rests on half a month. What appeals decided
    until now counts in the machine's place, checks enter as far as they are trusted now. Nothing is overwritten. The same
    record, edition, decisions, reviews and engine give the same bytes: then the set kept before is returned and no new
    one is made.
    """
    require(actor, Permission.APPRAISE)
    archive = open_archive()
    if not edition.schemes:
        raise NoSchemes(edition=edition.id)
    ensure_judged(archive, edition, days_of(month), progress, like=lambda: known_editions(archive.head()))
    manifest = archive.head()
    at = now()
    decided = decided_until(edition, at)
    reviews = reviews_of(edition, (month, last_day(month)), at)
    reader = Reader(archive, manifest)
    lines = compute_month(reader, edition, month, decided=decided, reviews=reviews, progress=progress)
    rows = _rows(lines, edition)
    lent, scope = lent_to(edition), scope_under(reader, edition, month)
    content = content_named(rows, decided, lent, scope)
    with transaction.atomic():
        _one_at_a_time()
        same = {"month": month, "edition_hash": edition.hash, "manifest": manifest.hash, "content": content}
        known = ResultSet.objects.filter(**same).first()
        if known:
            return known
        last = ResultSet.objects.filter(month=month).aggregate(last=Max("sequence"))["last"]
        keep_edition(edition)
        kept = ResultSet.objects.create(
            **same,
            edition_ref=edition_ref,
            edition_title=edition.title.to_json() | {"version": edition.version},
            engine=ENGINE_VERSION,
            provisional=sorted(decided.provisional),
            lent=lent,
            scope=scope,
            by_edition_in_use=edition.hash == edition_in_use(last_day(month)).hash,
            sequence=(last or 0) + 1,
            computed_at=at,
            computed_by=account(actor),
        )
        Result.objects.bulk_create([_kept_row(kept, row) for row in rows], batch_size=500)
        _tell(actor, kept, len(rows))
    return kept


def compute_month(
    reader: Reader, edition: Edition, month: date, *, decided: Decided | None = None, reviews: Reviews | None = None,
    progress: Progress | None = None,
) -> list[Line]:  # fmt: skip
    """Every person's total under every scheme of the edition, ranked; keeps nothing."""
    decided, until = decided or undecided(edition), reader.manifest.told_until_us
    months = month_of(reader, edition, month, as_of_us=until, decided=decided, reviews=reviews, progress=progress)
    if not months:
        part = edition.applies_to
        if part.is_everybody:
            raise NothingToAppraise(month=f"{month:%Y-%m}")
        raise NobodyInThePart(month=f"{month:%Y-%m}", part=said_of(part).en)
    policy = policy_of(edition)
    draws = Draws(policy.draws, policy.seed)
    return [line for scheme in edition.schemes.values() for line in _of_scheme(scheme, months, edition, policy, draws)]


def content_of(reader: Reader, edition: Edition, month: date) -> str:
    """The hash the month's results would be kept under where nobody has decided, moved or reviewed anything; keeps
    nothing, so that anybody can check what is kept."""
    rows = _rows(compute_month(reader, edition, month), edition)
    return content_named(rows, undecided(edition), lent_to(edition), scope_under(reader, edition, month))


def scope_under(reader: Reader, edition: Edition, month: date) -> dict[str, Any]:
    """The part of the month's contacts that the edition is for, as results keep it."""
    return month_scope(reader, edition.applies_to, (month, last_day(month)))


def lent_to(edition: Edition) -> dict[str, Any]:
    """The numbers a month's results rest on that another edition lends: part of what they name, as plain values."""
    return to_json({**lent_params(edition), **lent_terms(edition)})


def content_named(
    rows: Sequence[dict[str, Any]], decided: Decided, lent: dict[str, Any], scope: dict[str, Any] | None = None
) -> str:
    """The hash that names results: of the engine, of every row, and of what they rest on beside edition and record."""
    whole = {"engine": ENGINE_VERSION, "results": rows, "provisional": sorted(decided.provisional), "lent": lent}
    return content_hash(whole | ({"scope": scope} if scope else {}))


def _of_scheme(
    scheme: Scheme, months: Sequence[PersonMonth], edition: Edition, policy: RankPolicy, draws: Draws
) -> list[Line]:
    trees = {month.person: month_total(scheme, month) for month in months}
    decimals = number_of(edition, "rounding.score").whole
    totals = {key: None if tree.value is None else rounded(tree.value, decimals) for key, tree in trees.items()}
    reasons = {month.person: policy.reason_against(month, trees[month.person]) for month in months}
    ranked_people = [month for month in months if not reasons[month.person]]
    doubt = doubts(scheme, ranked_people, draws=draws, confidence=policy.confidence, decimals=decimals)
    ranks = rank(
        {month.person: totals[month.person] for month in ranked_people},
        {person: one.rank for person, one in doubt.items()},
        top_share=policy.top_share,
        least_people=policy.least_people,
    )
    unranked = Ranked(None, policy.unranked)
    return [
        Line(
            month, scheme, trees[month.person], totals[month.person], reasons[month.person], doubt.get(month.person),
            ranks.get(month.person, unranked),
        )
        for month in months
    ]  # fmt: skip


def _rows(lines: Sequence[Line], edition: Edition) -> list[dict[str, Any]]:
    """The lines as they are kept; a person's score of the period stands in each of their schemes."""
    months = {line.month.person: line.month for line in lines}
    periods = {
        person: node.to_json() if (node := period_of(edition, month)) else {} for person, month in months.items()
    }
    return [_row(line, periods[line.month.person]) for line in lines]


def _row(line: Line, period: dict[str, Any]) -> dict[str, Any]:
    low, high = (line.doubt.low, line.doubt.high) if line.doubt else (None, None)
    best, worst = line.doubt.rank if line.doubt else (None, None)
    return {
        "scheme": line.scheme.id,
        "person": line.month.person,
        "name": line.month.name,
        "team": line.month.team,
        "total": line.total,
        "low": None if low is None else rounded(str(low), 3),
        "high": None if high is None else rounded(str(high), 3),
        "coverage": line.tree.coverage,
        "contacts": line.month.contacts,
        "fatal_contacts": line.month.fatal_contacts,
        "rank": line.ranked.rank,
        "rank_best": best,
        "rank_worst": worst,
        "standing": str(line.ranked.standing),
        "reason": line.reason,
        "tree": line.tree.to_json(),
        "days": line.month.days_told,
        "quality": dict(line.month.quality),
        "period": period,
        **({"scope": dict(line.month.scope)} if line.month.scope else {}),
    }


def _kept_row(kept: ResultSet, row: Mapping[str, Any]) -> Result:
    """The row to be written. An expression among its values keeps Django from sending each column as one array, whose
    quoting of trees takes longer than all the rest of the writing."""
    return Result(set=kept, **{**row, "scheme": Value(row["scheme"])})


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('appraisal.keep'))")


def _tell(actor: Actor, kept: ResultSet, results: int) -> None:
    record(
        actor=actor,
        verb="results.computed",
        subject=f"result_set:{kept.pk}",
        data={
            "month": f"{kept.month:%Y-%m}",
            "edition": kept.edition_hash,
            "manifest": kept.manifest,
            "content": kept.content,
            "results": results,
        },
    )
