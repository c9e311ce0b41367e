"""Checks move up by a named person where the random sample allows it, and down by their figures alone (X12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from bihuan.appeals.sweeping import suspend_check
from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import carry_out_judging, request_judging
from bihuan.inspection.actions.trusting import lower_check, raise_check, settle_checks, tend_trust
from bihuan.inspection.models import Reckoning, TrustMove
from bihuan.inspection.refusals import MovedMeanwhile, NotTrusted, ReasonNeeded, StoppedByAppeals, UnknownItem
from bihuan.inspection.rules.trust import Standing
from bihuan.inspection.tests.desk_world import DAY
from bihuan.inspection.tests.trust_world import (
    CHECK,
    MET,
    VIOLATED,
    Case,
    fairness_run,
    good_sample,
    held,
    of_check,
    reviewed,
)
from bihuan.inspection.trust.policy import fingerprint_of, trust_policy
from bihuan.inspection.trust.standing import is_due, sample_of, stands
from bihuan.inspection.trust.tried import fairness_of
from bihuan.journal.models import Entry
from bihuan.kit.clock import now
from bihuan.kit.errors import NotAllowed
from bihuan.people.tests.cast import Cast
from bihuan.standards.actions import publish_edition
from bihuan.standards.editions import LIBRARY, load_edition
from bihuan.standards.rules.edition import Edition

pytestmark = pytest.mark.django_db
WHY = "区间下限达标"


@pytest.fixture
def edition(lived: World) -> Edition:
    return load_edition("recommended")


def standing(edition: Edition, check: str = CHECK) -> Standing:
    return stands(edition)[check].standing


def raised(edition: Edition, cast: Cast, flagged: int = 40) -> TrustMove:
    """The check counts: reviewed, found fair, moved up by the manager."""
    reviewed(edition, good_sample(flagged), cast.people["inspector"])
    fairness_run(edition, True)
    return raise_check(cast.user("manager"), edition=edition, check=CHECK, reason=WHY)


def test_shipped_checks_start_assisting_timed_ones_counting_and_ones_of_ones_own_observed(edition: Edition) -> None:
    own = replace(edition.checks[CHECK], id="own", definition=MappingProxyType({"where": "a"}))
    mixed = replace(edition, checks=MappingProxyType({**edition.checks, "own": own}))
    found = {check: one.standing for check, one in stands(mixed).items()}
    assert (found["greeting"], found["first_response"], found["own"]) == ("assisting", "counting", "observed")


def test_X12_a_named_person_moves_a_check_up_where_the_random_sample_allows_it(edition: Edition, cast: Cast) -> None:
    move = raised(edition, cast)
    assert (move.before, move.after, move.moved_by.number, move.cause) == ("assisting", "counting", "5001", "person")
    assert move.figures["precision"]["n"] == 40
    assert standing(edition) == Standing.COUNTING
    entry = Entry.objects.get(verb="check.raised")
    assert (entry.subject, entry.data["reason"], entry.data["told"]) == (f"check:{CHECK}", WHY, ["5001"])


@pytest.mark.parametrize("who", ["agent", "supervisor", "inspector", "trainer", "administrator", "stranger"])
def test_nobody_else_moves_checks(edition: Edition, cast: Cast, who: str) -> None:
    for act in (raise_check, lower_check):
        with pytest.raises(NotAllowed):
            act(cast.user(who), edition=edition, check=CHECK, reason=WHY)
    assert not TrustMove.objects.exists()


@pytest.mark.parametrize(
    ("cases", "fair", "words"),
    [
        ([], True, "precision"),
        (good_sample(19), True, "precision"),  # one review short
        ([of_check(18, VIOLATED, VIOLATED), of_check(4, VIOLATED, MET)], True, "precision"),
        ([of_check(40, VIOLATED, VIOLATED), of_check(60, MET, VIOLATED)], True, "recall"),
        (good_sample(), None, "fair"),
        (good_sample(), False, "fair"),
    ],
)
def test_a_move_up_is_refused_with_the_reason(edition: Edition, cast: Cast, cases, fair, words) -> None:
    reviewed(edition, cases, cast.people["inspector"])
    fairness_run(edition, fair)
    with pytest.raises(NotTrusted, match=words):
        raise_check(cast.user("manager"), edition=edition, check=CHECK, reason=WHY)
    assert standing(edition) == Standing.ASSISTING


def test_a_check_whose_fairness_nobody_tried_does_not_come_to_count(edition: Edition, cast: Cast) -> None:
    reviewed(edition, good_sample(), cast.people["inspector"])
    with pytest.raises(NotTrusted, match="fair"):
        raise_check(cast.user("manager"), edition=edition, check=CHECK, reason=WHY)


def test_a_run_by_another_engine_tells_nothing(edition: Edition) -> None:
    fairness_run(edition, True, engine="another")
    assert fairness_of(edition) == {}


def with_limit(edition: Edition, name: str, value: int) -> Edition:
    limits = edition.section("fairness")
    changed = {**limits, name: replace(limits[name], value=Decimal(value))}
    sections = MappingProxyType({**edition.sections, "fairness": MappingProxyType(changed)})
    return replace(edition, hash="f" * 64, sections=sections)


def test_a_run_over_another_edition_is_judged_by_this_ones_limits(edition: Edition) -> None:
    fairness_run(edition, True)
    assert fairness_of(edition)[CHECK]["fair"] is True
    assert fairness_of(with_limit(edition, "flips_at_most", -1))[CHECK]["fair"] is False
    assert fairness_of(with_limit(edition, "least_contacts", 501))[CHECK]["fair"] is None


def test_a_check_that_stands_elsewhere_than_the_mover_saw_is_not_moved(edition: Edition, cast: Cast) -> None:
    asked = {"edition": edition, "check": CHECK, "reason": WHY, "before": "assisting"}
    assert lower_check(cast.user("manager"), **asked).after == "observed"
    for act in (lower_check, raise_check):
        with pytest.raises(MovedMeanwhile):
            act(cast.user("manager"), **asked)


def test_a_move_needs_a_reason_and_a_check_of_the_edition(edition: Edition, cast: Cast) -> None:
    with pytest.raises(ReasonNeeded):
        raise_check(cast.user("manager"), edition=edition, check=CHECK, reason="  ")
    with pytest.raises(UnknownItem):
        lower_check(cast.user("manager"), edition=edition, check="nothing", reason=WHY)


def test_a_named_person_takes_a_check_down_step_by_step(edition: Edition, cast: Cast) -> None:
    manager = cast.user("manager")
    assert lower_check(manager, edition=edition, check=CHECK, reason=WHY).after == "observed"
    with pytest.raises(NotTrusted):
        lower_check(manager, edition=edition, check=CHECK, reason=WHY)


@pytest.mark.parametrize(
    "extra",
    [
        {"kind": "risk"}, {"blind": False}, {"released": False}, {"days_ago": 95}, {"given_by": "record"}, {"ppm": 0},
    ],
)  # fmt: skip
def test_S3_10_only_blind_released_answers_of_the_random_sample_in_the_window_tell_anything(
    edition: Edition, cast: Cast, extra
) -> None:
    reviewed(edition, [of_check(40, VIOLATED, VIOLATED, **extra)], cast.people["inspector"])
    assert sample_of(edition, now()).accuracy(CHECK).reviewed == 0


def test_a_contact_weighs_by_one_over_the_probability_it_was_drawn_with(edition: Edition, cast: Cast) -> None:
    cases = [of_check(20, VIOLATED, VIOLATED, ppm=500_000), of_check(20, VIOLATED, MET, ppm=100_000)]
    reviewed(edition, cases, cast.people["inspector"])
    precision = sample_of(edition, now()).accuracy(CHECK).precision
    assert precision.value == pytest.approx(40 / 240)


def test_what_of_a_sample_was_not_answered_weighs_on_those_that_were(edition: Edition, cast: Cast) -> None:
    """One day answered whole, every contact standing for 2; of another a quarter, every contact standing for 8."""
    cases = [
        of_check(20, VIOLATED, VIOLATED),
        of_check(20, VIOLATED, MET, days_ago=4),
        of_check(60, MET, MET, days_ago=4, released=False),
    ]
    reviewed(edition, cases, cast.people["inspector"])
    precision = sample_of(edition, now()).accuracy(CHECK).precision
    assert precision.value == pytest.approx(20 * 2 / (20 * 2 + 20 * 8))


def test_answers_of_another_standard_tell_nothing_and_of_an_earlier_version_they_do(
    edition: Edition, cast: Cast
) -> None:
    made = reviewed(edition, good_sample(), cast.people["inspector"])
    other = replace(edition, id="another")
    newer = replace(edition, version="2027.1")
    assert len(sample_of(other, now()).looks) == 0
    assert len(sample_of(newer, now()).looks) == len(made)


def test_figures_alone_take_a_check_down_and_tell_who_may_move_it_again(edition: Edition, cast: Cast) -> None:
    raised(edition, cast)
    reviewed(edition, [of_check(40, VIOLATED, MET, days_ago=4)], cast.people["inspector"])
    moves = list(settle_checks(edition))
    assert [(one.check_id, one.before, one.after, one.cause) for one in moves] == [
        (CHECK, "counting", "observed", "figures")
    ]
    assert moves[0].moved_by is None
    entry = Entry.objects.get(verb="check.fell")
    assert entry.data["codes"] == ["precision_below_floor"]
    assert entry.data["told"] == ["5001"]
    assert list(settle_checks(edition)) == []


def test_an_unfair_check_stops_counting_and_one_not_tried_again_goes_on(edition: Edition, cast: Cast) -> None:
    raised(edition, cast)
    fairness_run(edition, None)
    assert list(settle_checks(edition)) == []
    fairness_run(edition, False)
    assert [(one.after, one.codes) for one in settle_checks(edition)] == [("assisting", ["unfair"])]


def test_a_figure_that_is_no_longer_known_takes_a_check_back_to_where_it_started(edition: Edition, cast: Cast) -> None:
    raised(edition, cast)
    later = now() + timedelta(days=trust_policy(edition).window_days + 10)
    assert [one.after for one in settle_checks(edition, at=later)] == ["assisting"]
    assert list(settle_checks(edition, at=later)) == []


def test_X12_killed_between_two_moves_the_next_round_goes_on_and_moves_none_twice(edition: Edition, cast: Cast) -> None:
    """The first move is kept, then the process is gone: what it held in its hands is lost."""
    bad = dict.fromkeys(("identity_first", "forbidden_promise", "complaint_steps"), VIOLATED)
    cases = [Case(30, bad, dict.fromkeys(bad, MET))]
    reviewed(edition, cases, cast.people["inspector"])
    round_ = tend_trust(now())
    first = next(round_)
    round_.close()
    assert TrustMove.objects.count() == 1
    assert not Reckoning.objects.exists()
    assert is_due(edition, now())
    rest = list(tend_trust(now()))
    assert len(rest) == 2
    assert first.check_id not in {one.check_id for one in rest}
    assert Entry.objects.filter(verb="check.fell").count() == 3
    assert not is_due(edition, now())
    assert list(tend_trust(now())) == []


def test_a_release_or_a_run_makes_a_reckoning_due_and_so_does_a_new_day(edition: Edition, cast: Cast) -> None:
    list(tend_trust(now()))
    assert not is_due(edition, now())
    reviewed(edition, [of_check(1, MET, MET)], cast.people["inspector"])
    assert is_due(edition, now())
    list(tend_trust(now()))
    fairness_run(edition, True)
    assert is_due(edition, now())
    list(tend_trust(now()))
    assert is_due(edition, now() + timedelta(days=1))


def test_a_check_that_appeals_stopped_is_observed_and_does_not_come_back(edition: Edition, cast: Cast) -> None:
    raised(edition, cast)
    suspend_check(
        kind="verdict", edition=edition.hash, check=CHECK, basis="appeals", accusations=50, reviewed=30, overturned=20,
        precision=Decimal("0.6"), floor=Decimal("0.8"), at=now(),
    )  # fmt: skip
    stand = stands(edition)[CHECK]
    assert (stand.standing, stand.stopped is not None) == (Standing.OBSERVED, True)
    with pytest.raises(StoppedByAppeals):
        raise_check(cast.user("manager"), edition=edition, check=CHECK, reason=WHY)
    assert list(settle_checks(edition)) == []


def test_a_check_that_appeals_stopped_stays_so_under_a_new_edition_until_one_changes_it(
    edition: Edition, cast: Cast, django_assert_num_queries
) -> None:
    before = now()
    suspend_check(
        kind="verdict", edition=edition.hash, check="greeting", basis="appeals", accusations=50, reviewed=30, overturned=20,
        precision=Decimal("0.6"), floor=Decimal("0.8"), at=now(),
    )  # fmt: skip
    newer = replace(edition, hash="f" * 64)
    with django_assert_num_queries(3):
        stand = stands(newer)["greeting"]
    assert (stand.standing, stand.stopped is not None) == (Standing.OBSERVED, True)
    assert stands(newer, before)["greeting"].stopped is None
    assert stands(replace(newer, id="another"))["greeting"].stopped is None
    numbers = edition.checks["greeting"].numbers
    changed = replace(
        edition.checks["greeting"],
        numbers=MappingProxyType({**numbers, "first_messages": replace(numbers["first_messages"], value=Decimal(5))}),
    )
    anew = replace(newer, checks=MappingProxyType({**edition.checks, "greeting": changed}))
    assert stands(anew)["greeting"].stopped is None


def test_an_edition_that_leaves_a_check_as_it_is_takes_its_standing_over(edition: Edition, cast: Cast) -> None:
    raised(edition, cast)
    numbers = edition.checks["greeting"].numbers
    changed = replace(
        edition.checks["greeting"],
        numbers=MappingProxyType({**numbers, "first_messages": replace(numbers["first_messages"], value=Decimal(5))}),
    )
    newer = replace(edition, hash="f" * 64, checks=MappingProxyType({**edition.checks, "greeting": changed}))
    assert standing(newer) == Standing.COUNTING
    TrustMove.objects.create(**{**_row(edition, "greeting"), "before": "assisting", "after": "observed"})
    assert standing(edition, "greeting") == Standing.OBSERVED
    assert standing(newer, "greeting") == Standing.ASSISTING  # it looks for something else now


def test_a_check_keeps_what_it_earned_while_a_new_edition_has_not_judged_the_reviewed_days(
    lived: World, edition: Edition, cast: Cast
) -> None:
    held(lived, 3)
    raised(edition, cast)
    newer = replace(edition, hash="f" * 64)
    assert sample_of(newer, now()).unjudged == [timezone.localdate() - timedelta(days=3)]
    assert list(settle_checks(newer)) == []
    assert standing(newer) == Standing.COUNTING
    fairness_run(newer, False)
    assert [one.after for one in settle_checks(newer)] == ["assisting"]  # what does not rest on reviews goes on


def test_bad_figures_of_a_part_of_the_reviewed_days_wait_for_the_rest(
    lived: World, edition: Edition, cast: Cast
) -> None:
    for days_ago in (3, 4):
        held(lived, days_ago)
    raised(edition, cast)
    reviewed(edition, [of_check(40, VIOLATED, VIOLATED, days_ago=4)], cast.people["inspector"])
    newer = replace(edition, hash="f" * 64)
    reviewed(newer, [of_check(25, VIOLATED, MET, days_ago=3)], cast.people["inspector"])
    assert sample_of(newer, now()).accuracy(CHECK).precision.value == 0
    assert list(settle_checks(newer)) == []


def test_a_publication_that_changes_no_check_moves_none_and_its_figures_are_those_of_the_whole_window(
    lived: World, edition: Edition, cast: Cast
) -> None:
    held(lived, 3)
    raised(edition, cast)
    before = sample_of(edition, now()).accuracy(CHECK)
    text = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8").replace('version: "2026.1"', 'version: "2026.2"')
    row = publish_edition("system:test", text=text, author="house", effective_from=timezone.localdate())
    assert list(tend_trust(now())) == []
    assert standing(row.content()) == Standing.COUNTING
    assert sample_of(row.content(), now()).accuracy(CHECK) == before


TIMED_CHECK = "first_response"


def test_X12_a_named_person_moves_a_measured_check_both_ways_and_no_precision_is_asked_of_it(
    edition: Edition, cast: Cast
) -> None:
    manager, how = cast.user("manager"), {"edition": edition, "check": TIMED_CHECK}
    lower_check(manager, reason="排班系统时钟有误", **how)
    assert standing(edition, TIMED_CHECK) == Standing.ASSISTING
    with pytest.raises(NotAllowed):
        raise_check(cast.user("inspector"), reason="时钟已校准", **how)
    with pytest.raises(ReasonNeeded):
        raise_check(manager, reason=" ", **how)
    back = raise_check(manager, reason="时钟已校准", **how)
    assert (back.after, back.moved_by) == ("counting", cast.people["manager"])
    assert back.figures["precision"]["value"] is None


def test_X12_a_measured_check_that_was_found_unfair_does_not_come_to_count(edition: Edition, cast: Cast) -> None:
    manager, how = cast.user("manager"), {"edition": edition, "check": TIMED_CHECK}
    lower_check(manager, reason="先停用", **how)
    fairness_run(edition, False, TIMED_CHECK)
    with pytest.raises(NotTrusted):
        raise_check(manager, reason="再启用", **how)


def test_X12_peoples_answers_take_no_measured_check_down(edition: Edition, cast: Cast) -> None:
    """Even where somebody answered an item it feeds: the times are the record's."""
    item = next(
        item.id for d in edition.scorecard().dimensions for item in d.items
        if TIMED_CHECK in {feed.check for feed in item.feeds}
    )  # fmt: skip
    case = Case(60, {TIMED_CHECK: VIOLATED}, {item: MET})
    reviewed(edition, [case], cast.people["inspector"])
    assert [move.check_id for move in settle_checks(edition)] == []
    assert sample_of(edition, now()).pairs(TIMED_CHECK) == []


