"""Why acts of inspection are refused, in sentences for the user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_noop as _

from bihuan.kit.errors import Refusal


class NothingToDraw(Refusal):
    message = _("The record holds no contact of %(day)s that anybody served.")


class DayNotOver(Refusal):
    message = _("%(day)s is not over yet.")


class HeldByAnother(Refusal):
    message = _("%(name)s is evaluating this conversation.")


class NobodyHolds(Refusal):
    message = _("Nobody has taken this conversation; take it first.")


class AlreadyEvaluated(Refusal):
    message = _("%(name)s has already submitted an evaluation of this conversation.")


class OwnContact(Refusal):
    message = _("Nobody evaluates their own conversation.")


class OwnReview(Refusal):
    message = _("Somebody else says what a review of your own conversation is about.")


class ChangedElsewhere(Refusal):
    message = _("This evaluation was changed in another window. Reload the page to see it.")


class Incomplete(Refusal):
    message = _("%(count)s items still need an answer or a reason.")


class UnknownItem(Refusal):
    message = _("The scorecard has no such item.")


class NoScorecard(Refusal):
    message = _("The edition %(edition)s has no scorecard to evaluate by.")


class ReasonNeeded(Refusal):
    message = _("Please give a reason.")


class NothingToRelease(Refusal):
    message = _("No submitted evaluation waits for release.")


class NotReleased(Refusal):
    message = _("This evaluation is not released yet.")


class Replaced(Refusal):
    message = _("A newer version has replaced this evaluation; please read that one.")


class AcknowledgedAlready(Refusal):
    message = _("You have already acknowledged this evaluation.")


class HasSeen(Refusal):
    message = _("Only inspectors take conversations that are judged blind: to you the machine's answers were open.")


class NotAnInspector(Refusal):
    message = _("%(name)s does not evaluate conversations.")


class OutsideTheText(Refusal):
    message = _("There is no such stretch of text in this conversation.")


class FirstRater(Refusal):
    message = _("Whoever evaluated first does not look again.")


class OpinionGiven(Refusal):
    message = _("You have already given your opinion.")


class OwnOpinionFirst(Refusal):
    message = _("Give your own opinion first; only then decide for the group.")


class TooFewOpinions(Refusal):
    message = _("The group needs %(least)s opinions; %(given)s are given.")


class ReviewDecided(Refusal):
    message = _("%(name)s has already decided this re-evaluation.")


class StoppedByAppeals(Refusal):
    message = _("Appeals stopped this check. An edition that changes it starts it anew.")


class MovedMeanwhile(Refusal):
    message = _("The check was moved meanwhile and stands elsewhere now. Look where it stands before you move it.")


class NotTrusted(Refusal):
    """Why a check does not move; `because` takes the codes of `rules.trust`."""

    message = _("The figures do not allow this move.")

    @classmethod
    def because(cls, codes: Sequence[str]) -> NotTrusted:
        return cls(_WHY_NOT[codes[0]] if codes else None)


_WHY_NOT: Final = {
    "precision_unknown": _("Too few of the conversations this check flagged have been reviewed to know its precision."),
    "recall_unknown": _("People have found too few faults of this kind to know how many of them the check finds."),
    "precision_below_floor": _("Its precision is not surely above the edition's floor."),
    "recall_below_floor": _("Its recall is not surely above the edition's floor."),
    "unfair": _("The counterfactual run has not found this check fair, so it may not count."),
    "already_there": _("The check stands there already."),
    "nobody_named": _("A move needs a named person."),
}
