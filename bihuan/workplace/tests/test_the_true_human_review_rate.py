"""A month of which people reviewed some conversations: every page with a score tells the same rate, worked out by hand (X12).

Of 1001's 30 contacts 3 were drawn at random and released, of 1002's 31 two, of 1003's 33 one. What the risk queue drew, what
is not released and what is not answered yet counts nowhere. Contacts are spread over six days, so a first of July holds 5 of
1001's, 2 of them reviewed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from bihuan.appraisal.models import Result
from bihuan.appraisal.tests.record import MONTH, lived, review
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.review_rate import ReviewRate
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.standards.editions import load_edition
from bihuan.workplace.months.reviewed import rates_of_people
from bihuan.workplace.tests.test_month_pages import PEOPLE, TEAMS, at_home
from bihuan.workplace.tests.test_result_letter import letter
from bihuan.workplace.tests.test_written_reasons import appraised

SPAN = "from=2026-07-01&to=2026-07-31"
ALL, EAST, OF_1001, DAY_OF_1001 = (
    (6, 167),
    (5, 91),
    (3, 30),
    (2, 5),
)  # 30 + 31 + 33 + 12 + 30 + 30, and the ledger's one


@pytest.fixture(scope="module")
def record_root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("record")
    lived(root, PEOPLE, TEAMS)
    return root


@pytest.fixture(scope="module")
def made(record_root: Path, django_db_setup, django_db_blocker) -> Iterator[Cast]:
    with django_db_blocker.unblock(), override_settings(**at_home(record_root)), transaction.atomic():
        cast = make_cast()
        _reviewed(cast)
        appraised()
        yield cast
        transaction.set_rollback(True)


@pytest.fixture
def cast(made: Cast, db, record_root: Path, settings) -> Cast:
    for name, value in at_home(record_root).items():
        setattr(settings, name, value)
    return made


def _reviewed(cast: Cast) -> None:
    edition = load_edition("recommended")
    for person, team, contacts in (("1001", "east", (0, 6, 1)), ("1002", "east", (0, 7)), ("1003", "west", (13,))):
        for contact in contacts:
            review(cast, edition, contact, leak=False, person=person, team=team, spread=6)
    own = {"leak": False, "person": "1001", "team": "east", "spread": 6}
    review(cast, edition, 12, kind="risk", ppm=0, **own)
    review(cast, edition, 18, released=False, **own)
    review(cast, edition, 24, answered=False, **own)


def page(cast: Cast, who: str, address: str) -> str:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def result() -> Result:
    return Result.objects.filter(person="1001").first()


@pytest.mark.parametrize(
    ("who", "address", "rate"),
    [
        ("manager", "/months/2026-07/", ALL),
        ("manager", "/months/2026-07/?team=east", EAST),
        ("manager", f"/overview/?{SPAN}", ALL),
        ("manager", f"/overview/?{SPAN}&team=east", EAST),
        ("manager", f"/teams/?{SPAN}", ALL),
        ("manager", f"/teams/east/?{SPAN}", EAST),
        ("manager", f"/agents/1001/?{SPAN}", OF_1001),
        ("manager", "/agents/1001/?from=2026-07-01&to=2026-07-01", DAY_OF_1001),
        ("manager", f"/contacts/?{SPAN}", ALL),
        ("agent", f"/contacts/?{SPAN}", OF_1001),
        ("inspector", f"/contacts/?{SPAN}&agent=1001", OF_1001),
    ],
)
def test_X12_S3_13_a_page_with_scores_tells_the_rate_of_its_own_people_and_days(
    cast: Cast, who: str, address: str, rate: tuple[int, int]
) -> None:
    shown = page(cast, who, address)
    n, of = rate
    assert "人工复核率" in shown
    assert f"{n} / {of}" in shown
    assert f"{ReviewRate(n, of).share} %" in shown


def test_X12_S3_13_a_result_its_day_its_letter_and_the_month_say_three_of_thirty(cast: Cast) -> None:
    own = reverse("workplace:result", args=[result().pk])
    assert f"{Decimal('10.0')} %" in page(cast, "manager", own)
    assert "3 / 30" in page(cast, "agent", own)
    assert "2 / 5" in page(cast, "manager", f"{own}days/2026-07-01/")
    assert "人工复核率10.0%(3/30" in letter(cast, "manager", result()).text
    told = rates_of_people(Reader(open_archive()), {"1001", "1002", "1003", "1004"}, MONTH)
    assert {who: (rate.n, rate.of) for who, rate in told.items()} == {
        "1001": (3, 30), "1002": (2, 31), "1003": (1, 33), "1004": (0, 12),
    }  # fmt: skip


def test_X12_S3_13_the_shares_by_hand_are_a_tenth_two_fifths_and_nothing() -> None:
    assert ReviewRate(*OF_1001).share == Decimal("10.0")
    assert ReviewRate(*DAY_OF_1001).share == Decimal("40.0")
    assert ReviewRate(*EAST).share == Decimal("5.5")
    assert ReviewRate(*ALL).share == Decimal("3.6")
    assert ReviewRate(0, 12).share == 0
    assert ReviewRate(0, 0).share is None
