"""Every address of figures × every role: who gets a page, who learns nothing."""

from __future__ import annotations

import re

import pytest

from bihuan.archive.store import Archive
from bihuan.journal.models import Entry
from bihuan.people.tests.cast import Cast
from bihuan.workplace.tests.figures.conftest import SignedIn

EVERYBODY = {
    "agent", "senior_agent", "technical_support", "complaint_specialist", "customer_representative", "supervisor",
    "inspector", "trainer", "manager", "administrator",
}  # fmt: skip
ALL_FIGURES = {"inspector", "trainer", "manager"}
LEADS = ALL_FIGURES | {"supervisor"}
PAGES = {
    "/": EVERYBODY,
    "/overview/": LEADS,
    "/teams/": LEADS,
    "/teams/east/": LEADS,
    "/teams/west/": ALL_FIGURES,
    "/teams/nowhere/": set(),
    "/agents/1001/": LEADS | {"agent"},
    "/agents/1002/": LEADS | {"senior_agent"},
    "/agents/1003/": ALL_FIGURES | {"technical_support"},
    "/agents/9999/": set(),
    "/metrics/": EVERYBODY,
    "/metrics/csat_top2/": EVERYBODY,
    "/metrics/csat_top2/contacts/?part=numerator": EVERYBODY - {"trainer"},
    "/metrics/csat_top2/contacts/?part=password": set(),
    "/metrics/no_such_metric/": set(),
}


@pytest.mark.parametrize("who", sorted(EVERYBODY | {"stranger"}))
def test_pages_open_for_who_may_and_exist_for_nobody_else(record: Archive, signed_in: SignedIn, who: str) -> None:
    client = signed_in(who)
    got = {url: client.get(url).status_code for url in PAGES}
    assert got == {url: 200 if who in may else 404 for url, may in PAGES.items()}


@pytest.mark.parametrize("who", ["agent", "trainer", "administrator"])
def test_no_role_is_led_to_a_page_it_may_not_open(record: Archive, signed_in: SignedIn, who: str) -> None:
    client = signed_in(who)
    for start in ("/", "/metrics/csat_top2/?by=agent", "/agents/1001/"):
        response = client.get(start)
        for url in _links(response.content.decode()):
            assert client.get(url).status_code == 200, (who, start, url)


def test_a_supervisor_sees_no_figure_of_a_foreign_team(record: Archive, signed_in: SignedIn) -> None:
    """1003 of the other team answers late: whoever sees none of it sees only responses in time."""
    page = signed_in("supervisor").get("/metrics/agent_frt_within/?by=agent").content.decode()
    assert "张三" in page
    assert "王五" not in page
    assert "100.0" in page


def test_an_agent_narrowing_to_somebody_else_sees_nothing_of_them(record: Archive, signed_in: SignedIn) -> None:
    page = signed_in("agent").get("/metrics/csat_top2/?agent=1003").content.decode()
    assert "没有符合条件的会话" in page


def test_who_is_not_signed_in_is_sent_to_sign_in(record: Archive, client: object) -> None:
    for url in PAGES:
        assert client.get(url)["Location"].startswith("/accounts/login/")  # type: ignore[attr-defined] # a fixture


def _links(page: str) -> set[str]:
    content = page[page.index('id="content"') :]
    found = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)"', content)}
    skipped = ("/static/", "/contacts/?", "/accounts/")
    return set(sorted(link for link in found if not link.startswith(skipped))[:6])


FILES = (
    "/overview/?", "/teams/?", "/teams/east/?", "/agents/1001/?", "/metrics/csat_top2/?by=team&",
    "/metrics/contacts/contacts/?part=numerator&",
)  # fmt: skip


@pytest.mark.parametrize("address", FILES)
def test_every_file_is_for_who_may_export_and_is_written_down(
    record: Archive, cast: Cast, signed_in: SignedIn, address: str
) -> None:
    manager, taken = signed_in("manager"), Entry.objects.filter(verb__endswith=".exported")
    told = manager.get(f"{address}as=csv")
    assert told["Content-Type"].startswith("text/csv")
    rows = len(told.content.decode().splitlines()) - 1
    assert [(one.actor, one.data["rows"]) for one in taken] == [("5001", rows)]
    assert "as=csv" in manager.get(address).content.decode()
    for who in ("agent", "trainer"):
        assert signed_in(who).get(f"{address}as=csv").status_code == 404
        assert "as=csv" not in signed_in(who).get(address).content.decode()
    assert taken.count() == 1


@pytest.mark.parametrize("address", ["/", "/overview/", "/teams/", "/teams/east/", "/agents/1001/"])
def test_X12_pages_about_people_tell_how_much_of_their_contacts_people_reviewed(
    record: Archive, signed_in: SignedIn, address: str
) -> None:
    assert "人工复核率 0.0 %" in signed_in("manager").get(address).content.decode()
