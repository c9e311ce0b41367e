"""Flip rate and mean shift of every item under each exchange, against the edition's limit."""

from __future__ import annotations

import polars as pl
import pytest

from bihuan.inspection.rules.counterfactuals import KINDS as ALL_KINDS
from bihuan.inspection.rules.counterfactuals import Lists, Talks, variants
from bihuan.inspection.rules.fairness import Compared, Fairness, Limits, Suite, unfair_items
from bihuan.kit.clock import SECOND

LIMITS = Limits(least=10, confidence=0.95, flips=0.02, shift=0.01)
KINDS = ("customer_name", "region")


def verdicts(answers: list[str], item: str = "polite") -> pl.DataFrame:
    return pl.DataFrame({"contact_id": [f"c{at}" for at in range(len(answers))], "item": item, "verdict": answers})


def judged(*compared: tuple[str, str, list[str], list[str]], limits: Limits = LIMITS) -> Fairness:
    suite = Suite(limits)
    for kind, value, base, other in compared:
        suite.add(Compared(kind, value, verdicts(base), verdicts(other)))
    (found,) = suite.result(["polite"], KINDS)
    return found


def test_an_item_that_never_flips_is_fair() -> None:
    found = judged(("region", "河南", ["met"] * 50, ["met"] * 50))
    assert (found.fair, found.leans[0].flips.value, found.leans[0].shift.value) == (True, 0.0, 0.0)
    assert found.leans[0].flips.high > 0  # fifty contacts do not prove that it never does


def test_above_the_limit_an_item_is_unfair_and_names_the_kind_and_the_value() -> None:
    found = judged(
        ("region", "河南", ["met"] * 50, ["violated"] * 5 + ["met"] * 45),
        ("region", "上海", ["met"] * 50, ["met"] * 50),
        ("customer_name", "王", ["met"] * 50, ["met"] * 50),
    )
    (lean,) = unfair_items([found])["polite"]
    assert (lean.kind, lean.value, lean.flips.value, lean.shift.value) == ("region", "河南", 0.1, -0.1)
    assert found.fair is False


def test_flips_both_ways_shift_nothing_but_are_flips() -> None:
    lean = judged(("region", "河南", ["met", "violated"] * 20, ["violated", "met"] * 20)).leans[0]
    assert (lean.flips.value, lean.shift.value, lean.over) == (1.0, 0.0, True)


def test_a_contact_flips_once_however_many_values_flip_it() -> None:
    one = ("customer_name", "王", ["met"] * 40, ["violated"] + ["met"] * 39)
    assert judged(one, ("customer_name", "马", *one[2:])).leans[0].flips.value == 1 / 40


def test_becoming_not_applicable_is_a_flip_and_no_shift() -> None:
    lean = judged(("region", "河南", ["met"] * 40, ["not_applicable"] * 4 + ["met"] * 36)).leans[0]
    assert (lean.flips.value, lean.shift.value, lean.shift.n) == (0.1, 0.0, 36)


def test_at_the_limit_an_item_is_still_fair() -> None:
    assert judged(("region", "河南", ["met"] * 100, ["not_applicable"] * 2 + ["met"] * 98)).fair is True


@pytest.mark.parametrize(
    ("limits", "contacts"), [(Limits(least=10, confidence=0.95), 50), (LIMITS, 9)], ids=["no limit", "too few"]
)
def test_without_a_limit_or_contacts_nothing_is_said(limits, contacts) -> None:
    found = judged(("region", "河南", ["met"] * contacts, ["violated"] * contacts), limits=limits)
    assert found.fair is None
    assert unfair_items([found]) == {}


def test_an_item_never_tried_is_not_called_fair() -> None:
    assert Suite(LIMITS).result(["greeting"], KINDS) == (Fairness("greeting"),)
    assert Fairness("greeting").fair is None


