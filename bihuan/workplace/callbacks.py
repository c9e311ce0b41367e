"""Whom people call back this week (S3-11, X13): drawn from the record, the same list for everybody who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.archive.reader import Reader
from bihuan.kit.numbers import divided
from bihuan.standards.choosing import USUAL
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.sampling_callbacks import callbacks_of_week, week_in_month
from bihuan.ui import values
from bihuan.ui.figures import Target, Timing
from bihuan.ui.tables import Column
from bihuan.workplace.contacts.wording import CHANNELS, OUTCOMES, customer_name, masked_key, said

DAY: Final = timedelta(days=1)
_COLUMNS: Final = ("contact_id", "customer_key", "customer_surname", "channel", "day", "outcome", "opened_us")


@dataclass(frozen=True)
class CallBacks:
    """The week's list and what it is drawn from; `month_*` counts the month's weeks up to this one."""

    week: tuple[date, date]
    share: Decimal
    customers: int
    rows: list[dict[str, Any]]
    month_customers: int
    month_drawn: int

    @property
    def strip(self) -> list[Timing]:
        wanted = Target(_("at least %(share)s of the month") % {"share": values.share(self.share, 0)}, None)
        told = divided(self.month_drawn * 100, self.month_customers, 1)
        return [
            Timing(_("Customers of the week"), values.number(self.customers)),
            Timing(_("To call back"), values.number(len(self.rows))),
            Timing(_("Drawn this month"), values.percent(told, 1) if told is not None else "—", wanted,
                   f"{values.number(self.month_drawn)} / {values.number(self.month_customers)}"),
        ]  # fmt: skip

    @property
    def earlier(self) -> date:
        return self.week[0] - DAY

    @property
    def later(self) -> date:
        return self.week[1] + DAY


def callbacks_of(reader: Reader, edition: Edition, day: date) -> CallBacks:
    """The list of the week of a day. The same record and edition give the same list."""
    usual = load_edition(USUAL)
    share = (edition.number("survey.monthly_share") or usual.sections["survey"]["monthly_share"]).share
    seed = (edition.sampling.get("seed") or usual.sampling["seed"]).whole
    week = week_in_month(day)
    first = week[0].replace(day=1)
    contacts = _contacts(reader, first, week[1])
    weeks = sorted({week_in_month(one) for one in contacts["day"].unique()} | {week})
    drawn = {
        one: callbacks_of_week(contacts.filter(pl.col("day") <= one[1]), one, share=share, seed=seed) for one in weeks
    }
    own = drawn[week]
    return CallBacks(
        week, share, own.contacts, _rows(contacts, own.sample["contact_id"]),
        sum(one.contacts for one in drawn.values()), sum(one.drawn for one in drawn.values()),
    )  # fmt: skip


def _contacts(reader: Reader, first: date, last: date) -> pl.DataFrame:
    """Contacts of known customers that were no test."""
    asked = (*_COLUMNS, "effective", "ineffective_reason")
    frame = pl.from_arrow(reader.table("contacts", days=(first, last), columns=asked))
    assert isinstance(frame, pl.DataFrame)
    known = frame.filter(pl.col("customer_key").is_not_null() & (pl.col("ineffective_reason").fill_null("") != "test"))
    return known.with_columns(customer=pl.col("customer_key"), channel=pl.col("channel").cast(pl.String))


def _rows(contacts: pl.DataFrame, chosen: pl.Series) -> list[dict[str, Any]]:
    keys = chosen.to_frame("contact_id")
    return contacts.join(keys, on="contact_id", how="semi").sort("opened_us", "contact_id").to_dicts()


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
)  # fmt: skip
