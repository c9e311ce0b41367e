"""Where a rule is seen that no metric, edition or check names by itself: addresses of pages, and commands.

In an address `<month>` stands for a month such as 2026-10, `<number>` for a staff number, `<id>` for the id of one thing and
`<contact>` for one conversation. A test opens none of them but holds that each exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_RESULT, _MONTH, _EVALUATION = "/results/<id>/", "/months/<month>/", "/inspection/evaluations/<id>/"
_CALIBRATION: Final = ("/inspection/calibrations/",)

SEEN: Final[Mapping[str, tuple[str, ...]]] = {
    "S1-1": ("/people/", "/people/<number>/"),
    "S1-8": ("/callbacks/",),
    "S1-9": ("/contacts/<contact>/", "bihuan import"),
    "S2-7": ("/contacts/<contact>/",),
    "S2-12": ("/callbacks/", "/inspection/sheets/"),
    "S2-13": ("/complaints/",),
    "S3-2": ("/people/<number>/", "/inspection/reviews/", *_CALIBRATION),
    "S3-3": ("/inspection/queue/", "/inspection/sheets/"),
    "S3-10": ("/inspection/plan/", "/inspection/queue/"),
    "S3-9": ("/platform-reviews/", "bihuan import"),
    "S3-11": ("/callbacks/", "/platform-reviews/"),
    "S3-12": ("/complaints/",),
    "S3-13": ("/inspection/sheets/", "/inspection/reviews/", _RESULT),
    "S3-14": (_MONTH, _RESULT, "bihuan appraise", "bihuan explain"),
    "S4-4": ("/contacts/<contact>/",),
    "S4-11": (_MONTH, _RESULT, "bihuan appraise"),
    "S4-15": (_MONTH,),
    "S4-16": ("/people/<number>/",),
    "X1": ("/standards/recommended/", "bihuan lint"),
    "X3": ("/contacts/<contact>/", "bihuan lint"),
    "X4": (_RESULT, "/standards/service-quality/", "bihuan lint"),
    "X5": ("/standards/recommended/", "bihuan lint"),
    "X6": ("/contacts/<contact>/", _RESULT, "bihuan explain"),
    "X7": (_RESULT, "bihuan lint"),
    "X10": ("/complaints/",),
    "X12": ("/inspection/plan/", "/inspection/sheets/", "/inspection/trust/", _EVALUATION, _RESULT),
    "X13": ("/callbacks/",),
    "X16": (_MONTH, _RESULT),
    "X17": (_MONTH, _RESULT),
    "X19": (_RESULT, "/results/<id>/days/<day>/"),
}
