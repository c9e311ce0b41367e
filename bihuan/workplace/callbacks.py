"""Whom people call back this week (S3-11, X13): drawn from the record, the same list for everybody who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bihuan.archive.reader import Reader
from bihuan.kit.numbers import divided
from bihuan.metrics.intervals import wilson
from bihuan.standards.checks.personal_data import masked_key
from bihuan.standards.lending import number_of
from bihuan.standards.metric_params import metric_params
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.sampling_callbacks import callbacks_of_week, week_in_month
from bihuan.ui import values
from bihuan.ui.figures import Target, Timing
from bihuan.ui.tables import Column
from bihuan.workplace.calling.models import Call, CallBack
from bihuan.workplace.contacts.wording import CHANNELS, OUTCOMES, customer_name, said
from bihuan.workplace.masking import masked

DAY: Final = timedelta(days=1)
_COLUMNS: Final = ("contact_id", "customer_key", "customer_surname", "channel", "day", "outcome", "opened_us")


@dataclass(frozen=True)
class CallBacks:
    """The week's list and what it is drawn from; `month_*` counts the month's weeks up to this one.

    A row is a contact with `kept`, the call-back it was kept as (None: not yet), and its `calls`, the first one first.
    """

    week: tuple[date, date]
    share: Decimal
    customers: int
    rows: list[dict[str, Any]]
    month_customers: int
    month_drawn: int
    confidence: float

    @property
    def strip(self) -> list[Timing]:
        wanted = Target(_("at least %(share)s of the month") % {"share": values.share(self.share, 0)}, None)
        told = divided(self.month_drawn * 100, self.month_customers, 1)
        return [
            Timing(_("Customers of the week"), values.number(self.customers)),
            Timing(_("To call back"), values.number(len(self.rows))),
            Timing(_("Drawn this month"), values.percent(told, 1) if told is not None else "—", wanted,
                   f"{values.number(self.month_drawn)} / {values.number(self.month_customers)}"),
            Timing(_("Called"), values.number(sum(bool(row["calls"]) for row in self.rows))),
            self._share(_("Reached"), len(self._reached), sum(bool(row["calls"]) for row in self.rows)),
            self._share(_("Really solved"), sum(bool(one.solved) for one in self._reached), len(self._reached)),
            self._mean(_("Warmth of tone"), [one.tone for one in self._reached]),
            self._mean(_("Clarity"), [one.clarity for one in self._reached]),
        ]  # fmt: skip

    @cached_property
    def _reached(self) -> list[Call]:
        return [row["calls"][-1] for row in self.rows if row["calls"] and row["calls"][-1].reached]

    def _share(self, label: str, hits: int, n: int) -> Timing:
        """A share with its interval: a week's calls are few."""
        if not n:
            return Timing(label, "—")
        low, high = (Decimal(str(round(float(one) * 100, 1))) for one in wilson(hits, n, self.confidence))
        between = f"{values.percent(low, 0)}–{values.percent(high, 0)}"
        return Timing(label, values.percent(divided(hits * 100, n, 1), 1), note=f"{hits} / {n} · {between}")

    def _mean(self, label: str, ratings: list[int | None]) -> Timing:
        known = [one for one in ratings if one is not None]
        mean = divided(sum(known), len(known), 2)
        return Timing(label, "—" if mean is None else values.number(mean, 2), note=f"n = {len(known)}" if known else "")

    @property
    def earlier(self) -> date:
        return self.week[0] - DAY

    @property
    def later(self) -> date:
        return self.week[1] + DAY


