"""The week's call-back list: at least 5 % of the month's customers, the same for everybody, personal data masked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from bihuan.archive.tests.record_world import World, chat, contact
from bihuan.inspection.tests.conftest import day_folder, lived  # noqa: F401 - fixtures
from bihuan.inspection.tests.desk_world import DAY
from bihuan.journal.models import Entry
from bihuan.people.models import RoleGrant, User
from bihuan.people.tests.cast import JOINED, Cast, make_cast
from bihuan.ui.paging import PER_PAGE
from bihuan.workplace.callbacks import callbacks_of
from bihuan.workplace.models import Call, CallBack
from bihuan.workplace.reading import view_of
from bihuan.workplace.tasks import keep_callbacks

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


def grown(world: World, more: int) -> None:
    """Further customers of the same day reach the record."""
    at = [600 * 30 + 60 * one for one in range(more)]
    world.tell(
        contacts=[contact(f"x{one:02d}", start, start + 30, customer_key=f"x{one:02d}") for one, start in enumerate(at)],
        messages=[row for one, start in enumerate(at) for row in chat(("customer", start), contact_id=f"x{one:02d}", kind="text")],
    )  # fmt: skip
    world.refresh()


def listed(cast: Cast) -> set[str]:
    view = view_of(cast.user("inspector"), {})
    return {row["contact_id"] for row in callbacks_of(view.reader, view.edition, DAY).rows}


def test_S3_11_X13_the_list_of_a_growing_week_only_grows(cast: Cast, lived: World) -> None:  # noqa: F811 - the fixture
    assert keep_callbacks(0) == 2
    before = listed(cast)
    grown(lived, 70)
    after = listed(cast)
    assert before < after
    assert len(after) == 5  # 5 % of a hundred
    assert (keep_callbacks(0), keep_callbacks(0), listed(cast)) == (3, 0, after)
    with pytest.raises(IntegrityError), transaction.atomic():
        CallBack.objects.update(customer="another")


def test_a_long_list_is_paged_and_the_file_holds_all_of_it(cast: Cast, lived: World) -> None:  # noqa: F811 - the fixture
    grown(lived, 1_000)
    inspector, week = browser(cast, "inspector"), {"day": DAY.isoformat()}
    pages = [inspector.get("/callbacks/", {**week, "page": at}).context["table"] for at in (1, 2)]
    shown = [row["contact_id"] for table in pages for row in table.rows]
    assert [len(table.rows) for table in pages] == [PER_PAGE, len(listed(cast)) - PER_PAGE]
    assert set(shown) == listed(cast)
    page = inspector.get("/callbacks/", week).content.decode()
    assert f"day={DAY.isoformat()}&amp;page=2" in page
    file = browser(cast, "manager").get("/callbacks/", {**week, "as": "csv", "page": 2}).content.decode()
    assert len(file.strip().splitlines()) == 1 + len(shown)


def call(cast: Cast, contact_id: str, **said: str) -> Any:
    address = reverse("workplace:callback_call", args=[contact_id])
    return browser(cast, "inspector").post(f"{address}?day={DAY}", said, follow=True)


def test_S1_8_S2_12_each_call_is_kept_reached_or_not_really_solved_warm_and_clear(cast: Cast) -> None:
    one, other = sorted(listed(cast))
    assert call(cast, one).status_code == 422
    assert "请选择问题是否真正解决" in call(cast, one, reached="yes").content.decode()
    assert "未接通，已拨 1 次" in call(cast, one, reached="no").content.decode()
    said = {"reached": "yes", "solved": "yes", "tone": "5", "clarity": "4", "words": "已收到退款，电话 13800005621"}
    page = call(cast, one, **said).content.decode()
    call(cast, other, reached="yes", solved="no", tone="2")
    page = browser(cast, "inspector").get("/callbacks/").content.decode()
    assert "确已解决" in page
    assert "13800005621" not in page
    view = view_of(cast.user("inspector"), {})
    told = {one.label: one for one in callbacks_of(view.reader, view.edition, DAY).strip}
    assert told["接通"].value == "100.0 %"
    assert (told["确已解决"].value, told["确已解决"].note[:5]) == ("50.0 %", "1 / 2")
    assert (told["语气亲和"].value, told["表达清晰"].value) == ("3.50", "4.00")
    assert "不再重复回访" in call(cast, one, reached="no").content.decode()
    assert Entry.objects.filter(verb="workplace_callback.called").count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.update(words="")


def test_who_is_not_on_the_list_is_not_called_from_it_and_nobody_asks_about_themselves(cast: Cast) -> None:
    one = sorted(listed(cast))[0]
    stranger = next(f"c{at:02d}" for at in range(30) if f"c{at:02d}" not in listed(cast))
    assert call(cast, stranger, reached="no").status_code == 404
    address = reverse("workplace:callback_call", args=[one])
    assert browser(cast, "supervisor").get(address).status_code == 404
    view = view_of(cast.user("inspector"), {})
    served = str(view.reader.table("rollup", columns=["person"], where={"contact_id": one})["person"].to_pylist()[0])
    user = User.objects.get(username=served)
    RoleGrant.objects.create(person=user.person, role="inspector", since=JOINED)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    assert "由他人回访" in client.post(address, {"reached": "no"}).content.decode()


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
