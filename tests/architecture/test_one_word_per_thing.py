"""The glossary's list of words that are not used holds for every text somebody reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bihuan.metrics.catalog import CATALOG

ROOT = Path(__file__).resolve().parents[2]
READ = ("bihuan/**/*.po", "bihuan/**/*.html", "bihuan/**/*.py", "bihuan/standards/library/*.yaml")
ROW = re.compile(r"^\| (?P<refused>[^|]+) \| (?P<wanted>[^|]+) \|$", re.MULTILINE)


def glossary() -> tuple[str, str]:
    """The table of terms, and the table of words that are not used."""
    words, _title, refused = (
        (ROOT / "docs" / "GLOSSARY.md").read_text(encoding="utf-8").partition("## One thing, one word")
    )
    return words, refused


def refused_words() -> dict[str, str]:
    """{word that is not used: the one that is}"""
    rows = [row for row in ROW.finditer(glossary()[1]) if row["refused"] != "not"]
    return {word: row["wanted"] for row in rows for word in row["refused"].split("、")}


def texts() -> Iterator[tuple[Path, str]]:
    """Everything with words for readers. Tests and phrases of the demo's customers and agents may say what they like."""
    for path in sorted({found for pattern in READ for found in ROOT.glob(pattern)}):
        inside = path.relative_to(ROOT).parts
        if "tests" not in inside and "phrases" not in inside and inside[1] != "demo":
            yield path, path.read_text(encoding="utf-8")


def test_no_text_says_a_word_the_glossary_refuses() -> None:
    refused = refused_words()
    assert len(refused) > 5
    found = [
        f"{path.relative_to(ROOT)}: {word}, say {wanted}"
        for path, text in texts()
        for word, wanted in refused.items()
        if word in text
    ]
    assert not found


def test_every_word_to_use_instead_is_in_the_glossary_or_the_catalogue() -> None:
    known = glossary()[0] + " ".join(metric.zh for metric in CATALOG.values())
    assert [word for word in refused_words().values() if word not in known] == []


def test_no_two_metrics_share_a_name() -> None:
    for names in ([one.zh for one in CATALOG.values()], [one.en for one in CATALOG.values()]):
        assert len(set(names)) == len(names)
