"""Saved views: who sees which, what a kept period means later, names, undoing a deletion."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bihuan.journal.models import Entry
from bihuan.kit.errors import InputError, NotAllowed
from bihuan.people.tests.cast import Cast, make_cast
from bihuan.workplace.contacts.library import Wanted
from bihuan.workplace.models import SavedView
from bihuan.workplace.saved_views import acts as saved_views
from bihuan.workplace.saved_views.acts import (
    Audience,
    NameTaken,
    TooManyViews,
    change_view,
    filters_on,
    kept_filters,
    remove_view,
    restore_view,
    save_view,
)
from bihuan.workplace.tests.contacts.record import TODAY

SignIn = Callable[[str], Client]
WEEK = (TODAY - timedelta(days=6), TODAY)


def names_for(cast: Cast, who: str) -> set[str]:
    return set(SavedView.objects.visible_to(cast.user(who)).values_list("name", flat=True))


@pytest.fixture
def views(cast: Cast) -> dict[str, SavedView]:
    """One view of the supervisor of east for oneself, one for the team, one of the manager for all."""
    lead, manager = cast.user("supervisor"), cast.user("manager")
    return {
        "own": save_view(lead, name="低分", filters={"rating": "1"}),
        "team": save_view(lead, name="退款", filters={"q": "退款"}, audience=Audience.TEAM, team=cast.east),
        "all": save_view(manager, name="投诉", filters={"category": "complaint"}, audience=Audience.ALL),
    }


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("supervisor", {"低分", "退款", "投诉"}),
        ("agent", {"退款", "投诉"}),
        ("senior_agent", {"退款", "投诉"}),
        ("technical_support", {"投诉"}),
        ("manager", {"投诉"}),
        ("inspector", {"投诉"}),
        ("stranger", set()),
    ],
)
def test_a_view_is_seen_by_its_owner_its_team_or_everybody(
    cast: Cast, views: dict[str, SavedView], signed_in: SignIn, who: str, seen: set[str]
) -> None:
    assert names_for(cast, who) == seen
    client = signed_in(who)
    for view in views.values():
        assert client.get(f"/contact-views/{view.pk}/").status_code == (302 if view.name in seen else 404)
    if who != "stranger":
        page = client.get("/contact-views/").content.decode()
        assert {name for name in ("低分", "退款", "投诉") if f">{name}</a>" in page} == seen


def test_only_the_owner_changes_or_deletes_and_others_learn_nothing(
    views: dict[str, SavedView], signed_in: SignIn
) -> None:
    for who in ("agent", "manager", "inspector"):
        client = signed_in(who)
        base = f"/contact-views/{views['team'].pk}"
        assert client.get(f"{base}/settings/").status_code == 404
        for act in ("settings", "removal", "restoration"):
            assert client.post(f"{base}/{act}/", {"name": "x", "audience": "owner"}).status_code == 404
    views["team"].refresh_from_db()
    assert (views["team"].name, views["team"].removed_at) == ("退款", None)


def test_a_view_is_shared_only_with_teams_one_has_to_do_with_and_with_all_only_by_who_sees_all(cast: Cast) -> None:
    lead = cast.user("supervisor")
    with pytest.raises(NotAllowed):
        save_view(lead, name="a", filters={}, audience=Audience.TEAM, team=cast.west)
    with pytest.raises(NotAllowed):
        save_view(lead, name="a", filters={}, audience=Audience.ALL)
    with pytest.raises(NotAllowed):
        save_view(lead, name="a", filters={}, audience=Audience.OWNER, team=cast.east)
    with pytest.raises(NotAllowed):
        save_view(cast.stranger, name="a", filters={})
    assert save_view(cast.user("agent"), name="a", filters={}, audience=Audience.TEAM, team=cast.east).team == cast.east
    assert save_view(cast.user("manager"), name="a", filters={}, audience=Audience.TEAM, team=cast.west).pk


def test_names_are_tidied_required_and_taken_once_whatever_their_case(cast: Cast, monkeypatch: Any) -> None:
    agent = cast.user("agent")
    view = save_view(agent, name="  Low\x00  scores ", filters={})
    assert view.name == "Low scores"
    for empty in ("", "  ", "\x00"):
        with pytest.raises(InputError):
            save_view(agent, name=empty, filters={})
    with pytest.raises(InputError):
        save_view(agent, name="x" * 61, filters={})
    with pytest.raises(NameTaken):
        save_view(agent, name="LOW SCORES", filters={})
    assert change_view(agent, view=view, name="low scores").name == "low scores"
    assert save_view(cast.user("manager"), name="low scores", filters={}).pk
    monkeypatch.setattr(saved_views, "MOST", 1)
    with pytest.raises(TooManyViews):
        save_view(agent, name="another", filters={})


def test_the_database_keeps_what_the_action_promises(cast: Cast, views: dict[str, SavedView]) -> None:
    rows: list[dict[str, Any]] = [
        {"name": ""}, {"name": "低分"}, {"name": "x", "audience": "team"}, {"name": "x", "team": cast.east},
    ]  # fmt: skip
    for row in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(owner=views["own"].owner, saved_at=views["own"].saved_at, **row)


def test_a_deleted_view_leaves_every_list_and_comes_back_by_undo(cast: Cast, views: dict[str, SavedView]) -> None:
    lead = cast.user("supervisor")
    removed = remove_view(lead, view=views["team"])
    assert names_for(cast, "agent") == {"投诉"}
    with pytest.raises(NotAllowed):
        remove_view(lead, view=removed)
    taken = save_view(lead, name="退款", filters={})
    with pytest.raises(NameTaken):
        restore_view(lead, view=removed)
    change_view(lead, view=taken, name="别的")
    assert restore_view(lead, view=removed).filters == {"q": "退款"}
    assert names_for(cast, "agent") == {"退款", "投诉"}


def test_what_was_deleted_long_ago_is_gone_with_the_next_deletion(cast: Cast, views: dict[str, SavedView]) -> None:
    lead = cast.user("supervisor")
    old = remove_view(lead, view=views["own"])
    SavedView.objects.filter(pk=old.pk).update(removed_at=old.removed_at - timedelta(days=2))  # type: ignore[operator] # just set
    remove_view(lead, view=views["team"])
    assert set(SavedView.objects.filter(owner=lead).values_list("pk", flat=True)) == {views["team"].pk}


def test_every_act_stands_in_the_journal_without_what_was_searched_for(cast: Cast) -> None:
    agent = cast.user("agent")
    view = save_view(agent, name="我的", filters={"q": "13800005621", "channel": "chat"})
    change_view(agent, view=view, name="新名")
    remove_view(agent, view=view)
    restore_view(agent, view=view)
    entries = list(Entry.objects.order_by("-id")[:4])
    acts = ["restored", "removed", "changed", "saved"]
    assert [entry.verb for entry in entries] == [f"workplace_view.{act}" for act in acts]
    assert all(entry.data["filters"] == ["channel", "q"] and "13800005621" not in str(entry.data) for entry in entries)


def test_a_span_that_ends_with_the_record_goes_on_ending_there_unless_its_days_are_meant() -> None:
    wanted = Wanted(WEEK, "退款", {"channel": "chat"})
    moving, fixed = kept_filters(wanted, TODAY, moves=True), kept_filters(wanted, TODAY, moves=False)
    assert moving == {"q": "退款", "channel": "chat", "days": "7"}
    later = TODAY + timedelta(days=30)
    assert filters_on(moving, later)["from"] == (later - timedelta(days=6)).isoformat()
    assert filters_on(fixed, later) == wanted.query() == filters_on(moving, TODAY)
    past = Wanted((date(2026, 1, 1), date(2026, 1, 31)))
    assert kept_filters(past, TODAY, moves=True) == past.query()
    assert filters_on(kept_filters(Wanted(None), TODAY, moves=True), later) == {"period": "all"}
    for nonsense in ("0", "-1", "x", "", "9" * 30):
        assert filters_on({"days": nonsense}, TODAY) is not None


def test_the_library_saves_its_filters_and_marks_the_view_it_shows(signed_in: SignIn) -> None:
    client = signed_in("manager")
    query = {"rating": "2", "from": WEEK[0].isoformat(), "to": WEEK[1].isoformat()}
    assert "/contact-views/new/?rating=2" in client.get("/contacts/", query).content.decode()
    address = "/contact-views/new/?" + "&".join(f"{name}={value}" for name, value in query.items())
    assert "评分 2" in client.get(address).content.decode()
    answer = client.post(address, {"name": "两分", "audience": "owner", "moves": "moves"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith("/contacts/?rating=2&from=")
    assert 'aria-current="true"' in page
    assert "/contact-views/new/" not in page  # it has a name already
    assert SavedView.objects.get().filters == {"rating": "2", "days": "7"}
    assert client.post(address, {"name": "两分", "audience": "owner", "moves": "moves"}).status_code == 409
    assert client.post(address, {"name": "", "audience": "owner", "moves": "moves"}).status_code == 422
    assert client.post(address, {"name": "b", "audience": "team:nowhere", "moves": "moves"}).status_code == 422


def test_deleting_offers_the_way_back_on_the_page_that_follows(views: dict[str, SavedView], signed_in: SignIn) -> None:
    client = signed_in("supervisor")
    answer = client.post(f"/contact-views/{views['own'].pk}/removal/", follow=True)
    assert f"/contact-views/{views['own'].pk}/restoration/" in answer.content.decode()
    assert client.get("/contact-views/?removed=" + "9" * 40).status_code == 200
    back = client.post(f"/contact-views/{views['own'].pk}/restoration/", follow=True)
    assert "已恢复“低分”" in back.content.decode()
    assert client.post(f"/contact-views/{views['own'].pk}/restoration/").status_code == 404


def test_many_views_take_as_many_queries_as_one(cast: Cast, views: dict[str, SavedView], signed_in: SignIn) -> None:
    client, counts = signed_in("manager"), []
    for at in range(2):
        with CaptureQueriesContext(connection) as made:
            client.get("/contacts/", {"from": TODAY.isoformat(), "to": TODAY.isoformat()})
            client.get("/contact-views/", {"sort": "owner"})
        counts.append(len(made))
        for number in range(12) if not at else ():
            save_view(cast.user("manager"), name=f"{number}", filters={"team": "east"}, audience=Audience.ALL)
    assert counts[1] - counts[0] <= 2  # names of teams are asked for once a team stands in any of them


@pytest.mark.django_db(transaction=True)
def test_of_two_equal_posts_at_once_one_is_kept_and_the_other_told_that_the_name_is_taken(
    transactional_db: None,
) -> None:
    cast = make_cast()
    start, told = threading.Barrier(2), []

    def save() -> None:
        agent = cast.user("agent")
        start.wait()
        try:
            save_view(agent, name="低分", filters={})
            told.append("kept")
        except NameTaken:
            told.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=save) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["kept", "taken"]
    assert SavedView.objects.count() == 1
