"""Running a draft on a sample: what it says, what it just missed, whose verdicts change, all of it repeatable."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest

from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.store import Archive
from bihuan.standards.editions import load_edition
from bihuan.workplace.drafts import trials as draft_trials
from bihuan.workplace.drafts.nearness import polarity
from bihuan.workplace.drafts.sample import ENOUGH_SECONDS, Sample, draw_sample
from bihuan.workplace.drafts.texts import read_draft
from bihuan.workplace.drafts.trials import TrialRun, run_draft
from bihuan.workplace.tests.drafts.conftest import DAYS
from bihuan.workplace.tests.drafts.texts import GREETING, PHONE

RECOMMENDED = load_edition("recommended")


def run(text: str, sample: Sample) -> TrialRun:
    return run_draft(read_draft(text), RECOMMENDED, sample)


def number_of(sample: Sample, contact_id: str) -> str:
    return dict(sample.batch.contacts.select("contact_id", "external_id").iter_rows())[contact_id]


def test_every_conversation_of_the_sample_gets_one_verdict(sample: Sample) -> None:
    made = run(GREETING, sample)
    assert dict(made.counts) == {"met": 1, "violated": 2, "not_applicable": 3, "cannot_tell": 0}
    assert (made.sample.population, made.sample.read, made.messages) == (6, 6, 6)
    assert made.failed_examples == 0


def test_a_script_just_below_its_threshold_is_told_with_how_alike_it_is(sample: Sample) -> None:
    (near,) = run(GREETING, sample).near_scripts
    assert number_of(sample, near.contact_id) == "c2"
    assert (near.conditions, near.seq, near.least) == (("script",), 2, 0.5)
    assert near.alike is not None
    assert 0.35 <= near.alike < 0.5
    assert run(GREETING.replace("alike: 50", "alike: 96"), sample).near_scripts == []


def test_a_conversation_one_condition_away_names_the_conditions_that_would_do(sample: Sample) -> None:
    (near,) = run(GREETING, sample).near_conditions
    assert number_of(sample, near.contact_id) == "c2"
    assert near.conditions == ("offer", "script")


def test_exactly_one_failing_condition_is_near_and_two_are_not(sample: Sample) -> None:
    both = GREETING.replace("met: hello and (offer or script) and not refund", "met: hello and offer")
    assert [near.conditions for near in run(both, sample).near_conditions] == [("offer",)]
    forbidden = GREETING.replace("met: hello and (offer or script) and not refund", "met: not hello and not offer")
    near = run(forbidden, sample).near_conditions
    assert [(number_of(sample, one.contact_id), one.conditions) for one in near] == [("c2", ("hello",))]
    assert (near[0].seq, near[0].start, near[0].end) == (2, 0, 2)


def test_one_condition_alone_has_no_near_misses(sample: Sample) -> None:
    assert run(PHONE, sample).near_conditions == []


def test_what_is_wanted_and_what_is_not_is_read_from_the_expression() -> None:
    assert polarity("a and not (b or not c)") == {"a": True, "b": False, "c": True}


def test_against_the_published_check_it_says_whose_verdict_changes_from_what_to_what(sample: Sample) -> None:
    made = run(GREETING, sample).comparison
    assert made is not None
    assert made.compared == 6
    assert made.moves == [("met", "violated", 1)]
    assert made.by_person == [("1001", 1, [("met", "violated", 1)])]
    assert [number_of(sample, one.contact_id) for one in made.changes] == ["c2"]


def test_a_check_the_edition_does_not_have_is_compared_with_nothing(sample: Sample) -> None:
    assert run(PHONE, sample).comparison is None


def test_examples_that_come_out_otherwise_are_counted(sample: Sample) -> None:
    made = run(GREETING.replace('"A: 在"', '"A: 您好，请问有什么事"'), sample)
    assert made.failed_examples == 1
    assert [one.passed for one in made.examples] == [True, False]


def test_the_same_seed_draws_the_same_conversations_and_another_one_others(draft_record: Archive) -> None:
    def drawn(seed: int) -> list[str]:
        sample = draw_sample(Reader(draft_record), DAYS, size=3, seed=seed)
        return sorted(sample.batch.contacts["contact_id"].to_list())

    assert drawn(1) == drawn(1)
    assert len(drawn(1)) == 3
    assert len({tuple(drawn(seed)) for seed in range(8)}) > 1


def test_only_conversations_within_the_right_to_see_are_drawn(draft_record: Archive) -> None:
    sample = draw_sample(Reader(draft_record, scope=Scope(persons=frozenset({"1003"}))), DAYS, size=20, seed=1)
    assert sample.population == 3
    assert set(sample.served["person"].to_list()) == {"1003"}
    nobody = draw_sample(Reader(draft_record, scope=Scope()), DAYS, size=20, seed=1)
    assert dict(run(GREETING, nobody).counts) == dict.fromkeys(("met", "violated", "not_applicable", "cannot_tell"), 0)


def test_reading_stops_when_time_is_up_and_says_so(draft_record: Archive) -> None:
    slow = count(step=int(ENOUGH_SECONDS) + 1)
    sample = draw_sample(Reader(draft_record), DAYS, size=20, seed=1, clock=lambda: float(next(slow)))
    assert (sample.drawn, sample.read, sample.is_cut) == (6, 3, True)


def test_days_without_conversations_give_an_empty_trial(draft_record: Archive) -> None:
    sample = draw_sample(Reader(draft_record), (date(2020, 1, 1), date(2020, 1, 2)), size=20, seed=1)
    assert (sample.population, sample.read, sample.is_cut) == (0, 0, False)
    assert run(GREETING, sample).rate is None


def test_judging_stops_when_time_is_up_and_what_is_told_rests_on_what_was_judged(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_trials, "_AT_ONCE", 2)
    slow = count(step=int(draft_trials.ENOUGH_SECONDS) + 1)
    made = run_draft(read_draft(GREETING), RECOMMENDED, sample, clock=lambda: float(next(slow)))
    assert (made.sample.drawn, made.sample.read, made.sample.is_cut) == (6, 2, True)
    assert sum(made.counts.values()) == 2
    assert made.comparison is not None
    assert made.comparison.compared == 2
    quick = run_draft(read_draft(GREETING), RECOMMENDED, sample, clock=lambda: 0.0)
    assert quick.verdicts.equals(run(GREETING, sample).verdicts)
