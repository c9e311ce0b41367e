"""Every address for every role: no page fails, none shows what belongs to a foreign team, strangers learn nothing.

The ids in the addresses are real ones: of somebody in a team that none of the accounts serves in or leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

import psycopg
import pytest
import requests
from django.urls import URLPattern, URLResolver, get_resolver

from tests.site import Site

ROLES = (
    "agent", "senior_agent", "inspector", "supervisor", "manager", "trainer", "complaint_specialist", "technical_support",
    "customer_representative", "administrator",
)  # fmt: skip
OPEN = ("/healthz", "/accounts/", "/language/")
SHOWN, NOTHING, NO_SUCH_ACT = (200, 302), (403, 404), 405
CONTACTS = {"inspector", "manager"}
FIGURES = CONTACTS | {"trainer"}
SEES: Mapping[str, set[str]] = {
    "/contacts/<": CONTACTS,
    "/teams/<": FIGURES,
    "/agents/<": FIGURES,
    "/people/<": FIGURES | {"administrator"},
    "/results/<": FIGURES,
    "/inspection/evaluations/<": FIGURES,
    "/inspection/assignments/<": CONTACTS,
    "/inspection/reviews/<": CONTACTS | {"senior_agent", "supervisor"},
    "/appeals/new/": set(),
}
"""Who may read what an address holds of somebody in a foreign team (`people.rules.roles`); nobody may appeal for others."""
LISTS = (
    "/contacts/?period=all&team={team}",
    "/contacts/?period=all&agent={number}",
    "/contacts/?q={contact}",
    "/contacts/?period=all&q={contact}&as=words",
    "/contacts.csv?period=all&team={team}",
    "/complaints/?from=2000-01-01&to=2100-01-01",
    "/complaints/?from=2000-01-01&to=2100-01-01&as=csv",
    "/metrics/contacts/?from=2000-01-01&to=2100-01-01&by=agent",
    "/metrics/contacts/?from=2000-01-01&to=2100-01-01&by=agent&as=csv",
    "/metrics/contacts/contacts/?from=2000-01-01&to=2100-01-01&part=numerator&team={team}",
    "/metrics/contacts/contacts/?from=2000-01-01&to=2100-01-01&part=numerator&team={team}&as=csv",
    "/overview/?team={team}&as=csv",
    "/teams/",
    "/months/{month}/",
    "/months/{month}/csv/",
    "/inspection/evaluations/",
    "/inspection/sheets/?agent={number}&day={day}",
    "/inspection/sheets/workbook/?agent={number}&day={day}",
    "/appeals/",
    "/callbacks/",
    "/platform-reviews/?show=all",
    "/platform-reviews/?show=all&as=csv",
)
"""Lists, searches, counts and files, asked for what belongs to the foreign team."""
NARROW = [role for role in ROLES if role not in FIGURES]


@dataclass(frozen=True)
class Foreigner:
    """Somebody of a team that none of the accounts is in, and what there is of them."""

    number: str
    name: str
    team: str
    ids: Mapping[str, str]
    contacts: frozenset[str]

    def has(self, route: str) -> bool:
        """Whether there is what the route shows; the demo department gathers few conversations for re-evaluation."""
        return all(place in self.ids for start, place in _PLACES.items() if route.startswith(f"{start}<"))

    def put_into(self, route: str) -> str:
        """The route with what belongs to this person in its places."""
        place = next((place for start, place in _PLACES.items() if route.startswith(start)), "")
        given = {**_ANYTHING, **self.ids, "number": self.number, "key": self.team, "pk": self.ids.get(place, _NO_ID)}
        return re.sub(r"<\w+:(\w+)>", lambda found: given[found.group(1)], route)


_NO_ID = "00000000-0000-7000-8000-000000000000"
_PLACES = {
    "/inspection/evaluations/": "evaluation", "/inspection/assignments/": "assignment", "/inspection/reviews/": "review",
    "/appeals/": "appeal",
}  # fmt: skip
_ANYTHING = {
    "kind": "verdict", "name": "csat_top2", "ref": "recommended", "check": "greeting", "place": "1", "hash": "0" * 64,
    **dict.fromkeys(("comment", "leadership_id", "grant_id", "key_id", "view_id", "draft_id", "proposal_id"), "999999"),
    **dict.fromkeys(("import_id", "upload_id", "token_id", "computation_id"), _NO_ID), "uidb36": "none", "path": "none", "review_id": "none",
}  # fmt: skip


@pytest.fixture(scope="module")
def foreigner(site: Site) -> Foreigner:
    numbers = [account.number for account in site.accounts.values()]
    with psycopg.connect(site.env["DATABASE_URL"]) as connection:
        number, name, team, ids = connection.execute(_SOMEBODY, {"accounts": numbers}).fetchone() or _nobody()
        rows = connection.execute(
            "SELECT contact_id FROM inspection_assignment WHERE person = %s", (number,)
        ).fetchall()
    known = {key: str(one) for key, one in ids.items() if one is not None}
    return Foreigner(number, name, team, known, frozenset(row[0] for row in rows))


@pytest.fixture(scope="module")
def acts() -> set[str]:
    """Routes that only take what is sent to them: whoever asks for one is told so, and need not be asked by every role."""
    return set()


def _nobody() -> tuple[str, str, str, dict[str, str]]:
    raise AssertionError("the demo department has no evaluated person of a foreign team")


_SOMEBODY = """
    WITH near AS (
        SELECT team_id FROM people_membership m JOIN people_person p ON p.id = m.person_id
        WHERE p.number = ANY(%(accounts)s)
        UNION SELECT team_id FROM people_leadership l JOIN people_person p ON p.id = l.person_id
        WHERE p.number = ANY(%(accounts)s)
    )
    SELECT p.number, p.name, t.key, json_build_object(
        'contact_id', a.contact_id, 'subject', a.contact_id, 'day', a.day, 'assignment', a.id, 'evaluation', e.id,
        'result_id', r.id, 'month', to_char(s.month, 'YYYY-MM'),
        'review', (SELECT v.id FROM inspection_review v JOIN inspection_evaluation x ON x.id = v.evaluation_id
                   JOIN inspection_assignment y ON y.id = x.assignment_id WHERE y.person = p.number LIMIT 1),
        'appeal', (SELECT id FROM appeals_appeal WHERE person_id = p.id LIMIT 1)
    )
    FROM people_person p
    JOIN people_membership m ON m.person_id = p.id AND m.until IS NULL
    JOIN people_team t ON t.id = m.team_id
    JOIN inspection_assignment a ON a.person = p.number
    JOIN inspection_evaluation e ON e.assignment_id = a.id AND e.released_at IS NOT NULL
    JOIN appraisal_result r ON r.person = p.number
    JOIN appraisal_resultset s ON s.id = r.set_id
    WHERE t.id NOT IN (SELECT team_id FROM near)
      AND (SELECT count(*) FROM people_person same WHERE same.name = p.name) = 1
    ORDER BY p.number, e.released_at, r.id LIMIT 1
