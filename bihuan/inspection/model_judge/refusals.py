"""Why the model judge does not begin, in sentences for the user."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.kit.errors import Refusal


class ModelJudgeOff(Refusal):
    message = _("No model is set up to judge. An administrator names one by BIHUAN_JUDGE_URL and BIHUAN_JUDGE_MODEL.")


class NothingAsked(Refusal):
    message = _("The edition %(edition)s asks the model %(model)s nothing.")


class NotJudgedYet(Refusal):
    message = _("%(day)s is not judged by this edition as the record now stands; judge it first.")


class ModelJudgeBusy(Refusal):
    message = _("The model judge is at work already.")


class ModelStopped(Refusal):
    message = _("The model judge stopped early (%(reason)s). Run it again later: nothing is asked twice.")
