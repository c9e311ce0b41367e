"""Evidence in a text: code points, overlaps, and offsets that survive masking."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bihuan.standards.rules.tree import Evidence
from bihuan.standards.rules.verdict import Verdict
from bihuan.workplace.contacts.evidence import Mark, Segment, marks_by_message, segments, strongest
from bihuan.workplace.masking import LONGEST, masked, shown
from bihuan.workplace.tests.contacts.record import MOBILE, TURNED, WIDE_MOBILE


def test_offsets_count_code_points_so_that_emoji_and_full_width_digits_do_not_shift_them() -> None:
    text = "😀您好👍🏽，１３８"
    found = segments(text, [Mark(1, 3, "greeting", "met"), Mark(6, 9, "leak", "bad")])
    assert [(one.text, one.tone) for one in found] == [("😀", ""), ("您好", "met"), ("👍🏽，", ""), ("１３８", "bad")]


def test_overlapping_spans_share_their_middle_and_the_violation_draws_it() -> None:
    found = segments("abcdef", [Mark(0, 4, "greeting", "met"), Mark(2, 6, "promise", "bad")])
    assert found == [
        Segment("ab", "met", "greeting"),
        Segment("cd", "bad", "greeting promise"),
        Segment("ef", "bad", "promise", ends_bad=True),
    ]


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50), st.sampled_from(["met", "bad", "look"])), max_size=6),
)
def test_segments_join_to_the_text_whatever_the_spans(text: str, spans: list[tuple[int, int, str]]) -> None:
    marks = [Mark(start, end, f"c{at}", tone) for at, (start, end, tone) in enumerate(spans)]
    found = segments(text, marks, [(start, end) for start, end, _tone in spans])
    assert "".join(one.text for one in found) == text
    for mark in marks:
        inside = text[max(mark.start, 0) : max(mark.end, 0)] if mark.start < mark.end else ""
        assert "".join(one.text for one in found if mark.check in one.checks.split()) == inside


@given(st.text(max_size=300))
def test_masking_keeps_the_length_and_what_could_fool_the_eye_is_a_sign(text: str) -> None:
    seen = shown(text).text
    assert len(seen) == len(text)
    assert not set(seen) & set("\x00\x1b\u202e\u2066")


def test_numbers_are_masked_in_every_spelling_and_shown_once_revealed() -> None:
    for number in (MOBILE, WIDE_MOBILE):
        assert number not in masked(f"电话{number}")
        assert masked(f"电话{number}", revealed=True) == f"电话{number}"
    assert shown(f"电话{MOBILE}").private[0].start == 2


def test_a_message_of_a_million_characters_is_cut_and_says_how_much_is_missing() -> None:
    seen = shown("长" * (LONGEST - 3) + MOBILE + "长" * 1_000_000)
    assert len(seen.text) == LONGEST
    assert seen.rest == 1_000_000 + len(MOBILE) - 3
    assert MOBILE[:3] in seen.text[-3:]
    assert "0000" not in seen.text


def test_hostile_marks_are_replaced_one_by_one() -> None:
    assert masked(TURNED) == "\ufffd反转\ufffd\ufffd\ufffd"
    assert masked("a\nb\tc") == "a\nb\tc"


def test_where_something_was_sought_is_drawn_apart_from_what_was_found() -> None:
    looked = Evidence(message=2, start=0, end=3, role="looked")
    verdicts = {
        "thanks": Verdict("violated", "no_thanks", (looked,)),
        "leak": Verdict("violated", "", (Evidence(2, 1, 2),)),
    }
    marks = marks_by_message(verdicts)[2]
    assert [mark.tone for mark in marks] == ["look", "bad"]
    assert strongest(marks) == "bad"
