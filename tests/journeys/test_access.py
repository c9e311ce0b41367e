"""Every address for every role: no page fails, no side bar leads nowhere, strangers learn nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
import requests
from django.urls import URLPattern, URLResolver, get_resolver

from tests.site import Site

ROLES = (
    "agent", "senior_agent", "inspector", "supervisor", "manager", "trainer", "complaint_specialist", "technical_support",
    "customer_representative", "administrator",
)  # fmt: skip
OPEN = ("/healthz", "/accounts/", "/language/")
ANYTHING = {
    "str": "0000", "slug": "none", "int": "999999", "uuid": "00000000-0000-7000-8000-000000000000", "path": "none",
}  # fmt: skip


def _addresses() -> list[str]:
    """Every page's address with something put into its places; programs' addresses have their own tests."""
    pages = [one for one in _walk(get_resolver()) if not one.startswith("/api/")]
    return sorted({re.sub(r"<(\w+):\w+>", lambda m: ANYTHING[m.group(1)], one) for one in pages})


def _walk(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).lstrip("^").rstrip("$")
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        elif isinstance(entry, URLPattern):
            yield re.sub(r"<(\w+)>", r"<str:\1>", route)


@pytest.mark.parametrize("role", ROLES)
def test_no_address_fails_for_any_role(site: Site, role: str) -> None:
    session = site.signed_in(role)
    failed = {}
    for address in _addresses():
        if address.startswith("/accounts/logout"):
            continue
        status = session.get(site.url + address, timeout=60, allow_redirects=False).status_code
        if status >= 500:
            failed[address] = status
    assert failed == {}


@pytest.mark.parametrize("role", ROLES)
def test_the_side_bar_of_every_role_leads_somewhere(site: Site, role: str) -> None:
    session = site.signed_in(role)
    home = session.get(f"{site.url}/", timeout=60)
    assert home.status_code == 200
    links = _side_bar(home.text)
    assert links
    assert {link: session.get(site.url + link, timeout=60).status_code for link in links} == dict.fromkeys(links, 200)


def test_strangers_are_sent_to_the_sign_in_page(site: Site) -> None:
    seen = {}
    for address in _addresses():
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
