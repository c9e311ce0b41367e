"""The content policy forbids inline scripts and styles: here it is held for every template of the product."""

import re
from pathlib import Path

import pytest

import bihuan

ROOT = Path(bihuan.__file__).resolve().parent
TEMPLATES = sorted(path for path in ROOT.rglob("*.html") if "templates" in path.parts)
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style[\s>]", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\b(src=|type=.application/json))[^>]*>", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "an address of another host": re.compile(r"(src|href)\s*=\s*[\"']?(https?:)?//", re.IGNORECASE),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_template_carries_what_the_content_policy_forbids(path):
    source = path.read_text(encoding="utf-8")
    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(source)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_template_is_longer_than_120_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120
