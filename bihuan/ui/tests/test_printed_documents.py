"""Documents on paper: words stay words, no empty boxes, the wheel's fonts alone, the same bytes for the same content."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.ui.documents import Document, Line, MissingGlyphs, Rows, Signatures, Title, Words, pdf_of, typeset
from bihuan.ui.glyphs import drawable, lacking, printable
from bihuan.ui.messages import ROOT, parts
from bihuan.ui.tests.pdf_reading import Read, read_pdf

MARKUP = """#import "secret.typ" #read("/etc/passwd") *b* _i_ $x^2$ @ref <label> `raw` // note /* note */ [x] {y} \\ ~ "q" #panic()"""


def sheet(*words: str, lines: int = 1) -> Document:
    table = Rows(("项目", "得分"), [Line([one, "1"]) for one in words] * lines, (1, 0), ("left", "right"))
    return Document(
        "日评分表", "2026-11-15", [("版本", "2026.1")], [Title("会话"), table, Signatures(("坐席",))], "打印"
    )


def drawn(*words: str) -> Read:
    return read_pdf(pdf_of(sheet(*words)))


def test_words_are_set_as_they_are_and_never_read_as_markup() -> None:
    assert MARKUP.replace(" ", "") in drawn(MARKUP).text


@pytest.mark.parametrize(
    "line", ["= heading", "- list", "+ 1", "/ term: x", "#pagebreak()", "#{1+1}", "\\u{41}", "--- --"]
)
def test_no_line_becomes_a_heading_a_list_or_code(line: str) -> None:
    found = drawn(line)
    assert line.replace(" ", "") in found.text
    assert found.pages == 1


def test_an_emoji_is_named_where_it_stood_and_the_reader_is_told() -> None:
    found = drawn("好的😀谢谢👨‍👩‍👧", "👍🏽")
    assert "好的〔U+1F600〕谢谢〔U+1F468U+1F469U+1F467〕" in found.text
    assert "〔U+1F44DU+1F3FD〕" in found.text
    assert "代表无法打印的符号" in found.text
    assert found.boxes == 0


def test_without_such_signs_nobody_is_told_of_them() -> None:
    assert "代表无法打印的符号" not in drawn("好的").text


@pytest.mark.parametrize("rare", ["𠮷野家", "龘靐", "〇", "㎡①★", "Ångström", "−1.5 ≤ × –"])
def test_rare_characters_the_font_has_are_drawn(rare: str) -> None:
    found = drawn(rare)
    assert rare.replace(" ", "") in found.text
    assert found.boxes == 0


@pytest.mark.parametrize("sign", ["ༀ", "😀", "𪚥", "\ue000", "مرحبا", "\u202e", "\x07"])
def test_a_missing_glyph_fails_the_document_where_nobody_named_it(sign: str) -> None:
    data = {**asdict(sheet("好的")), "foot": sign}
    with pytest.raises(MissingGlyphs, match=f"U\\+{ord(min(sign)):04X}"):
        typeset(data)


@given(st.text(max_size=60))
def test_whatever_people_wrote_can_be_printed(words: str) -> None:
    assert lacking(printable(words)) == []


@given(st.lists(st.sampled_from(sorted(drawable())), min_size=1, max_size=40))
def test_what_the_table_of_the_font_promises_is_never_an_empty_box(codes: list[int]) -> None:
    assert drawn("".join(map(chr, codes))).boxes == 0


def test_the_typesetter_itself_draws_a_box_and_says_nothing_which_is_why_the_font_is_asked(monkeypatch) -> None:
    monkeypatch.setattr("bihuan.ui.documents.lacking", lambda text: [])
    assert read_pdf(typeset({**asdict(sheet("好的")), "foot": "ༀ"})).boxes == 1


def test_only_the_fonts_of_the_wheel_are_used() -> None:
    assert drawn("Plain 中文 123 ✓").fonts == {"NotoSansCJKsc-Thin"}


def test_the_same_content_has_the_same_bytes() -> None:
    assert pdf_of(sheet("好的")) == pdf_of(sheet("好的"))


def test_long_tables_go_on_with_page_numbers_and_their_head() -> None:
    found = read_pdf(pdf_of(sheet("礼貌用语", lines=120)))
    assert found.pages == 3
    assert found.text.count("项目得分") == 3
    assert all(f"打印{page}/3" in found.text for page in (1, 2, 3))


def test_a_word_without_spaces_breaks_instead_of_leaving_the_page() -> None:
    assert "x" * 300 in drawn("https://example.com/" + "x" * 300).text.replace("\u200b", "")


def test_every_word_of_the_interface_can_be_printed() -> None:
    texts = [
        path.read_text(encoding="utf-8") for part in parts() for path in sorted(part.glob("locale/*/LC_MESSAGES/*.po"))
    ]
    texts += [path.read_text(encoding="utf-8") for path in sorted((ROOT / "standards" / "library").glob("*.yaml"))]
    assert texts
    assert {sign for text in texts for sign in lacking(text)} == set()


def test_an_empty_paragraph_is_no_fault() -> None:
    assert read_pdf(pdf_of(Document("表", "", [], [Words("")], ""))).pages == 1
