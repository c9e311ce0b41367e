"""What changes from one edition to another, in sentences, and for whom: on conversations that can be drawn again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import polars as pl
import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.archive.reader import Reader
from bihuan.archive.store import Archive
from bihuan.inspection.judging import READ
from bihuan.journal.models import Entry
from bihuan.kit.errors import NotAllowed
from bihuan.people.tests.cast import Cast
from bihuan.standards import models as standards
from bihuan.standards.actions import publish_edition
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import LIBRARY, load_edition, parse_edition
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.verdict import Verdict
from bihuan.workplace.drafts import sample as sampling
from bihuan.workplace.drafts.acts import edition_of_draft, save_text
from bihuan.workplace.drafts.models import CheckDraft
from bihuan.workplace.drafts.sample import Sample
from bihuan.workplace.editions.comparisons import carry_out_comparison, request_comparison
from bihuan.workplace.editions.effects import ABSENT, effects
from bihuan.workplace.editions.models import EditionComparison
from bihuan.workplace.tests.drafts.conftest import DAYS
from bihuan.workplace.tests.drafts.texts import GREETING

EVERYBODY = [
    "agent", "senior_agent", "technical_support", "complaint_specialist", "customer_representative", "supervisor",
    "inspector", "trainer", "manager", "administrator", "stranger",
]  # fmt: skip
MAY = {"senior_agent", "supervisor", "inspector", "manager", "administrator"}
SignIn = Callable[[str], Client]
BASE = load_edition("recommended").hash


def stricter_text(version: str = "2026.2") -> str:
    """The shipped edition in which a missing step of a complaint costs 45 points instead of 5."""
    text = (
        (LIBRARY / "recommended.yaml").read_text(encoding="utf-8").replace('version: "2026.1"', f'version: "{version}"')
    )
    dear = "- check: complaint_steps\n        points: {value: 45"
    return text.replace("- check: complaint_steps\n        points: {value: 5", dear)


@pytest.fixture(scope="module")
def editions() -> tuple[Edition, Edition]:
    return load_edition("recommended"), parse_edition(stricter_text())


def told(old: Edition, new: Edition, sample: Sample) -> dict[str, Any]:
    return effects(old, new, sample, confidence=0.95, told=lambda done, total: None)


def scores(edition: Edition, sample: Sample) -> dict[str, int | None]:
    """contact → milli-points, by the scoring of a single contact."""
    found: dict[str, dict[str, Verdict]] = {}
    for row in Engine.for_edition(edition).judge(sample.batch).iter_rows(named=True):
        found.setdefault(row["contact_id"], {})[row["item"]] = Verdict(row["verdict"])
    totals = {key: score_contact(edition, verdicts).value for key, verdicts in found.items()}
    return {key: None if value is None else int(value * 1000) for key, value in totals.items()}


def test_scores_before_and_after_are_those_of_each_conversation(
    sample: Sample, editions: tuple[Edition, Edition]
) -> None:
    old, new = editions
    before, after = scores(old, sample), scores(new, sample)
    found = told(old, new, sample)
    moved = {key for key in before if before[key] != after[key]}
    assert moved, "the record has a conversation in which a step is missing"
    assert {row["contact_id"]: (row["old"], row["new"]) for row in found["contacts"]} == {
        key: (before[key], after[key]) for key in moved
    }
    assert found["all"]["touched"] == len(moved)
    assert found["checks"] == []


def test_people_and_teams_add_up_to_everybody(sample: Sample, editions: tuple[Edition, Edition]) -> None:
    found = told(*editions, sample)
    for groups in (found["teams"], found["people"]):
        for figure in ("n", "touched", "verdicts", "scored", "fatal_before", "fatal_after"):
            assert sum(one[figure] for one in groups) == found["all"][figure]
    assert found["all"]["n"] == sample.read
    fall = [one for one in found["people"] if one["change"] and float(one["change"]) < 0]
    assert fall
    assert found["people"][: len(fall)] == fall  # the largest loss first


def test_an_edition_beside_itself_changes_nothing_for_anybody(
    sample: Sample, editions: tuple[Edition, Edition]
) -> None:
    found = told(editions[0], editions[0], sample)
    assert (found["all"]["touched"], found["all"]["verdicts"], found["checks"], found["contacts"]) == (0, 0, [], [])
    assert found["all"]["change"] in ("0.00", None)


def test_a_check_that_came_or_went_counts_where_it_finds_something(
    sample: Sample, cast: Cast, draft: CheckDraft
) -> None:
    save_text(cast.user("inspector"), draft=draft, text=GREETING.replace("greeting:", "house_greeting:", 1))
    made = edition_of_draft(draft, "zh-hans")
    assert made.content is not None
    judged = Engine.for_edition(made.content, only=[made.check_id]).judge(sample.batch)
    violated = judged.filter(pl.col("verdict") == "violated").height
    assert 0 < violated < sample.read
    base = load_edition("recommended")
    assert told(base, made.content, sample)["checks"] == [
        {"item": made.check_id, "before": ABSENT, "after": "violated", "n": violated}
    ]
    assert told(made.content, base, sample)["checks"] == [
        {"item": made.check_id, "before": "violated", "after": ABSENT, "n": violated}
    ]


def test_progress_is_told_up_to_the_last_judgement(sample: Sample, editions: tuple[Edition, Edition]) -> None:
    heard: list[tuple[int, int]] = []
    effects(*editions, sample, confidence=0.95, told=lambda done, total: heard.append((done, total)))
    assert heard == sorted(heard)
    assert heard[-1] == (2 * sample.read, 2 * sample.read)


def asked(cast: Cast, editions: tuple[Edition, Edition], who: str = "manager") -> EditionComparison:
    publish_once()
    return request_comparison(cast.user(who), before=editions[0], after=editions[1], period=DAYS, size=20)


def publish_once() -> standards.Edition:
    held = standards.Edition.objects.filter(version="2026.2").first()
    return held or publish_edition(
        "system:test", text=stricter_text(), author="house", effective_from=date(2026, 12, 1)
    )


def test_the_same_request_finds_the_same_again_and_the_journal_knows_who_asked(
    cast: Cast, editions: tuple[Edition, Edition]
) -> None:
    first = carry_out_comparison(asked(cast, editions))
    second = carry_out_comparison(asked(cast, editions))
    assert first.pk != second.pk
    assert first.found == second.found
    assert (first.manifest, first.seed) == (second.manifest, second.seed)
    assert (
        Entry.objects.filter(verb="edition_comparison.requested", subject=f"edition_comparison:{first.pk}").count() == 1
    )


def test_one_that_still_runs_is_not_asked_for_twice_and_a_finished_one_stays(
    cast: Cast, editions: tuple[Edition, Edition]
) -> None:
    first = asked(cast, editions)
    assert asked(cast, editions) == first
    done = carry_out_comparison(first)
    assert carry_out_comparison(done).finished_at == done.finished_at


def test_a_worker_killed_in_the_middle_starts_again_and_ends_as_if_nothing_had_been(
    cast: Cast, editions: tuple[Edition, Edition]
) -> None:
    whole = carry_out_comparison(asked(cast, editions))
    broken = asked(cast, editions)
    EditionComparison.objects.filter(pk=broken.pk).update(done=3, total=12)
    assert carry_out_comparison(broken).found == whole.found


def test_everybody_compares_on_conversations_they_may_see(
    cast: Cast, editions: tuple[Edition, Edition], draft_record: Archive
) -> None:
    everything = carry_out_comparison(asked(cast, editions)).found
    own = carry_out_comparison(asked(cast, editions, "senior_agent")).found
    assert everything is not None
    assert own is not None
    assert own["population"] < everything["population"] == Reader(draft_record).table("contacts", days=DAYS).num_rows
    assert {one["key"] for one in own["people"]} <= {cast.people["senior_agent"].number, None, ""}


@pytest.mark.django_db
def test_an_edition_whose_text_is_gone_refuses_in_words(cast: Cast, editions: tuple[Edition, Edition]) -> None:
    comparison = asked(cast, editions)
    EditionComparison.objects.filter(pk=comparison.pk).update(before_hash="0" * 64)
    comparison.refresh_from_db()
    done = carry_out_comparison(comparison)
    assert done.is_finished
    assert "has changed since" in done.refusal


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_who_may_edit_standards_compares(cast: Cast, signed_in: SignIn, who: str, editions) -> None:
    client, edition = signed_in(who), publish_once()
    url = f"/standards/{edition.hash}/differences/"
    assert client.get(url).status_code == (200 if who in MAY else 404)
    assert client.get(f"/standards/{'0' * 64}/differences/").status_code == 404
    comparison = asked(cast, editions)
    own = 200 if who == "manager" else 404
    assert client.get(f"/standards/differences/{comparison.pk}/progress/").status_code == own
    if who not in MAY:
        assert client.post(url, {"first": "2026-10-05", "last": "2026-10-06", "size": "20"}).status_code == 404
        with pytest.raises(NotAllowed):
            asked(cast, editions, who)


def words(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_the_page_says_in_sentences_what_changes_and_then_for_whom(cast: Cast, signed_in: SignIn) -> None:
    client, edition = signed_in("manager"), publish_once()
    url = f"/standards/{edition.hash}/differences/?against={BASE}"
    page = words(client.get(url))
    assert "扣分 投诉四步 由 5 分 改为 45 分".replace(" ", "") in page.replace(" ", "")
    assert "尚未对比" in page
    answer = client.post(url, {"first": "2026-10-05", "last": "2026-10-06", "size": "20"})
    assert answer["Location"].startswith(f"/standards/{edition.hash}/differences/?against={BASE}")
    comparison = EditionComparison.objects.get()
    assert ProcrastinateJob.objects.get(task_name="workplace.compare_editions").args == {
        "comparison_id": str(comparison.pk)
    }
    assert "等待后台处理" in words(client.get(url)) or "hx-trigger" in words(client.get(url))
    carry_out_comparison(comparison)
    progress = client.get(f"/standards/differences/{comparison.pk}/progress/")
    assert progress["HX-Refresh"] == "true"
    page = words(client.get(url))
    assert "人工复核率" in page  # X12: beside every score
    assert comparison.manifest[:12] in page
    fallen = next(one for one in EditionComparison.objects.get().found["people"] if one["touched"])  # type: ignore[index]
    assert f"/agents/{fallen['key']}/" in page
    assert "变更后平均分" in page


def test_the_editions_own_page_leads_there(cast: Cast, signed_in: SignIn) -> None:
    edition = publish_once()
    page = words(signed_in("manager").get(f"/standards/{edition.hash}/?against={BASE}"))
    assert f"/standards/{edition.hash}/differences/?against={BASE}" in page
    assert "differences/" not in words(signed_in("agent").get(f"/standards/{edition.hash}/?against={BASE}"))


@pytest.mark.parametrize(
    "given",
    [
        {"first": "2026-10-06", "last": "2026-10-05", "size": "20"},
        {"first": "2026-01-01", "last": "2026-10-05", "size": "20"},
        {"first": "2026-10-05", "last": "2026-10-06", "size": "1000000"},
        {"first": "x", "last": "", "size": "-1"},
    ],
)
def test_a_draw_that_cannot_be_is_told_beside_its_field(cast: Cast, signed_in: SignIn, given: dict[str, str]) -> None:
    edition = publish_once()
    answer = signed_in("manager").post(f"/standards/{edition.hash}/differences/?against={BASE}", given)
    assert answer.status_code == 422
    assert 'role="alert"' in words(answer)
    assert not EditionComparison.objects.exists()


def test_what_is_read_is_what_judging_a_day_reads(sample: Sample) -> None:
    assert set(sample.batch.contacts["contact_id"]) == set(sample.served["contact_id"])
    assert set(READ) == set(sampling.READ)
