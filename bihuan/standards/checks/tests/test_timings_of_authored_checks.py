"""How long people waited and were silent, asked for by checks of an edition's own."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.kit.clock import SECOND
from bihuan.standards.checks.answers import answers
from bihuan.standards.checks.authored.reading import FIELDS
from bihuan.standards.checks.authored.trials import trials
from bihuan.standards.checks.batch import EVENT_COLUMNS, Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.checks.tests.test_authored_checks import edition_with, evidence, verdict
from bihuan.standards.rules.edition import Edition

ROOT = Path(__file__).parents[4]
SCHEMA = ROOT / "bihuan" / "standards" / "edition.schema.json"
UNKNOWN = ("cannot_tell", "field_unknown")


def within(field: str, seconds: float) -> Edition:
    return edition_with({"near": {"field": field, "at_most": seconds}}, "near", without_agent=True)


@pytest.mark.parametrize(
    ("field", "seconds", "lines"),
    [
        ("first_response", 25, ["A0: 您好", "C10: 在吗", "B11: 稍等", "C20: ?", "A35: 在", "C40: 好", "A99: 嗯"]),
        ("longest_response", 40, ["C0: 在吗", "A30: 在", "A95: 还在吗", "C100: 在", "C101: 嗯", "A140: 好", "C300: 谢谢"]),
        ("longest_silence", 65, ["C0: 在吗", "A30: 在", "B60: 稍等", "A95: 还在吗", "C96: 在"]),
    ],
)  # fmt: skip
def test_S1_3_S2_3_timings_of_a_conversation_are_counted_from_its_messages(
    field: str, seconds: int, lines: list[str]
) -> None:
    assert verdict(within(field, seconds), *lines) == ("met", "met")
    assert verdict(within(field, seconds - 0.5), *lines) == ("violated", "violated")


@pytest.mark.parametrize(
    ("field", "lines"),
    [
        ("first_response", ["C0: 在吗", "A: 在"]),
        ("first_response", ["C: 在吗", "A9: 在"]),
        ("first_response", ["C0: 在吗"]),  # nobody answered: there is no response to time
        ("first_response", ["A0: 您好"]),
        ("first_response", ["C9: 在吗", "A0: 在"]),  # the times contradict the order
        ("longest_response", ["C0: 在吗", "A1: 在", "C: 好", "A9: 嗯"]),  # the other exchange may have been longer
        ("longest_response", ["C0: 在吗", "C9: 在吗"]),
        ("longest_silence", ["C0: 在吗", "A1: 在", "C: 好"]),
        ("longest_silence", ["C0: 在吗"]),
        ("hold", ["C0: 在吗", "A1: 在"]),
        ("hold", []),
    ],
)
def test_a_timing_that_is_not_known_is_no_value(field: str, lines: list[str]) -> None:
    assert verdict(within(field, 1000), *lines) == UNKNOWN
    late = edition_with({"long": {"field": field, "at_least": 0}}, "not long", without_agent=True)
    assert verdict(late, *lines) == UNKNOWN


def test_a_time_that_is_not_known_elsewhere_does_not_hide_the_first_response() -> None:
    assert verdict(within("first_response", 30), "C0: 在吗", "A30: 在", "C: 好", "A: 嗯") == ("met", "met")


def test_X2_the_agents_first_response_is_counted_from_when_the_contact_was_given_to_a_person() -> None:
    talk = ["C0: 在吗", "A50: 在"]
    assert verdict(within("first_response", 30), *talk)[0] == "violated"
    assert _with_events(within("first_response", 30), talk, [("assigned", 20, None)]) == "met"
    assert _with_events(within("first_response", 29), talk, [("assigned", 20, None)]) == "violated"


@pytest.mark.parametrize(
    ("events", "seconds"),
    [
        ([("held", 10, None), ("resumed", 40, None)], 30),
        ([("held", 10, None), ("resumed", 40, None), ("held", 50, None), ("closed", 65, None)], 45),
        ([("held", 10, 12), ("resumed", 40, None)], 12),  # the switch's own count wins
    ],
)
def test_hold_time_is_all_times_on_hold_together(events: list[Any], seconds: int) -> None:
    talk = ["C0: 在吗", "A9: 请稍等"]
    assert _with_events(within("hold", seconds), talk, events) == "met"
    assert _with_events(within("hold", seconds - 1), talk, events) == "violated"


@pytest.mark.parametrize("events", [[("held", 10, None)], [("held", 10, 5), ("resumed", 15, None), ("held", 20, None)]])
def test_a_hold_without_an_end_makes_the_hold_time_unknown(events: list[Any]) -> None:
    assert _with_events(within("hold", 1000), ["C0: 在吗", "A9: 请稍等"], events) == "cannot_tell"


def test_whoever_was_never_put_on_hold_can_be_spared() -> None:
    mine = edition_with({"short": {"field": "hold", "at_most": 60}}, "short", not_applicable="not held")
    talk = ["C0: 在吗", "A9: 请稍等"]
    assert verdict(mine, *talk) == ("not_applicable", "not_applicable")
    assert _with_events(mine, talk, [("resumed", 9, None)]) == "not_applicable"
    assert verdict(mine, *talk, facts={"hold_seconds": 60}) == ("met", "met")
    assert verdict(mine, *talk, facts={"hold_seconds": 61}) == ("violated", "violated")
    assert _with_events(mine, talk, [("held", 10, None)]) == "cannot_tell"


def test_the_messages_a_timing_ran_between_are_shown() -> None:
    talk = ["C0: 在吗", "A5: 您好", "C10: 退货", "C20: 喂", "A95: 可以退", "C96: 好的"]
    assert evidence(within("longest_response", 60), *talk) == ["退货", "可以退"]
    assert evidence(within("longest_silence", 60), *talk) == ["喂", "可以退"]
    assert evidence(within("first_response", 60), *talk) == ["在吗", "您好"]
    told = answers(Engine.for_edition(within("hold", 9), only=["own"]), within("hold", 9), [dialogue(*talk)])
    assert [span["role"] for span in told[0]["items"][0]["evidence"]] == ["looked", "looked"]


def test_examples_of_a_check_may_rest_on_timings() -> None:
    examples = [
        {"verdict": "met", "messages": ["C0: 在吗", "A60: 在"]},
        {"verdict": "violated", "messages": ["C0: 在吗", "A61: 在"]},
        {"verdict": "cannot_tell", "messages": ["C: 在吗", "A: 在"]},
        {"verdict": "violated", "messages": ["C0: 在吗", "A1: 在"], "facts": {"hold_seconds": 121}},
    ]
    conditions = {"near": {"field": "longest_response", "at_most": 60}, "put_off": {"field": "hold", "at_least": 121}}
    mine = edition_with(conditions, "near and not put_off or near and not held", examples=examples)
    assert [trial.passed for trial in trials(mine, [checks_of(mine)["own"]])] == [True] * len(examples)


def test_the_schema_and_the_language_name_the_same_fields() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    (fact,) = [one for one in schema["$defs"]["condition"]["oneOf"] if "field" in one.get("properties", {})]
    assert set(fact["properties"]["field"]["examples"]) == {name.removesuffix("_us") for name in FIELDS}
    language = (ROOT / "docs" / "EDITIONS.md").read_text(encoding="utf-8")
    assert [name for name in fact["properties"]["field"]["examples"] if name not in language] == []


SPOKEN = st.tuples(st.sampled_from("ACBS"), st.one_of(st.none(), st.integers(0, 300)))


@given(st.lists(st.lists(SPOKEN, max_size=8), min_size=1, max_size=6))
def test_one_by_one_and_together_timings_are_the_same(talks: list[list[tuple[str, int | None]]]) -> None:
    fields = ("first_response", "longest_response", "longest_silence")
    conditions = {f"c{at}": {"field": field, "at_most": 60} for at, field in enumerate(fields)}
    mine = edition_with(conditions, "c0 and c1 or c2", without_agent=True)
    engine = Engine.for_edition(mine, only=["own"])
    told = [dialogue(*(f"{who}{'' if at is None else at}: 在" for who, at in _in_time(talk))) for talk in talks]
    together = engine.judge(Batch.of_many(told)).drop("contact_id").rows()
    assert together == [engine.judge(Batch.of_one(one)).drop("contact_id").row(0) for one in told]
    assert [row[1] for row in together] == [_by_hand(talk) for talk in map(_in_time, talks)]


def _in_time(talk: list[tuple[str, int | None]]) -> list[tuple[str, int | None]]:
    """The same speakers with the known times in order."""
    times = iter(sorted(at for _, at in talk if at is not None))
    return [(who, None if at is None else next(times)) for who, at in talk]


def _by_hand(talk: list[tuple[str, int | None]]) -> str:
    """The verdict of the three conditions, message by message."""
    said = [(who, at) for who, at in talk if who in "AC"]
    gaps = [_gap(one[1], other[1]) for one, other in pairwise(said)]
    waits, since = [], False
    asked: int | None = None
    for who, at in said:
        if who == "C" and not since:
            since, asked = True, at
        elif who == "A" and since:
            waits.append(_gap(asked, at))
            since = False
    first, longest, silence = (_near(one) for one in (waits[:1], waits, gaps))
    both = False if False in (first, longest) else None if None in (first, longest) else True
    either = True if True in (both, silence) else None if None in (both, silence) else False
    return {True: "met", False: "violated", None: "cannot_tell"}[either]


def _gap(start: int | None, end: int | None) -> int | None:
    return None if start is None or end is None else end - start


def _near(stretches: list[int | None]) -> bool | None:
    known = [one for one in stretches if one is not None]
    return None if not stretches or len(known) < len(stretches) else max(known) <= 60


def _with_events(edition: Edition, lines: list[str], events: list[tuple[str, int, int | None]]) -> str:
    """The verdict where events, each at a second of the talk and with a told length, stand beside the words."""
    words = Batch.of_one(dialogue("S0: 开始", *lines))
    start = words.messages["sent_us"][0]
    rows = [
        {"contact_id": "00000000", "seq": seq, "kind": kind, "happened_us": start + at * SECOND,
         "duration_us": None if took is None else took * SECOND}
        for seq, (kind, at, took) in reversed(list(enumerate(events, 1)))
    ]  # fmt: skip
    batch = Batch(words.contacts, words.messages, pl.DataFrame(rows, schema=dict(EVENT_COLUMNS), orient="row"))
    told: str = Engine.for_edition(edition, only=["own"]).judge(batch)["verdict"][0]
    return told
