"""Why staff changes are refused, in sentences for the user."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from bihuan.kit.errors import Refusal


class NumberTaken(Refusal):
    message = _("The staff number %(number)s is already in use.")


class NumberUnusable(Refusal):
    message = _("A staff number has letters, digits and . @ - _ only.")


class NotHereThen(Refusal):
    message = _("%(name)s does not work here on %(day)s.")


class LaterChangeExists(Refusal):
    message = _("A later change from %(day)s exists; withdraw it first.")


class TeamClosed(Refusal):
    message = _("The team %(team)s is closed.")


class TeamKeyTaken(Refusal):
    message = _("The team key %(key)s is already in use.")


class TeamNotEmpty(Refusal):
    message = _("The team %(team)s still has members.")


class PostDoesNotFit(Refusal):
    message = _("This post and this step of the ladder do not go together.")


class TopOfLadder(Refusal):
    message = _("%(name)s already stands at the top of the ladder.")


class NoPostYet(Refusal):
    message = _("%(name)s holds no post on %(day)s.")


class ReasonMissing(Refusal):
    message = _("A promotion needs a written reason.")


class AlreadyGone(Refusal):
    message = _("%(name)s has already left.")


class RoleHeldAlready(Refusal):
    message = _("%(name)s already holds this role.")


class GrantEnded(Refusal):
    message = _("This right has already ended.")


class EndsBeforeStart(Refusal):
    message = _("The end lies before the start.")


class LastAdministrator(Refusal):
    message = _("The last administrator keeps the role.")


class KeyTaken(Refusal):
    message = _("The key %(key)s already belongs to %(name)s on these days.")


class NoAccount(Refusal):
    message = _("%(name)s has no account.")


class LandedAlready(Refusal):
    message = _("This roster was carried out already.")


class ScopeBeyondRights(Refusal):
    """A token never opens more than its account may."""

    message = _("Your account may not do this: %(scopes)s.")


class TokenEnded(Refusal):
    """Revoked or expired already."""

    message = _("This token has ended already.")
