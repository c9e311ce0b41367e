"""After a start the first overview finds its question written already."""

from __future__ import annotations

from pathlib import Path

from bihuan.archive.store import Archive
from bihuan.metrics.engine import asking
from bihuan.workplace.memory import forget
from bihuan.workplace.tests.figures.conftest import SignedIn
from bihuan.workplace.warming import warm_up


def test_the_first_overview_of_a_manager_writes_no_sql(record: Archive, signed_in: SignedIn) -> None:
    assert warm_up()
    forget()
    before = asking._template.cache_info()
    assert signed_in("manager").get("/overview/").status_code == 200
    after = asking._template.cache_info()
    assert (after.misses, after.hits > before.hits) == (before.misses, True)


def test_an_empty_installation_has_nothing_to_prepare(no_record: Path) -> None:
    assert not warm_up()
