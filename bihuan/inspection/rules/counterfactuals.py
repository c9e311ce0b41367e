"""Conversations in which only one thing was exchanged that must not matter: name, address, region, agent, order.

Frames in, frames out, in the columns of `standards.checks.batch.Batch`. A kind is tried on the contacts that have a place
for it: who gave no surname cannot be given another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

CUSTOMER_NAME: Final = "customer_name"
ADDRESS: Final = "address"
REGION: Final = "region"
AGENT: Final = "agent"
ORDER: Final = "order"
ROWS: Final = "rows"
KINDS: Final = (CUSTOMER_NAME, ADDRESS, REGION, AGENT, ORDER, ROWS)

SWAPPED, REVERSED = "neighbours_swapped", "rows_reversed"

_ADDRESSES: Final = "先生|女士|小姐(?!姐)|太太"
_ADDRESS: Final = re.compile(_ADDRESSES)


@dataclass(frozen=True)
class Lists:
    """What to put in: surnames, addresses, regions (the first is the reference), agents' numbers."""

    surnames: Sequence[str]
    addresses: Sequence[str]
    regions: Sequence[str]
    agents: Sequence[str]


@dataclass(frozen=True)
class Talks:
    """Contacts with their messages and events."""

    contacts: pl.DataFrame
    messages: pl.DataFrame
    events: pl.DataFrame

    def only(self, keys: pl.Series) -> Talks:
        chosen = pl.col("contact_id").is_in(keys.implode())
        return Talks(self.contacts.filter(chosen), self.messages.filter(chosen), self.events.filter(chosen))


@dataclass(frozen=True)
class Variant:
    """Conversations, and `other`: those of them that `value` can be put in, with it."""

    kind: str
    value: str
    base: Talks
    other: Talks


def variants(talks: Talks, lists: Lists, *, burst_us: int) -> Iterator[Variant]:
    """Every kind with every value. `burst_us`: customer messages closer than this may be exchanged with each other."""
    for value in lists.surnames:
        yield from _changed(CUSTOMER_NAME, value, talks, _named(talks, value))
    for value in lists.addresses:
        yield from _changed(ADDRESS, value, talks, _addressed(talks, value))
    yield from _regions(talks, lists.regions)
    for value in lists.agents:
        yield from _changed(AGENT, value, talks, _served_by(talks, value))
    yield from _changed(ORDER, SWAPPED, talks, _swapped(talks, burst_us))
    if talks.contacts.height:
        # a kind of its own: every contact has rows, few have a burst, whose flips would drown among the others
        yield Variant(ROWS, REVERSED, talks, _reversed(talks))


def _changed(kind: str, value: str, base: Talks, other: Talks) -> Iterator[Variant]:
    """The contacts in which something was put in beside all there are, which are the same for every exchange; nothing
    where there is no such contact."""
    keys = pl.concat(
        [
            _unlike(base.contacts, other.contacts, ["contact_id"]),
            _unlike(base.messages, other.messages, ["contact_id", "seq"]),
        ]
    ).unique()
    if keys.len():
        yield Variant(kind, value, base, other.only(keys))


def _unlike(one: pl.DataFrame, other: pl.DataFrame, identity: list[str]) -> pl.Series:
    compared = [name for name in ("customer_surname", "text", "agent_key") if name in one.columns]
    both = one.select(*identity, *compared).join(other.select(*identity, *compared), on=identity, suffix="_other")
    differs = [pl.col(name).ne_missing(pl.col(f"{name}_other")) for name in compared]
    return both.filter(pl.any_horizontal(differs))["contact_id"]


def _named(talks: Talks, value: str) -> Talks:
    """Another surname in the record, and wherever it stands before an address or after 'my name is'."""
    names = {
        key: (name or "").strip() for key, name in talks.contacts.select("contact_id", "customer_surname").iter_rows()
    }
    patterns = {name: _surname(name) for name in set(names.values()) if name}

    def renamed(row: dict[str, Any]) -> str:
        name = names.get(row["contact_id"], "")
        return patterns[name].sub(value, row["text"]) if name else str(row["text"])

    given = pl.col("customer_surname").fill_null("").str.strip_chars() != ""
    contacts = talks.contacts.with_columns(
        customer_surname=pl.when(given).then(pl.lit(value)).otherwise(pl.col("customer_surname"))
    )
    return replace(talks, contacts=contacts, messages=_rewritten(talks.messages, renamed))


