"""Standings and moves of checks in words: `{{ move.after|standing }}`, `{{ move|because }}`."""

from __future__ import annotations

from django import template

from bihuan.inspection.models import TrustMove
from bihuan.inspection.trust.words import STANDINGS, word
from bihuan.inspection.trust.words import because as said_because

register = template.Library()


@register.filter
def standing(code: str) -> str:
    return word(STANDINGS, code)


@register.filter
def because(move: TrustMove) -> str:
    return said_because(move.codes, move.reason)
