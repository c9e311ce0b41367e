"""Why acts of calibration are refused, in sentences for the user."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.kit.errors import Refusal


class SeveralRaters(Refusal):
    message = _("A calibration needs at least two raters beside the expert.")


class NotInTheGroup(Refusal):
    message = _("%(name)s does not belong to the evaluation group.")


class ExpertIsReference(Refusal):
    message = _("The expert's answers are the reference; the expert is not one of the raters.")


class NothingToCalibrate(Refusal):
    message = _("No conversation of these days can be calibrated by these raters.")


class ContactNotSeen(Refusal):
    message = _("There is no conversation %(contact)s that people served, or you may not see it.")


class ServedByRater(Refusal):
    message = _("Conversation %(contact)s was served by %(name)s, who takes part.")


class KnownToRater(Refusal):
    message = _("Conversation %(contact)s was evaluated or calibrated before; its raters would not be blind.")


class DueInThePast(Refusal):
    message = _("The due date lies in the past.")


class CalibrationIsClosed(Refusal):
    message = _("This calibration is closed.")


class RatedAlready(Refusal):
    message = _("You have already submitted your answers about this conversation.")


class NothingToCompare(Refusal):
    message = _("No conversation has answers of two people yet; there is nothing to compare.")


class OwnAlarm(Refusal):
    message = _("Nobody settles an alarm about themselves.")


class AlarmSettled(Refusal):
    message = _("This alarm is settled already.")
