"""What the conformance table sends a reader to can be opened: every address is a page, every command a verb."""

from __future__ import annotations

import pytest
from django.urls import resolve

from bihuan.config.cli import VERBS_OF
from tests.conformance import places

STANDS_FOR = {
    "<month>": "2026-10", "<number>": "8012", "<contact>": "c-1", "<day>": "2026-10-12",
    "<id>": "0198c0de-0000-7000-8000-000000000001",
}  # fmt: skip
VERBS = {verb for verbs in VERBS_OF.values() for verb in verbs}
PLACES = sorted({place.strip("`") for seen in places().values() for place in seen})


@pytest.mark.parametrize("place", PLACES)
def test_a_place_where_a_rule_is_seen_is_an_address_or_a_command(place: str) -> None:
    if place.startswith("/"):
        for word, meaning in STANDS_FOR.items():
            place = place.replace(word, meaning)
        assert resolve(place, "bihuan.config.urls").func
    else:
        program, verb, *_ = place.replace("`", "").split()
        assert (program, verb in VERBS) == ("bihuan", True)
