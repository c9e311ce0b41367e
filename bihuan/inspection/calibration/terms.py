"""What an edition says about calibration; where it is silent, the shipped one to start with lends its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from bihuan.inspection.forms_of_editions import edition_named
from bihuan.inspection.models import Calibration
from bihuan.inspection.rules.calibration import Floors
from bihuan.inspection.rules.estimate import Redraw
from bihuan.kit.errors import InputError
from bihuan.standards.choosing import USUAL, edition_in_use
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition, Number


@dataclass(frozen=True)
class CalibrationTerms:
    """The figures of `numbers.calibration`; limits in points of the form."""

    floors: Floors
    redraw: Redraw
    severity_limit: float
    drift_limit: float
    least_overlap: int
    sessions_every: timedelta
    contacts: int
    looked_back: timedelta
    confidence: float


def terms_of(edition: Edition) -> CalibrationTerms:
    """Floors, limits, and how intervals are drawn."""
    confidence = float(_number(edition, "statistics.confidence").share)
    return CalibrationTerms(
        floors=Floors(
            kappa=float(_number(edition, "calibration.kappa_floor").value),
            alpha=float(_number(edition, "calibration.alpha_floor").value),
            one_sided=float(_number(edition, "calibration.one_sided_from").share),
        ),
        redraw=Redraw(
            _number(edition, "ranking.bootstrap_draws").whole,
            _number(edition, "ranking.bootstrap_seed").whole,
            confidence,
        ),
        severity_limit=float(_number(edition, "calibration.severity_limit").value),
        drift_limit=float(_number(edition, "calibration.drift_limit").value),
        least_overlap=_number(edition, "calibration.least_overlap").whole,
        sessions_every=_span(edition, "calibration.sessions_every"),
        contacts=_number(edition, "calibration.contacts").whole,
        looked_back=_span(edition, "calibration.looked_back"),
        confidence=confidence,
    )


def edition_of_session(session: Calibration) -> Edition:
    """The edition the session keeps by its hash; where its text was never published and has changed, the one in use."""
    try:
        return edition_named(session.edition_hash, session.edition_ref)
    except InputError:
        return edition_in_use(timezone.localdate(session.made_at))


def _span(edition: Edition, path: str) -> timedelta:
    return timedelta(microseconds=_number(edition, path).micros)


def _number(edition: Edition, path: str) -> Number:
    number = edition.number(path) or load_edition(USUAL).number(path)
    if number is None:
        raise KeyError(path)
    return number