def _surname(name: str) -> re.Pattern[str]:
    own = re.escape(name)
    return re.compile(rf"{own}(?=[^\s，。！？,.!?]{{0,2}}(?:{_ADDRESSES}))|(?<=免贵姓){own}|(?<=我姓){own}")


def _addressed(talks: Talks, value: str) -> Talks:
    return replace(talks, messages=_rewritten(talks.messages, lambda row: _ADDRESS.sub(value, row["text"])))


def _regions(talks: Talks, regions: Sequence[str]) -> Iterator[Variant]:
    """The customer's first words say where they come from: once the reference, once another region."""
    keys = talks.messages.filter(_says_text("customer"))["contact_id"].unique()
    if keys.len() and regions:
        held = talks.only(keys)
        base = _from_region(held, regions[0])
        for value in regions[1:]:
            yield Variant(REGION, value, base, _from_region(held, value))


def _from_region(talks: Talks, region: str) -> Talks:
    spoken = _says_text("customer")
    first = pl.col("seq") == pl.col("seq").filter(spoken).min().over("contact_id")
    told = pl.concat_str([pl.lit(f"我是{region}的，"), pl.col("text")])
    return replace(
        talks, messages=talks.messages.with_columns(text=pl.when(spoken & first).then(told).otherwise("text"))
    )


def _says_text(kind: str) -> pl.Expr:
    return (pl.col("sender_kind") == kind) & pl.col("text").is_not_null() & (pl.col("text") != "")


def _served_by(talks: Talks, value: str) -> Talks:
    """Other numbers for the agents of each contact, in the columns and in what they say of themselves."""
    order = (
        talks.messages.filter((pl.col("sender_kind") == "agent") & pl.col("agent_key").is_not_null())
        .select("contact_id", "agent_key")
        .unique(maintain_order=True)
    )
    numbers: dict[str, dict[str, str]] = {}
    for contact, key in order.iter_rows():
        mine = numbers.setdefault(contact, {})
        mine[key] = str(int(value) + len(mine))
    patterns = {key: re.compile(rf"(?<!\d){re.escape(key)}(?!\d)") for key in order["agent_key"].unique()}

    def renumbered(row: dict[str, Any]) -> str:
        text = str(row["text"])
        for key, number in numbers.get(row["contact_id"], {}).items():
            text = patterns[key].sub(number, text)
        return text

    messages = _rewritten(talks.messages, renumbered, pl.col("sender_kind") == "agent")
    return replace(talks, messages=_rekeyed(messages, numbers), events=_rekeyed(talks.events, numbers))


def _rekeyed(rows: pl.DataFrame, numbers: dict[str, dict[str, str]]) -> pl.DataFrame:
    keys = [
        numbers.get(contact, {}).get(key, key) for contact, key in rows.select("contact_id", "agent_key").iter_rows()
    ]
    return rows.with_columns(agent_key=pl.Series(keys, dtype=pl.String))


def _swapped(talks: Talks, burst_us: int) -> Talks:
    """The first two customer messages that follow each other within the burst, exchanged."""
    rows = talks.messages.sort("contact_id", "seq")
    says, after = _says_text("customer"), pl.col("sent_us").shift(-1).over("contact_id")
    next_says = says.shift(-1).over("contact_id").fill_null(False)
    near = says & next_says & ((after - pl.col("sent_us")).is_between(0, burst_us))
    first = near & (pl.col("seq") == pl.col("seq").filter(near).min().over("contact_id"))
    second = first.shift(1).over("contact_id").fill_null(False)
    text = (
        pl.when(first).then(pl.col("text").shift(-1).over("contact_id"))
        .when(second).then(pl.col("text").shift(1).over("contact_id"))
        .otherwise("text")
    )  # fmt: skip
    return replace(talks, messages=rows.with_columns(text=text))


def _reversed(talks: Talks) -> Talks:
    """The same rows told in the opposite order: their numbers still say which came first."""
    return Talks(talks.contacts.reverse(), talks.messages.reverse(), talks.events.reverse())


def _rewritten(
    messages: pl.DataFrame, change: Callable[[dict[str, Any]], str], where: pl.Expr | None = None
) -> pl.DataFrame:
    touched = pl.col("text").is_not_null() & (pl.lit(True) if where is None else where)
    told = messages.select(touched.alias("touched"), "contact_id", "text").iter_rows(named=True)
    texts = [change(row) if row["touched"] else row["text"] for row in told]
    return messages.with_columns(text=pl.Series(texts, dtype=pl.String))