def test_once_a_run_has_judged_a_reckoning_is_due_again(edition: Edition, cast: Cast) -> None:
    list(tend_trust(now()))
    assert not is_due(edition, now())
    carry_out_judging(request_judging("system:test", edition=edition.id, first=DAY, last=DAY))
    assert is_due(edition, now())


def test_where_a_check_stood_at_a_moment_can_always_be_told(edition: Edition, cast: Cast) -> None:
    before = now()
    raised(edition, cast)
    assert stands(edition, before)[CHECK].standing == Standing.ASSISTING
    assert stands(edition, now())[CHECK].standing == Standing.COUNTING


def test_the_database_refuses_to_change_what_was_kept(edition: Edition, cast: Cast) -> None:
    move = raised(edition, cast)
    run = fairness_run(edition, True)
    list(tend_trust(now()))
    for row, field in ((move, "after"), (run, "edition"), (Reckoning.objects.get(), "basis")):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**{field: "observed"})
        with pytest.raises(IntegrityError), transaction.atomic():
            row.delete()


def test_two_moves_at_once_cannot_take_the_same_place(edition: Edition, cast: Cast) -> None:
    move = raised(edition, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrustMove.objects.create(
            **{**_row(edition, CHECK), "sequence": move.sequence, "before": "counting", "after": "observed"}
        )


def _row(edition: Edition, check: str) -> dict[str, object]:
    return {
        "standard": edition.id, "check_id": check, "fingerprint": fingerprint_of(edition.checks[check]), "sequence": 9,
        "edition": edition.hash, "cause": "figures", "moved_at": now(),
    }  # fmt: skip
