import copy
import re
from datetime import date

import pytest
from django.test import Client
from django.utils.html import escape

from bihuan.people.models import Person, RoleGrant, User
from bihuan.standards.editions import load_edition, shipped
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.verdict import Verdict

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bihuan.standards.tests.urls")]


@pytest.fixture(autouse=True)
def _without_side_bar(settings):
    """The side bar links to every part; these are this part's pages alone."""
    engine = copy.deepcopy(settings.TEMPLATES)
    processors = engine[0]["OPTIONS"]["context_processors"]
    engine[0]["OPTIONS"]["context_processors"] = [name for name in processors if "navigation" not in name]
    settings.TEMPLATES = engine


@pytest.fixture
def client():
    user = User.objects.create(username="1001")
    person = Person.objects.create(number="1001", name="张三", sort_key="zhang san", joined=date(2026, 1, 1), user=user)
    RoleGrant.objects.create(person=person, role="agent", since=date(2026, 1, 1))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", ["/standards/", "/standards/recommended/", "/standards/rules/"])
def test_a_stranger_is_sent_to_sign_in_and_an_account_without_a_role_sees_nothing(address):
    assert Client().get(address).status_code == 302
    nobody = Client()
    nobody.force_login(User.objects.create(username="nobody"), backend="django.contrib.auth.backends.ModelBackend")
    assert nobody.get(address).status_code == 404


def test_the_list_names_every_shipped_edition_with_its_hash(client):
    text = page(client, "/standards/")
    for name in shipped():
        assert load_edition(name).title.zh in text
        assert load_edition(name).hash[:12] in text


def test_who_approved_an_edition_is_said_in_words_where_it_was_the_system(client, publish):
    kept = publish(date(2026, 1, 1))
    text = page(client, f"/standards/{kept.hash}/")
    assert "系统（test）" in text
    assert "system:test" not in text


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_edition_can_be_read_in_both_languages(client, name):
    assert load_edition(name).title.zh in page(client, f"/standards/{name}/")
    client.cookies["django_language"] = "en"
    assert escape(load_edition(name).title.en) in page(client, f"/standards/{name}/")


def test_every_place_a_score_cites_is_an_anchor_of_the_page(client):
    edition = load_edition("recommended")
    verdicts = {check: Verdict("violated") for check in edition.checks}
    text = page(client, f"/standards/{edition.hash}/")
    places = {node.place for node in score_contact(edition, verdicts).walk() if node.place}
    assert len(places) > 20
    assert [place for place in sorted(places) if f'id="{place}"' not in text] == []


def test_X3_the_lint_report_of_the_literal_text_is_on_its_page(client):
    assert "53" in page(client, "/standards/service-quality/")
    client.cookies["django_language"] = "en"
    assert "Nothing is doubtful" in page(client, "/standards/recommended/")


def test_differences_are_told_in_words(client):
    text = page(client, "/standards/recommended/?against=service-quality")
    assert "30 秒（S3-6）" in text
    assert "30 秒（S1-3）" in text


@pytest.mark.parametrize("address", ["/standards/none/", "/standards/recommended/?against=none"])
def test_an_unknown_edition_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_the_list_takes_a_fixed_number_of_queries(client, publish, django_assert_max_num_queries):
    for version in range(4):
        publish(date(2026, 1, 1 + version), "ours", str(version))
    with django_assert_max_num_queries(12):
        page(client, "/standards/")


def test_targets_of_one_metric_stand_together(client):
    text = page(client, "/standards/recommended/")
    assert text.count('scope="rowgroup" rowspan="6">首次响应') == 1


def test_a_finding_leads_to_the_place_it_speaks_of(client):
    text = page(client, "/standards/service-quality/")
    report = text[text.index('id="lint"') : text.index('id="targets"')]
    anchors = set(re.findall(r'href="#([^"]+)"', report))
    assert len(anchors) > 5
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in text] == []