def test_one_kind_tried_on_too_few_leaves_it_open_unless_another_is_above_the_limit() -> None:
    few = ("customer_name", "王", ["met"] * 9, ["met"] * 9)
    assert judged(("region", "河南", ["met"] * 50, ["met"] * 50), few).fair is None
    assert judged(("region", "河南", ["met"] * 50, ["violated"] * 50), few).fair is False


def test_a_mean_shift_of_fewer_judged_contacts_than_asked_for_is_not_told() -> None:
    """Of five hundred contacts nine are judged at all: four flips among them are within the limit of flips."""
    rest = ["cannot_tell"] * 491
    found = judged(("region", "河南", ["met"] * 9 + rest, ["violated"] * 4 + ["met"] * 5 + rest))
    (lean,) = found.leans
    assert (lean.shift.value, lean.shift.reason, lean.shift.n, lean.value) == (None, "too_few", 9, "")
    assert (lean.over, found.fair) == (None, None)


@pytest.mark.parametrize(("least", "fair"), [(50, False), (100, None)])
def test_contacts_to_which_an_item_does_not_apply_hide_no_flips(least, fair) -> None:
    """A thousand conversations, sixty to which the item applies, nine of them flip: 15 in a hundred, not 0.9."""
    rest = ["not_applicable"] * 940
    found = judged(
        ("region", "河南", ["met"] * 60 + rest, ["violated"] * 9 + ["met"] * 51 + rest),
        limits=Limits(least=least, confidence=0.95, flips=0.01, shift=0.5),
    )
    assert found.fair is fair
    assert found.leans[0].flips.value == (pytest.approx(0.15) if fair is False else None)
    assert found.leans[0].flips.n == 60


def test_an_item_that_applies_nowhere_is_not_called_fair() -> None:
    found = judged(("region", "河南", ["not_applicable"] * 50, ["not_applicable"] * 50))
    assert (found.fair, found.leans[0].flips.n) == (None, 0)


def _bursts() -> Talks:
    """A thousand conversations of two customer messages, of which sixty come in one breath."""
    rows = [
        (f"c{at:04d}", seq, (seq - 1) * (5 if at < 60 else 90) * SECOND, "customer", None, word)
        for at in range(1000) for seq, word in ((1, "甲"), (2, "乙"))
    ]  # fmt: skip
    names = ["contact_id", "seq", "sent_us", "sender_kind", "agent_key", "text"]
    keys = [f"c{at:04d}" for at in range(1000)]
    contacts = pl.DataFrame(
        {"contact_id": keys, "customer_surname": [None] * 1000}, schema_overrides={"customer_surname": pl.String}
    )
    events = pl.DataFrame({"contact_id": keys, "seq": 1, "agent_key": "8001"})
    return Talks(contacts, pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None), events)


def test_the_order_of_messages_can_be_unfair_though_every_contact_has_rows() -> None:
    """A check that hangs on which message came first in nine of sixty bursts, under the limits of the recommended edition."""
    suite = Suite(Limits(least=50, confidence=0.95, flips=0.01, shift=0.005))
    lists = Lists(surnames=[], addresses=[], regions=[], agents=[])
    for one in variants(_bursts(), lists, burst_us=30 * SECOND):
        suite.add(Compared(one.kind, one.value, _first_word(one.base), _first_word(one.other)))
    (found,) = suite.result(["polite"], ALL_KINDS)
    told = {lean.kind: (lean.flips.n, lean.flips.value, lean.over) for lean in found.leans}
    assert told == {"order": (60, pytest.approx(0.15), True), "rows": (1000, 0.0, False)}
    assert found.fair is False


def _first_word(side: Talks) -> pl.DataFrame:
    """Violated where one of the first nine conversations begins with the word of its second message."""
    first = side.messages.sort("contact_id", "seq").group_by("contact_id", maintain_order=True).first()
    flips = (pl.col("text") == "乙") & pl.col("contact_id").is_in([f"c{at:04d}" for at in range(9)])
    verdict = pl.when(flips).then(pl.lit("violated")).otherwise(pl.lit("met"))
    return first.select("contact_id", item=pl.lit("polite"), verdict=verdict)
