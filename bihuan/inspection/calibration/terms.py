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
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.lending import number_of
from bihuan.standards.rules.edition import Edition


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
    confidence = float(number_of(edition, "statistics.confidence").share)
    return CalibrationTerms(
        floors=Floors(
            kappa=float(number_of(edition, "calibration.kappa_floor").value),
            alpha=float(number_of(edition, "calibration.alpha_floor").value),
            one_sided=float(number_of(edition, "calibration.one_sided_from").share),
        ),
        redraw=Redraw(
            number_of(edition, "ranking.bootstrap_draws").whole,
            number_of(edition, "ranking.bootstrap_seed").whole,
            confidence,
        ),
        severity_limit=float(number_of(edition, "calibration.severity_limit").value),
        drift_limit=float(number_of(edition, "calibration.drift_limit").value),
        least_overlap=number_of(edition, "calibration.least_overlap").whole,
        sessions_every=_span(edition, "calibration.sessions_every"),
        contacts=number_of(edition, "calibration.contacts").whole,
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
    return timedelta(microseconds=number_of(edition, path).micros)