def callbacks_of(reader: Reader, edition: Edition, day: date) -> CallBacks:
    """The list of the week of a day: what was kept of it, and as many more as its customers make due by now.

    The same record, edition and kept lists give the same list to everybody.
    """
    share = number_of(edition, "survey.monthly_share").share
    seed = number_of(edition, "sampling.seed").whole
    week = week_in_month(day)
    first = week[0].replace(day=1)
    contacts = _contacts(reader, first, week[1])
    kept = list(CallBack.objects.of_month(first).prefetch_related("calls"))
    weeks = sorted({week_in_month(one) for one in contacts["day"].unique()} | {week})
    drawn = {
        one: callbacks_of_week(
            contacts.filter(pl.col("day") <= one[1]), one, share=share, seed=seed,
            kept={row.customer for row in kept if row.week == one[0]},
            elsewhere={row.customer for row in kept if row.week != one[0]},
        )
        for one in weeks
    }  # fmt: skip
    return CallBacks(
        week, share, drawn[week].customers, _rows(contacts, drawn[week].sample, [row for row in kept if row.week == week[0]]),
        sum(one.customers for one in drawn.values()), sum(one.drawn for one in drawn.values()),
        float(metric_params(edition).confidence),
    )  # fmt: skip


def _contacts(reader: Reader, first: date, last: date) -> pl.DataFrame:
    """Contacts of known customers that were no test."""
    asked = (*_COLUMNS, "effective", "ineffective_reason")
    frame = pl.from_arrow(reader.table("contacts", days=(first, last), columns=asked))
    assert isinstance(frame, pl.DataFrame)
    known = frame.filter(pl.col("customer_key").is_not_null() & (pl.col("ineffective_reason").fill_null("") != "test"))
    return known.with_columns(customer=pl.col("customer_key"), channel=pl.col("channel").cast(pl.String))


def _rows(contacts: pl.DataFrame, chosen: pl.DataFrame, kept: Sequence[CallBack]) -> list[dict[str, Any]]:
    """One row a customer: the conversation they were drawn with, for who is kept already."""
    known = {row.customer: row for row in kept}
    wanted = [known[one].contact_id if one in known else newest for one, newest in chosen.iter_rows()]
    keys = pl.DataFrame({"contact_id": wanted}, schema={"contact_id": pl.String})
    found = contacts.join(keys, on="contact_id", how="semi").sort("opened_us", "contact_id").to_dicts()
    rows = [{**row, "kept": known.get(row["customer"])} for row in found]
    return [{**row, "calls": list(row["kept"].calls.all()) if row["kept"] else []} for row in rows]


def _state(row: dict[str, Any]) -> str:
    """What came of the calls so far."""
    calls: list[Call] = row["calls"]
    if not calls:
        return _("Not called yet")
    if not calls[-1].reached:
        return ngettext("Not reached, %(n)s call", "Not reached, %(n)s calls", len(calls)) % {"n": len(calls)}
    return _("Really solved") if calls[-1].solved else _("Not solved")


def _answer(row: dict[str, Any], name: str) -> Any:
    return getattr(row["calls"][-1], name) if row["calls"] else None


def _call_url(row: dict[str, Any]) -> str:
    """Where the next call is recorded; nowhere once the customer was reached."""
    if row["calls"] and row["calls"][-1].reached:
        return ""
    return f"{reverse('workplace:callback_call', args=[row['contact_id']])}?day={row['day'].isoformat()}"


LIST: Final = (
    Column("customer", gettext_lazy("Customer"), get=lambda row: customer_name(row["customer_surname"])),
    Column("key", gettext_lazy("Customer key"), get=lambda row: masked_key(row["customer_key"])),
    Column(
        "contact_id", gettext_lazy("Last conversation"),
        url=lambda row: reverse("workplace:contact", args=[row["contact_id"]]),
    ),
    Column("opened_us", gettext_lazy("Time"), "moment"),
    Column("channel", gettext_lazy("Channel"), get=lambda row: said(CHANNELS, row["channel"])),
    Column("outcome", gettext_lazy("Outcome"), get=lambda row: said(OUTCOMES, row["outcome"])),
    Column("state", gettext_lazy("Call"), get=_state, url=_call_url),
    Column("tone", gettext_lazy("Warmth of tone"), "number", get=lambda row: _answer(row, "tone")),
    Column("clarity", gettext_lazy("Clarity"), "number", get=lambda row: _answer(row, "clarity")),
    Column("words", gettext_lazy("In the customer's words"), get=lambda row: masked(_answer(row, "words") or "")),
)  # fmt: skip
