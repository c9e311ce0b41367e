"""The week's call-back list: at least 5 % of the month's customers, the same for everybody, personal data masked."""

from __future__ import annotations

import pytest
from django.test import Client

from bihuan.archive.tests.record_world import World
from bihuan.inspection.tests.conftest import day_folder, lived  # noqa: F401 - fixtures
from bihuan.inspection.tests.desk_world import DAY
from bihuan.journal.models import Entry
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.workplace.callbacks import callbacks_of
from bihuan.workplace.reading import view_of

pytestmark = pytest.mark.django_db
EVERYBODY = [
    "agent", "senior_agent", "technical_support", "complaint_specialist", "customer_representative", "supervisor",
    "inspector", "trainer", "manager", "administrator", "stranger",
]  # fmt: skip


@pytest.fixture
def cast(lived: World, settings) -> Cast:  # noqa: F811 - the fixture
    settings.ROOT_URLCONF = "bihuan.config.urls"
    return make_cast()


def browser(cast: Cast, who: str) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(cast.user(who))
    return client


def test_S3_11_the_list_draws_5_percent_of_the_customers_and_is_the_same_for_everybody(cast: Cast) -> None:
    views = [view_of(cast.user(who), {}) for who in ("inspector", "manager")]
    first, second = (callbacks_of(view.reader, view.edition, DAY) for view in views)
    assert (first.customers, len(first.rows), first.month_customers, first.month_drawn) == (30, 2, 30, 2)
    assert first.rows == second.rows


def test_the_page_names_conversations_and_masks_customers(cast: Cast) -> None:
    page = browser(cast, "inspector").get("/callbacks/").content.decode()
    view = view_of(cast.user("inspector"), {})
    for row in callbacks_of(view.reader, view.edition, DAY).rows:
        assert f"/contacts/{row['contact_id']}/" in page
    assert "6.7 %" in page
    assert browser(cast, "inspector").get("/callbacks/", {"day": "2026-06-30"}).status_code == 200
    assert browser(cast, "inspector").get("/callbacks/", {"day": "nonsense"}).status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-06-30"])
def test_a_day_outside_the_record_shows_the_nearest_week_it_holds(cast: Cast, day: str) -> None:
    answer = browser(cast, "inspector").get("/callbacks/", {"day": day})
    assert answer.status_code == 200
    assert answer.context["found"].week[0] == DAY


def test_the_journal_keeps_who_took_the_file(cast: Cast) -> None:
    told = browser(cast, "inspector").get("/callbacks/", {"as": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(told) == 3
    assert Entry.objects.get(verb="workplace_callbacks.exported").data == {"week": "2026-07-01", "rows": 2}


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_list_is_for_who_evaluates(cast: Cast, who: str) -> None:
    allowed = who in {"inspector", "manager"}
    assert browser(cast, who).get("/callbacks/").status_code == (200 if allowed else 404)
