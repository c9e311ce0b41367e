"""The only writers of saved views: save, change, remove, bring back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from bihuan.journal.actions import record
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, NotAllowed, Refusal
from bihuan.people.authority import require
from bihuan.people.models import Leadership, Membership, Team, User
from bihuan.people.rules.roles import Permission
from bihuan.workplace.contacts.library import Wanted
from bihuan.workplace.models import SavedView

MOST: Final = 50
LONGEST_NAME: Final = 60
UNDO_WITHIN: Final = timedelta(days=1)
Audience = SavedView.Audience


class TooManyViews(Refusal):
    """Nobody finds anything among more."""

    message = _("You have %(most)s saved views already; delete one first.")


class NameTaken(Refusal):
    """One's own views are told apart by their names."""

    message = _("You have a saved view of this name already.")


class AudienceOutOfReach(NotAllowed):
    """Nobody hands a view to a team they have nothing to do with."""


def kept_filters(wanted: Wanted, newest: date, *, moves: bool) -> dict[str, str]:
    """The filters to keep. With `moves` a span that ends with the record's newest day goes on ending there."""
    kept = wanted.query()
    if moves and wanted.days is not None and wanted.days[1] == newest:
        kept = {name: value for name, value in kept.items() if name not in ("from", "to")}
        kept["days"] = str((wanted.days[1] - wanted.days[0]).days + 1)
    return kept


def filters_on(kept: Mapping[str, str], newest: date) -> dict[str, str]:
    """The library's address for kept filters, given the record's newest day."""
    asked = {name: str(value) for name, value in kept.items() if name != "days"}
    days = str(kept.get("days", ""))
    if days.isascii() and days.isdigit() and int(days[:5]) > 0:
        asked |= {"from": (newest - timedelta(days=int(days[:5]) - 1)).isoformat(), "to": newest.isoformat()}
    return asked


def teams_to_share_with(user: User) -> list[Team]:
    """Teams one serves in or leads today; every open one for who may see all conversations."""
    rights = user.rights()
    if rights.may(Permission.SEE_ALL_CONTACTS):
        return list(Team.objects.filter(closed_on=None))
    mine = Membership.objects.filter(person=rights.person), Leadership.objects.filter(person=rights.person)
    keys = {pk for rows in mine for pk in rows.on(_today()).values_list("team", flat=True)}
    return list(Team.objects.filter(pk__in=keys))


@transaction.atomic
def save_view(
    actor: User, *, name: str, filters: Mapping[str, str], audience: str = Audience.OWNER, team: Team | None = None
) -> SavedView:
    """Keep a search under a name. InputError without a name, refused where the name is taken or there are too many."""
    _may(actor, audience, team)
    _hold(actor)
    if SavedView.objects.filter(owner=actor).present().count() >= MOST:
        raise TooManyViews(most=MOST)
    view = SavedView(owner=actor, filters=dict(filters), saved_at=now())
    return _written(actor, view, "workplace_view.saved", name, audience, team)


@transaction.atomic
def change_view(
    actor: User, *, view: SavedView, name: str, audience: str = Audience.OWNER, team: Team | None = None
) -> SavedView:
    """Another name, or other readers."""
    _may(actor, audience, team)
    _hold(actor)
    return _written(actor, _own(actor, view), "workplace_view.changed", name, audience, team)


@transaction.atomic
def remove_view(actor: User, *, view: SavedView) -> SavedView:
    """Take it off every list; for `UNDO_WITHIN` it can be brought back, after that it is gone with the next removal."""
    held, moment = _own(actor, view), now()
    SavedView.objects.filter(owner=actor, removed_at__lt=moment - UNDO_WITHIN).delete()
    held.removed_at = moment
    held.save(update_fields=["removed_at"])
    _told(actor, held, "workplace_view.removed")
    return held


@transaction.atomic
def restore_view(actor: User, *, view: SavedView) -> SavedView:
    """Undo a removal; refused where the name was given away meanwhile."""
    _hold(actor)
    held = SavedView.objects.select_for_update().filter(pk=view.pk, owner=actor).exclude(removed_at=None).first()
    if held is None:
        raise NotAllowed
    _refuse_taken(actor, held, held.name)
    held.removed_at = None
    held.save(update_fields=["removed_at"])
    _told(actor, held, "workplace_view.restored")
    return held


def _hold(actor: User) -> None:
    """One's views are written one after the other: two equal posts see each other, and the limit holds."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=actor.pk)


def _own(actor: User, view: SavedView) -> SavedView:
    held = SavedView.objects.select_for_update().filter(pk=view.pk, owner=actor).present().first()
    if held is None:
        raise NotAllowed
    return held


def _may(actor: User, audience: str, team: Team | None) -> None:
    require(actor, Permission.SEE_OWN)
    if audience == Audience.ALL:
        require(actor, Permission.SEE_ALL_CONTACTS)
    if (audience == Audience.TEAM) != (team is not None) or (team and team not in teams_to_share_with(actor)):
        raise AudienceOutOfReach


def _written(actor: User, view: SavedView, verb: str, name: str, audience: str, team: Team | None) -> SavedView:
    words = " ".join(name.replace("\x00", " ").split())
    if not words:
        raise InputError(_("Give the view a name."))
    if len(words) > LONGEST_NAME:
        raise InputError(_("The name is too long."))
    _refuse_taken(actor, view, words)
    view.name, view.audience, view.team = words, audience, team
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as clash:  # the database folds the case of some letters otherwise than the question does
        raise NameTaken from clash
    _told(actor, view, verb)
    return view


def _refuse_taken(actor: User, view: SavedView, name: str) -> None:
    if SavedView.objects.present().filter(owner=actor, name__iexact=name).exclude(pk=view.pk).exists():
        raise NameTaken


def _told(actor: User, view: SavedView, verb: str) -> None:
    """Which filters, not what they say: a search may hold a customer's name."""
    data = {"name": view.name, "audience": view.audience, "filters": sorted(view.filters)}
    if view.team:
        data["team"] = view.team.key
    record(actor=actor, verb=verb, subject=f"saved_view:{view.pk}", data=data)


def _today() -> date:
    return timezone.localdate()
