"""Publishing an edition and taking one back, on the page: works, refuses, who may not, what else changed."""

import copy
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bihuan.journal.models import Entry
from bihuan.people.models import Person, RoleGrant, User
from bihuan.standards.editions import LIBRARY
from bihuan.standards.models import Edition, Withdrawal

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bihuan.standards.tests.urls")]
JANUARY = date(2026, 1, 1)
ADDRESS = "/standards/publication/"


@pytest.fixture(autouse=True)
def _without_side_bar(settings):
    """The side bar links to every part; these are this part's pages alone."""
    engine = copy.deepcopy(settings.TEMPLATES)
    processors = engine[0]["OPTIONS"]["context_processors"]
    engine[0]["OPTIONS"]["context_processors"] = [name for name in processors if "navigation" not in name]
    settings.TEMPLATES = engine


def signed_in(role, number="5001"):
    user = User.objects.create(username=number)
    person = Person.objects.create(number=number, name="郑强", sort_key="zheng qiang", joined=JANUARY, user=user)
    RoleGrant.objects.create(person=person, role=role, since=JANUARY)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def manager(db):
    Person.objects.create(number="2001", name="周敏", sort_key="zhou min", joined=JANUARY)
    return signed_in("manager")


@pytest.fixture
def values(text_of):
    return {"text": text_of(), "author": "2001", "effective_from": "2026-12-01"}


def test_a_check_shows_report_and_differences_and_publishes_nothing(manager, values):
    changed = values["text"].replace("at_most: {value: 3, unit: rings", "at_most: {value: 4, unit: rings", 1)
    answer = manager.post(ADDRESS, {**values, "text": changed, "check": ""})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "4 声" in text[text.index('id="diff"') :]
    assert 'name="publish"' in text
    assert not Edition.objects.exists()


def test_publishing_makes_one_edition_and_one_line_of_the_journal(manager, values):
    answer = manager.post(ADDRESS, {**values, "publish": ""})
    edition = Edition.objects.get()
    assert answer["Location"] == f"/standards/{edition.hash}/"
    assert (edition.author, edition.approver, edition.effective_from) == ("2001", "5001", date(2026, 12, 1))
    assert Entry.objects.filter(verb="standards_edition.published").count() == 1
    assert manager.post(ADDRESS, {**values, "publish": ""}).status_code == 409
    assert Edition.objects.count() == 1


def test_a_file_counts_as_the_text_and_stays_for_the_second_step(manager, values):
    file = SimpleUploadedFile("ours.yaml", values.pop("text").encode())
    answer = manager.post(ADDRESS, {**values, "file": file, "check": ""})
    assert answer.status_code == 200
    assert "id: ours" in answer.content.decode()


def test_the_approver_is_not_the_author(manager, values):
    answer = manager.post(ADDRESS, {**values, "author": "5001", "publish": ""})
    assert answer.status_code == 409
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"text": "[1"}, {"text": "format: 1"}, {"author": "nobody"}, {"effective_from": "soon"}],
    ids=["nothing", "no YAML", "no edition", "no author", "no day"],
)
def test_what_cannot_be_used_is_said_on_the_page(manager, values, wrong):
    assert manager.post(ADDRESS, {**values, **wrong, "publish": ""}).status_code == 422
    assert not Edition.objects.exists()


def test_an_edition_with_errors_offers_no_publishing(manager, values):
    text = (LIBRARY / "service-quality.yaml").read_text(encoding="utf-8")
    answer = manager.post(ADDRESS, {**values, "text": text, "publish": ""})
    assert answer.status_code == 422
    assert 'name="publish"' not in answer.content.decode()
    assert not Edition.objects.exists()


def test_an_edition_for_a_part_of_the_department_is_reported_on_and_not_published(manager, values):
    part = {**values, "text": values["text"].replace("\ncalendar:", "\napplies_to: {channel: [chat]}\ncalendar:", 1)}
    for pressed in ("check", "publish"):
        answer = manager.post(ADDRESS, {**part, pressed: ""})
        text = answer.content.decode()
        assert "只面向部门的一部分（渠道：在线）" in text
        assert 'name="publish"' not in text
        assert answer.status_code == 422
    assert not Edition.objects.exists()


def test_a_new_edition_starts_from_the_text_of_another(manager):
    assert "id: recommended" in manager.get(ADDRESS, {"from": "recommended"}).content.decode()
    assert manager.get(ADDRESS, {"from": "../secrets"}).status_code == 404


def test_withdrawing_needs_a_reason_and_happens_once(manager, publish):
    edition = publish(JANUARY)
    address = f"/standards/{edition.hash}/withdrawal/"
    day = timezone.localdate().isoformat()
    manager.post(address, {"effective_on": day, "reason": " "})
    assert not Withdrawal.objects.exists()
    for _twice in range(2):
        assert manager.post(address, {"effective_on": day, "reason": "wrong target"}).status_code == 302
    assert Withdrawal.objects.get().withdrawn_by == "5001"
    assert Entry.objects.filter(verb="standards_edition.withdrawn").count() == 1


@pytest.mark.parametrize("role", ["agent", "supervisor", "inspector", "trainer"])
def test_for_others_the_addresses_do_not_exist(publish, role):
    edition = publish(JANUARY)
    client = signed_in(role, "1001")
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS).status_code == 404
    assert client.post(f"/standards/{edition.hash}/withdrawal/").status_code == 404
    text = client.get(f"/standards/{edition.hash}/").content.decode()
    assert "publication" not in text
    assert "withdrawal" not in text
    assert not Withdrawal.objects.exists()


def test_who_is_not_signed_in_is_sent_to_sign_in(publish):
    for address in (ADDRESS, f"/standards/{publish(JANUARY).hash}/withdrawal/"):
        assert Client().post(address)["Location"].startswith("/accounts/login/")
