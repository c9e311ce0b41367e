"""Where the score cannot tell who is among the best, a supervisor's written reason decides; it is kept for good."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import DatabaseError, transaction

from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.cut import (
    HasFatalItem,
    NoReason,
    NotWhatHolds,
    OwnResult,
    Separable,
    StillProvisional,
    cut_reasons_on,
    may_write,
    reasons_that_hold,
    write_cut_reason,
)
from bihuan.appraisal.models import CutReason, Result, ResultSet
from bihuan.appraisal.printing import print_results
from bihuan.appraisal.tests.record import MONTH, Served, steady, trusted
from bihuan.journal.models import Entry
from bihuan.kit.errors import NotAllowed
from bihuan.people.models import RoleGrant
from bihuan.people.tests.cast import JOINED, Cast, make_cast

pytestmark = pytest.mark.django_db
SCHEME = "service_quality_month"
WHY = "两个月都稳定，疑难单主动跟到办结"


def moody(bad_days: Sequence[int], *, fatal: int = 0) -> list[Served]:
    """Thirty contacts over six days; on the bad ones customers rate 1."""
    return [Served(n % 6, "fatal" if n < fatal else "good", 1 if n % 6 in bad_days else 5) for n in range(30)]


PEOPLE = {
    "1001": moody([0, 1]), "1002": moody([2, 4]), "8001": moody([5], fatal=1), "8002": steady(30, fatal=24),
    "8003": steady(30, fatal=24), "1004": steady(12),
}  # fmt: skip


@pytest.fixture
def cast(live) -> Cast:
    live(PEOPLE)
    return make_cast()


@pytest.fixture
def month(cast: Cast, recommended) -> ResultSet:
    trusted(cast, recommended)
    return appraised(recommended)


def appraised(edition) -> ResultSet:
    return appraise_month("system:test", month=MONTH, edition=edition, edition_ref="recommended")


def line(month: ResultSet, person: str) -> Result:
    return month.results.get(scheme=SCHEME, person=person)


def test_X16_X17_whom_the_score_cannot_place_is_in_or_out_by_a_written_reason(month: ResultSet, cast: Cast) -> None:
    unsure = list(month.results.filter(scheme=SCHEME, standing="not_separable"))
    assert {one.person for one in unsure} == {"1001", "1002", "8001"}
    made = write_cut_reason(cast.user("supervisor"), result=line(month, "1001"), is_in=True, reason=f" {WHY} ")
    assert (made.reason, made.written_by.number, made.is_in) == (WHY, "2001", True)
    assert reasons_that_hold(month, unsure) == {line(month, "1001").pk: made}
    told = Entry.objects.get(verb="result.cut_reasoned")
    assert (told.actor, told.data["reason"], told.data["in"]) == ("2001", WHY, True)


def test_X16_the_reason_changes_no_figure_and_a_second_one_stands_above_the_first(month: ResultSet, cast: Cast) -> None:
    before = Result.objects.filter(set=month).values_list()
    first = write_cut_reason(cast.user("supervisor"), result=line(month, "1001"), is_in=True, reason=WHY)
    second = write_cut_reason(cast.user("manager"), result=line(month, "1001"), is_in=False, reason="另一位更稳定")
    assert cut_reasons_on(line(month, "1001")) == [second, first]
    assert reasons_that_hold(month, [line(month, "1001")]) == {line(month, "1001").pk: second}
    assert list(Result.objects.filter(set=month).values_list()) == list(before)
    for change in (lambda: CutReason.objects.filter(pk=first.pk).update(reason="x"), first.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_X17_it_is_refused_where_the_score_decides_where_nothing_is_said_and_for_a_fatal_item(
    month: ResultSet, cast: Cast
) -> None:
    manager = cast.user("manager")
    with pytest.raises(Separable):
        write_cut_reason(manager, result=line(month, "8002"), is_in=True, reason=WHY)
    with pytest.raises(Separable):  # too few contacts: no rank at all
        write_cut_reason(manager, result=line(month, "1004"), is_in=True, reason=WHY)
    with pytest.raises(NoReason):
        write_cut_reason(manager, result=line(month, "1001"), is_in=True, reason="  ")
    with pytest.raises(HasFatalItem):
        write_cut_reason(manager, result=line(month, "8001"), is_in=True, reason=WHY)
    assert write_cut_reason(manager, result=line(month, "8001"), is_in=False, reason=WHY).is_in is False
    assert CutReason.objects.count() == 1


def test_X17_nobody_decides_about_their_own_result(month: ResultSet, cast: Cast) -> None:
    RoleGrant.objects.create(person=cast.people["agent"], role="manager", since=JOINED)
    with pytest.raises(OwnResult):
        write_cut_reason(cast.user("agent"), result=line(month, "1001"), is_in=True, reason=WHY)
    assert not may_write(cast.user("agent"), line(month, "1001"))
    assert may_write(cast.user("agent"), line(month, "1002"))


@pytest.mark.parametrize(
    "who", ["agent", "senior_agent", "inspector", "trainer", "customer_representative", "administrator", "stranger"]
)
def test_who_does_not_explain_results_writes_no_reason(month: ResultSet, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        write_cut_reason(cast.user(who), result=line(month, "1002"), is_in=True, reason=WHY)
    assert not may_write(cast.user(who), line(month, "1002"))


def test_a_supervisor_decides_for_the_own_team_alone(month: ResultSet, cast: Cast) -> None:
    cast.people["supervisor"].leaderships.update(team=cast.west)
    for person in ("1001", "8001"):
        with pytest.raises(NotAllowed):
            write_cut_reason(cast.user("supervisor"), result=line(month, person), is_in=False, reason=WHY)
    assert not may_write(cast.user("supervisor"), line(month, "1001"))


def test_X16_a_version_that_says_the_same_keeps_the_reason_and_only_what_holds_is_decided(
    month: ResultSet, cast: Cast
) -> None:
    first = write_cut_reason(cast.user("manager"), result=line(month, "1001"), is_in=True, reason=WHY)
    same, other = copied(month, "1001"), copied(month, "1001", total="88.000", sequence=3)
    assert reasons_that_hold(same.set, [same]) == {same.pk: first}
    assert reasons_that_hold(other.set, [other]) == {}
    assert cut_reasons_on(other) == [first]
    with pytest.raises(NotWhatHolds):
        write_cut_reason(cast.user("manager"), result=line(month, "1002"), is_in=True, reason=WHY)


def copied(
    month: ResultSet, person: str, *, sequence: int = 2, provisional: tuple[str, ...] = (), **changes: object
) -> Result:
    """The line in a newer version of the month."""
    own = line(month, person)
    kept = ResultSet.objects.create(
        month=MONTH, edition_ref="recommended", edition_hash=month.edition_hash, manifest=month.manifest, engine="x",
        content=f"{sequence}" * 64, sequence=sequence, computed_at=month.computed_at, by_edition_in_use=True,
        provisional=list(provisional),
    )  # fmt: skip
    fields = {
        one.attname: getattr(own, one.attname) for one in Result._meta.fields if one.attname not in ("id", "set_id")
    }
    made = Result.objects.create(set=kept, **{**fields, **changes})
    return Result.objects.select_related("set").get(pk=made.pk)


def test_X16_X17_a_provisional_month_takes_no_reason_and_no_reason_decides_it(cast: Cast, recommended) -> None:
    on_trial = appraised(recommended)
    assert on_trial.is_provisional
    with pytest.raises(StillProvisional):
        write_cut_reason(cast.user("manager"), result=line(on_trial, "1001"), is_in=True, reason=WHY)
    assert not may_write(cast.user("manager"), line(on_trial, "1001"))
    assert CutReason.objects.count() == 0


def test_X17_a_reason_decides_nothing_where_the_month_became_provisional_again(month: ResultSet, cast: Cast) -> None:
    write_cut_reason(cast.user("manager"), result=line(month, "1001"), is_in=True, reason=WHY)
    fallen = copied(month, "1001", provisional=("polite_language",))
    assert reasons_that_hold(fallen.set, [fallen]) == {}
    same = copied(month, "1001", sequence=3)
    assert list(reasons_that_hold(same.set, [same])) == [same.pk]


def test_X16_the_ranking_on_a_terminal_says_who_is_in_by_reason(month: ResultSet, cast: Cast, capsys) -> None:
    write_cut_reason(cast.user("manager"), result=line(month, "1001"), is_in=True, reason="稳定")
    print_results(month, list(month.results.filter(scheme=SCHEME)))
    assert "in by reason" in " ".join(capsys.readouterr().out.split())
