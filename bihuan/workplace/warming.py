"""What the first page of figures would wait for, done before anybody asks."""

from __future__ import annotations

from datetime import timedelta

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.kit.clock import now, to_us
from bihuan.metrics.query import figures
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.metric_params import metric_params
from bihuan.workplace.figures.overview import ASKED, BY
from bihuan.workplace.figures.periods import TREND_DAYS
from bihuan.workplace.reading import newest_day


def warm_up() -> bool:
    """Ask once what the overview asks: its SQL is written and the newest days' files are open. False without a record."""
    reader = Reader(open_archive())
    days = list(reader.manifest.files("contacts"))
    if not days:
        return False
    newest = newest_day(days)
    period = (newest - timedelta(days=TREND_DAYS - 1), newest)
    params = metric_params(edition_in_use(newest))
    figures(reader, ASKED, by=BY, period=period, params=params, as_of_us=reader.manifest.told_by(to_us(now())))
    return True
