"""Months as people write them."""

from __future__ import annotations

from datetime import date, datetime

from bihuan.kit.errors import InputError


def read_month(text: str) -> date:
    """The first day of a month written as 2026-10."""
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a calendar month has no zone
    except ValueError as error:
        raise InputError(f"{text} is no month.", hint="Write it as 2026-10.") from error
