"""Why acts of inspection are refused, in sentences for the user."""

from __future__ import annotations

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


class AcknowledgedAlready(Refusal):
    message = _("You have already acknowledged this evaluation.")


class NotAnInspector(Refusal):
    message = _("%(name)s does not evaluate conversations.")


class OutsideTheText(Refusal):
    message = _("There is no such stretch of text in this conversation.")


class FirstRater(Refusal):
    message = _("Whoever evaluated first does not look again.")


class OpinionGiven(Refusal):
    message = _("You have already given your opinion.")


class TooFewOpinions(Refusal):
    message = _("The group needs %(least)s opinions; %(given)s are given.")


class ReviewDecided(Refusal):
    message = _("%(name)s has already decided this re-evaluation.")
