"""Tables of inspection: judging runs, draws and who works on what, evaluations, re-evaluations, calibration, trust in checks, what the
record waits for."""

from bihuan.inspection.models.appealing import AppealOutcome
from bihuan.inspection.models.calibrating import (
    Calibration,
    CalibrationContact,
    CalibrationSeat,
    Rating,
    RatingAnswer,
    RatingComment,
    ScaleAlarm,
)
from bihuan.inspection.models.evaluating import Acknowledgement, Answer, Comment, Evaluation, Telling
from bihuan.inspection.models.judging import JudgingRun
from bihuan.inspection.models.model_judging import ModelAnswer, ModelDay, ModelFault, ModelSpending
from bihuan.inspection.models.platform_reviews import ReviewLink, ScreenedReview
from bihuan.inspection.models.reviewing import Opinion, Review
from bihuan.inspection.models.sampling import Assignment, Draw
from bihuan.inspection.models.sighting import Sighting
from bihuan.inspection.models.trusting import FairnessRun, Reckoning, TrustMove

__all__ = [
    "Acknowledgement",
    "Answer",
    "AppealOutcome",
    "Assignment",
    "Calibration",
    "CalibrationContact",
    "CalibrationSeat",
    "Comment",
    "Draw",
    "Evaluation",
    "FairnessRun",
    "JudgingRun",
    "ModelAnswer",
    "ModelDay",
    "ModelFault",
    "ModelSpending",
    "Opinion",
    "Rating",
    "RatingAnswer",
    "RatingComment",
    "Reckoning",
    "Review",
    "ReviewLink",
    "ScaleAlarm",
    "ScreenedReview",
    "Sighting",
    "Telling",
    "TrustMove",
]
