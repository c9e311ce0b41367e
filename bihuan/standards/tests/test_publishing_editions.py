from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from bihuan.journal.models import Entry
from bihuan.kit.errors import DefinitionError, InputError, NotAllowed
from bihuan.people.models import Person, RoleGrant, User
from bihuan.standards import actions
from bihuan.standards.editions import LIBRARY, load_edition
from bihuan.standards.models import Edition
from bihuan.standards.queries import edition_in_force, find_edition, find_listed, hashes_in_force, listed

pytestmark = pytest.mark.django_db
JANUARY, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)


def account(role):
    user = User.objects.create(username=f"n-{role}")
    person = Person.objects.create(number=user.username, name=role, sort_key=role, joined=JANUARY, user=user)
    RoleGrant.objects.create(person=person, role=role, since=JANUARY)
    return User.objects.get(pk=user.pk)


def test_a_manager_publishes_and_the_journal_says_so(text_of):
    text = text_of()
    edition = actions.publish_edition(account("manager"), text=text, author="zhou", effective_from=JANUARY)
    assert edition.content().id == "ours"
    assert edition.hash == edition.content().hash
    entry = Entry.objects.get(verb="standards_edition.published")
    assert entry.subject == f"edition:{edition.hash}"


def test_who_may_only_read_does_not_publish(text_of):
    with pytest.raises(NotAllowed):
        actions.publish_edition(account("agent"), text=text_of(), author="zhou", effective_from=JANUARY)
    assert not Edition.objects.exists()


def test_nobody_approves_their_own_edition(text_of):
    manager = account("manager")
    with pytest.raises(actions.OwnApproval):
        actions.publish_edition(manager, text=text_of(), author=manager.username, effective_from=JANUARY)


def test_an_edition_with_errors_is_refused_with_all_of_them():
    text = (LIBRARY / "service-quality.yaml").read_text(encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        actions.publish_edition("system:test", text=text, author="zhou", effective_from=JANUARY)
    assert {"X3.raw_points", "X5.item_past_dimension", "X6.rate_per_contact"} <= {i.code for i in caught.value.issues}


def test_the_same_content_or_version_is_published_once(publish):
    publish(JANUARY)
    with pytest.raises(actions.AlreadyPublished):
        publish(MARCH)
    with pytest.raises(actions.AlreadyPublished):
        publish(MARCH, "ours", "1", ("author: 闭环", "author: 别人"))


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_an_edition(publish, act):
    edition = publish(JANUARY)
    rows = Edition.objects.filter(pk=edition.pk)
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        rows.update(text="") if act == "update" else edition.delete()
    assert Edition.objects.get(pk=edition.pk).text == edition.text


def test_an_edition_holds_from_its_day_until_its_successor(publish):
    first = publish(JANUARY)
    second = publish(MARCH, "ours", "2", supersedes=first)
    assert edition_in_force(date(2025, 12, 31)) is None
    assert edition_in_force(JANUARY).hash == first.hash
    assert edition_in_force(date(2026, 2, 28)).hash == first.hash
    assert edition_in_force(MARCH).hash == second.hash


def test_what_would_decide_nothing_is_refused_and_the_refusal_says_why(publish):
    general = publish(JANUARY)
    with pytest.raises(DefinitionError) as refused:
        publish(JANUARY, "other", "1", ("cutover_hour: {value: 0", "cutover_hour: {value: 4"))
    assert [issue.code for issue in refused.value.issues] == ["calendar.cutover"]
    assert edition_in_force(MARCH).hash == general.hash


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("{channel: [chat, email]}", "渠道：在线、邮件"),
        ("{team: [east], business_line: [loans]}", "业务线：loans；班组：east"),
    ],
)
def test_an_edition_for_a_part_of_the_department_does_not_become_the_one_in_force(publish, part, said):
    general = publish(JANUARY)
    with translation.override("zh-hans"), pytest.raises(actions.ForAPart) as refused:
        publish(JANUARY, "other", "1", ("calendar:", f"applies_to: {part}\ncalendar:"))
    assert refused.value.params == {"part": said}
    assert edition_in_force(MARCH).hash == general.hash


def test_a_scoped_edition_of_an_older_release_does_not_hold(publish):
    general = publish(JANUARY)
    row = Edition.objects.get(pk=general.pk)
    row.pk, row.slug, row.hash, row.effective_from, row.channels = None, "chat", "c" * 64, MARCH, ["chat"]
    row.save()
    assert edition_in_force(MAY).hash == general.hash


def test_the_days_of_many_months_are_answered_as_those_of_one(publish, django_assert_num_queries):
    first = publish(JANUARY)
    second = publish(MARCH, "ours", "2", supersedes=first)
    publish(JANUARY, "beside", "1")
    actions.withdraw_edition("system:test", edition=second, effective_on=MAY, reason="wrong target")
    days = [date(2025, 12, 31), JANUARY, date(2026, 2, 28), MARCH, date(2026, 4, 30), MAY]
    with django_assert_num_queries(1):
        found = hashes_in_force(days)
    assert found == {day: held.hash if (held := edition_in_force(day)) else None for day in days}
    assert len(set(found.values())) == 3


def test_a_withdrawn_edition_holds_no_longer_and_its_predecessor_holds_again(publish):
    first = publish(JANUARY)
    second = publish(MARCH, "ours", "2", supersedes=first)
    actions.withdraw_edition("system:test", edition=second, effective_on=MAY, reason="wrong target")
    assert edition_in_force(date(2026, 4, 30)).hash == second.hash
    assert edition_in_force(MAY).hash == first.hash
    assert find_listed(second.hash, on=MAY).state == "withdrawn"
    assert Entry.objects.filter(verb="standards_edition.withdrawn").count() == 1
    with pytest.raises(actions.AlreadyWithdrawn):
        actions.withdraw_edition("system:test", edition=second, effective_on=MAY, reason="again")


def test_withdrawing_needs_a_reason_and_the_right(publish):
    edition = publish(JANUARY)
    with pytest.raises(actions.ReasonMissing):
        actions.withdraw_edition("system:test", edition=edition, effective_on=MAY, reason=" ")
    with pytest.raises(NotAllowed):
        actions.withdraw_edition(account("supervisor"), edition=edition, effective_on=MAY, reason="no")


def test_editions_are_found_by_id_and_by_hash(publish):
    edition = publish(JANUARY)
    assert find_edition("ours").hash == edition.hash
    assert find_edition(edition.hash[:12]).hash == edition.hash
    assert find_edition("recommended").hash == load_edition("recommended").hash
    assert find_edition(load_edition("service-quality").hash[:12]).id == "service-quality"
    with pytest.raises(InputError):
        find_edition("../secrets")


def test_the_list_shows_published_and_shipped_editions_with_their_state(publish):
    publish(MARCH)
    states = {entry.edition.id: entry.state for entry in listed(JANUARY)}
    assert states == {
        "ours": "coming", "recommended": "shipped", "service-quality": "shipped", "service-process": "shipped",
        "performance-appraisal": "shipped", "training-assessment": "shipped",
    }  # fmt: skip
