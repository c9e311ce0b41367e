"""Why an act on an appeal is refused, in sentences for the user."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.kit.errors import Refusal


class WindowClosed(Refusal):
    message = _("The time to appeal is over: it ended on %(until)s.")


class NothingAppealed(Refusal):
    message = _("Choose at least one answer to appeal.")


class AppealedAlready(Refusal):
    """An open appeal is ended first, a decided answer is final."""

    message = _("This answer was appealed already.")


class OpenAlready(Refusal):
    message = _("You have an open appeal here. It must end before you make another one.")


class AppealClosed(Refusal):
    message = _("This appeal is closed already: somebody was faster.")


class HandedOver(Refusal):
    message = _("This appeal was handed over to somebody else.")


class ViewedAlready(Refusal):
    message = _("Your second view is kept already; it cannot be changed.")


class ViewFirst(Refusal):
    message = _("Give your own answers first; then you see the first ones.")


class NotIndependent(Refusal):
    """`message` is one of `OBJECTIONS`."""


OBJECTIONS = {
    "appellant": _("%(name)s made this appeal and cannot decide it."),
    "first_rater": _("%(name)s gave the first answer and cannot decide about it."),
    "superior": _("%(name)s leads the appellant's team and gains with it."),
    "no_right": _("%(name)s may not decide appeals."),
    "has_read": _("Whoever oversees appeals has read the first answers and cannot give a blind view."),
}
RULING_ISSUES = {
    "reason_missing": _("Every decision needs a reason."),
    "answer_missing": _("Say which answer holds instead."),
    "amended_to_first": _("That is the first answer: dismiss the appeal instead."),
    "amended_to_claimed": _("That is what the appellant says: uphold the appeal instead."),
}