"""


def _routes() -> list[str]:
    """Every page's route; programs' addresses have their own tests."""
    return sorted({one for one in _walk(get_resolver()) if not one.startswith("/api/")})


def _walk(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).lstrip("^").rstrip("$")
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        elif isinstance(entry, URLPattern):
            yield re.sub(r"<(\w+)>", r"<str:\1>", route)


def _readers(route: str) -> set[str]:
    return next((roles for start, roles in SEES.items() if route.startswith(start)), set(ROLES))


@pytest.mark.parametrize("role", ROLES)
def test_no_address_fails_and_none_shows_what_belongs_to_a_foreign_team(
    site: Site, foreigner: Foreigner, acts: set[str], role: str
) -> None:
    session, wrong = site.signed_in(role), {}
    for route in _routes():
        if route.startswith("/accounts/logout") or route in acts:
            continue
        address = foreigner.put_into(route)
        status = session.get(site.url + address, timeout=60, allow_redirects=False).status_code
        if status == NO_SUCH_ACT:
            acts.add(route)
        elif status >= 500 or (role not in _readers(route) and status not in NOTHING):
            wrong[address] = status
    assert wrong == {}


@pytest.mark.parametrize("role", NARROW)
def test_no_list_search_count_or_file_tells_of_a_foreign_team(site: Site, foreigner: Foreigner, role: str) -> None:
    session, told = site.signed_in(role), {}
    asked = {
        "team": foreigner.team,
        "number": foreigner.number,
        "contact": foreigner.ids["contact_id"],
        **foreigner.ids,
    }
    for one in LISTS:
        address = one.format(**asked)
        answer = session.get(site.url + address, timeout=60)
        assert answer.status_code in (200, *NOTHING), address
        words = answer.content.decode("utf-8-sig", "replace")
        leaked = [key for key in foreigner.contacts if f"/contacts/{key}/" in words or f"\n{key}," in words]
        if leaked or foreigner.name in words:
            told[address] = leaked or foreigner.name
    assert told == {}


def test_who_may_see_a_foreign_team_is_shown_it(site: Site, foreigner: Foreigner) -> None:
    """The other half: the addresses above are real ones."""
    session = site.signed_in("manager")
    for start in SEES:
        shown = [one for one in _routes() if one.startswith(start) and one.count("<") == 1 and one.endswith(">/")]
        for route in filter(foreigner.has, shown):
            answer = session.get(site.url + foreigner.put_into(route), timeout=60, allow_redirects=False)
            assert answer.status_code in SHOWN, route
    listed = session.get(f"{site.url}/contacts/?q={foreigner.ids['contact_id']}", timeout=60).text
    assert f"/contacts/{foreigner.ids['contact_id']}/" in listed
    assert foreigner.name in session.get(f"{site.url}/months/{foreigner.ids['month']}/", timeout=60).text


@pytest.mark.parametrize("role", ROLES)
def test_the_side_bar_of_every_role_leads_somewhere(site: Site, role: str) -> None:
    session = site.signed_in(role)
    home = session.get(f"{site.url}/", timeout=60)
    assert home.status_code == 200
    links = _side_bar(home.text)
    assert links
    assert {link: session.get(site.url + link, timeout=60).status_code for link in links} == dict.fromkeys(links, 200)


def test_strangers_are_sent_to_the_sign_in_page(site: Site, foreigner: Foreigner) -> None:
    seen = {}
    for address in map(foreigner.put_into, _routes()):
        if not address.startswith(OPEN):
            answer = requests.get(site.url + address, timeout=30, allow_redirects=False)
            if answer.status_code not in (302, 401, 404, 405):
                seen[address] = answer.status_code
    assert seen == {}


def test_an_agent_does_not_see_a_colleague(site: Site) -> None:
    session = site.signed_in("agent")
    own = site.accounts["agent"].number
    other = site.accounts["senior_agent"].number
    assert session.get(f"{site.url}/agents/{own}/", timeout=60).status_code == 200
    assert session.get(f"{site.url}/agents/{other}/", timeout=60).status_code == 404


def _side_bar(html: str) -> list[str]:
    bar = re.search(r'<nav class="bh-nav".*?</nav>', html, re.DOTALL)
    assert bar, "the page has no side bar"
    return [unescape(link) for link in re.findall(r'href="([^"#]+)"', bar.group(0))]
