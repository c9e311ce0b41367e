"""Text reaches 4.5 : 1 on every ground it stands on, computed from the stylesheet in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[1] / "static" / "ui" / "tokens.css"
GROUNDS = ("bg", "surface", "sunken")
INKS = ("ink", "ink-2", "ink-3", "accent", "met", "bad", "warn", "idle")
PAIRS = [(ink, ground) for ink in INKS for ground in GROUNDS] + [
    *[(tone, f"{tone}-soft") for tone in ("accent", "met", "bad", "warn")],
    ("ink-2", "idle-soft"),
    ("ink", "accent-soft"),
    ("ink-3", "accent-soft"),
    ("on-accent", "accent-solid"),
]


def theme(name: str) -> dict[str, str]:
    block = re.search(rf'\[data-bs-theme="{name}"\]\s*\{{(.*?)\}}', TOKENS.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--bh-([\w-]+):\s*(#[0-9a-f]{6})", block.group(1)))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself_is_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS, ids=lambda value: value)
def test_text_is_readable_on_its_ground(name, ink, ground):
    tokens = theme(name)
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("mark", ["met", "bad", "warn"])
def test_the_sign_inside_a_mark_is_readable(name, mark):
    tokens = theme(name)
    assert contrast(tokens["on-mark"], tokens[mark]) >= 4.5
