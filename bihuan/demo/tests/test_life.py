"""The made world: the same for the same arguments, plausible, and true."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from random import Random

import pyarrow as pa
import pyarrow.compute as pc

from bihuan.archive.schemas import TABLES
from bihuan.demo.bank import load_bank
from bihuan.demo.cast import TEAMS, Cast, make_cast
from bihuan.demo.life import DayOfLife, live, shifts
from bihuan.demo.names import GIVEN, SURNAMES
from bihuan.demo.plan import Rules, plan_day
from bihuan.demo.slots import Slots
from bihuan.demo.tests.conftest import DAY, END, RULES, ZONE

MOST_FAULTS = 0.25


def _lived(day: date) -> dict[str, pa.Table]:
    return live(day, make_cast(RULES.agents, RULES.seed, END), RULES, load_bank("seen"), ZONE).tables


def test_a_day_is_the_same_in_another_process_and_after_other_days(day: DayOfLife) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        before, again = pool.map(_lived, (DAY - timedelta(days=1), DAY))
    assert before["messages"] != again["messages"]
    assert all(again[name].equals(table) for name, table in day.tables.items())


def test_rows_follow_the_schema_of_the_record(day: DayOfLife) -> None:
    for name, table in day.tables.items():
        assert table.schema == TABLES[name].schema
        assert table["fact_id"].null_count == 0
        assert pc.count_distinct(table["fact_id"]).as_py() == table.num_rows


def test_messages_are_numbered_from_one_and_in_order_of_time(day: DayOfLife) -> None:
    before, last = "", (0, 0)
    columns = (day.tables["messages"][name].to_pylist() for name in ("contact_id", "seq", "sent_us"))
    for contact, seq, sent in zip(*columns, strict=True):
        assert seq == (last[0] + 1 if contact == before else 1)
        assert contact != before or sent >= last[1]
        before, last = contact, (seq, sent)


def test_a_promotion_brings_three_to_five_times_the_usual_S2_4(cast: Cast) -> None:
    usual = len(plan_day(date(2026, 10, 21), cast, RULES))
    for stressed in (date(2026, 11, 10), date(2026, 11, 11), date(2026, 6, 18)):
        assert 2.7 <= len(plan_day(stressed, cast, RULES)) / usual <= 5.2


def test_every_team_serves_its_share(day: DayOfLife) -> None:
    queues = day.tables["contacts"]["queue"].to_pylist()
    for team in TEAMS:
        assert abs(queues.count(team.key) / len(queues) - team.share) < 0.08


def test_most_is_done_well_and_every_fault_occurs(day: DayOfLife) -> None:
    for check in ("greeting", "closing_thanks", "impatience", "forbidden_promise"):
        told = [truth[check] for truth in day.truth.values() if check in truth]
        assert 0 < told.count("violated") < MOST_FAULTS * len(told)


def test_a_curt_agent_is_true_of_nothing_polite(day: DayOfLife) -> None:
    curt = [truth for truth in day.truth.values() if truth.get("polite_wording") == "violated"]
    assert curt
    assert all(truth["greeting"] == truth["closing_thanks"] == "violated" for truth in curt)


def test_a_reopened_contact_names_one_that_was_lived(cast: Cast, day: DayOfLife) -> None:
    parents = {parent for parent in day.tables["contacts"]["parent_id"].to_pylist() if parent}
    assert parents
    known: set[str] = set()
    for back in range(1, 5):
        tables = _lived(DAY - timedelta(days=back))
        known |= set(tables["contacts"]["contact_id"].to_pylist())
    assert parents <= known


def test_most_customers_are_asked_and_a_third_answers_S2_11(day: DayOfLife) -> None:
    asked, answered = (
        day.tables["ratings"].filter(pc.equal(day.tables["ratings"]["kind"], kind)) for kind in ("invitation", "csat")
    )
    assert set(answered["contact_id"].to_pylist()) <= set(asked["contact_id"].to_pylist())
    assert answered["value"].null_count == 0
    assert 0.2 < answered.num_rows / asked.num_rows < 0.42


def _said(days: int) -> list[str]:
    cast = make_cast(RULES.agents, RULES.seed, END)
    lived = (live(DAY - timedelta(days=at), cast, RULES, load_bank(), ZONE, asides=True) for at in range(days))
    return [text for one in lived for text in texts_of(one.tables["messages"], "agent")]


def test_agent_messages_with_asides_are_distinct_and_stay_so_as_the_record_grows() -> None:
    four_days = _said(4)
    one_day = four_days[: len(four_days) // 4]
    shares = [len(set(said)) / len(said) for said in (one_day, four_days)]
    assert shares[1] >= 0.95
    assert shares[0] - shares[1] < 0.03


def test_every_aside_names_a_number_or_is_followed_by_one_that_does() -> None:
    bank = load_bank().written
    assert bank.exact_asides
    assert bank.loose_asides.isdisjoint(bank.exact_asides)
    assert all("{" in line for line in bank.exact_asides)


def test_nobody_who_consoles_speaks_of_order_numbers_in_the_same_breath(cast: Cast) -> None:
    bank = load_bank("seen").written
    consoling = {line.removeprefix("{call}") for line in bank.agent["empathy"]["good"]}
    lived = live(DAY, cast, RULES, load_bank("seen"), ZONE, asides=True)
    chats = [text for text in texts_of(lived.tables["messages"], "agent") if any(line in text for line in consoling)]
    letters = [text for text in chats if "\n" in text]
    assert len(chats) - len(letters) > 20
    assert all(text.endswith(tuple(consoling)) for text in chats if text not in letters)


def test_what_is_spoken_of_as_lately_lies_within_three_weeks_before(cast: Cast) -> None:
    told = {Slots(Random(at), cast.agents[0], 1, date(2026, 10, 3), address=False)["lately"] for at in range(300)}
    before = [date(2026, 10, 3) - timedelta(days=back) for back in range(1, 22)]
    assert told == {f"{one.month}月{one.day}日" for one in before}


def test_agents_are_named_from_common_parts_and_numbered_apart(cast: Cast) -> None:
    names = [member.name for member in cast.everybody]
    assert all(name[0] in SURNAMES and name[1:] in GIVEN for name in names)
    assert len({member.number for member in cast.everybody}) == len(names)


def test_new_agents_are_slower_than_mature_ones_S2_4() -> None:
    cast = make_cast(200, 7, END)
    new = [i for i, member in enumerate(cast.agents) if member.agent_class(END) == "new"]
    mature = [i for i in range(200) if i not in new]
    assert new
    assert cast.speed[new].mean() > cast.speed[mature].mean() * 1.05


def test_shifts_say_who_came_prepared_S0_2(cast: Cast) -> None:
    rows = shifts(DAY, cast, ZONE, RULES.seed)
    prepared = [flag for flag in rows["prepared"].to_pylist() if flag is not None]
    assert 0.6 < sum(prepared) / len(prepared) <= 1.0


def test_a_longer_talk_asks_every_question_once_before_any_twice() -> None:
    rules = Rules(agents=12, seed=3, more_rounds=6)
    cast = make_cast(12, 3, END)
    longer = live(DAY, cast, rules, load_bank("seen"), ZONE).tables["messages"].num_rows
    usual = live(DAY, cast, Rules(agents=12, seed=3), load_bank("seen"), ZONE).tables["messages"].num_rows
    assert longer > usual * 1.6


def texts_of(table: pa.Table, sender: str) -> Iterator[str]:
    yield from table.filter(pc.equal(table["sender_kind"], sender))["text"].to_pylist()


def test_personal_data_of_customers_belongs_to_nobody(day: DayOfLife) -> None:
    """Mail addresses end in a domain that is reserved for examples; waybills and orders are random digits."""
    for sender in ("agent", "customer"):
        for text in texts_of(day.tables["messages"], sender):
            assert "@" not in text or "@example.com" in text
