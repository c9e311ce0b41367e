"""Keys for programs: shown once, hashed at rest, bound to an account and its rights, dying."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bihuan.journal.models import Entry
from bihuan.kit.clock import now
from bihuan.kit.errors import NotAllowed
from bihuan.people import actions
from bihuan.people.models import RoleGrant, Token
from bihuan.people.refusals import ScopeBeyondRights, TokenEnded
from bihuan.people.rules.roles import Permission
from bihuan.people.rules.tokens import LIFETIMES, NEEDS, ApiScope, beyond, end_of_life, is_live
from bihuan.people.tests.cast import Cast

READ = [ApiScope.FIGURES_READ, ApiScope.CONTACTS_READ]


def issue(cast: Cast, who: str = "manager", **changes: object) -> actions.Issued:
    return actions.issue_token(cast.user(who), **{"name": "报表", "scopes": READ, "days": 30, **changes})


def test_a_token_works_and_only_its_digest_is_kept(cast: Cast) -> None:
    issued = issue(cast)
    row = Token.objects.get()
    assert issued.secret not in str(vars(row))
    assert issued.secret not in repr(issued)
    assert (row.scopes, row.expires_at - row.issued_at) == (["contacts:read", "figures:read"], timedelta(days=30))
    found = actions.use_token(issued.secret, at=now())
    assert found is not None
    assert found.user == cast.user("manager")
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.actor) == ("people_token.issued", "5001")
    assert issued.secret not in str(entry.data)


def test_use_is_noted_to_the_minute(cast: Cast) -> None:
    issued, moment = issue(cast), now()
    for later in (0, 30, 90):
        actions.use_token(issued.secret, at=moment + timedelta(seconds=later))
    assert Token.objects.get().last_used_at == moment + timedelta(seconds=90)


def test_no_other_words_open_anything(cast: Cast) -> None:
    issued = issue(cast)
    for words in ("", "bihuan_", issued.secret[:-1], issued.secret + "x", issued.token.digest, "\ud800", "x" * 10_000):
        assert actions.use_token(words, at=now()) is None


def test_an_expired_or_revoked_token_opens_nothing(cast: Cast) -> None:
    issued = issue(cast, days=7)
    assert actions.use_token(issued.secret, at=now() + timedelta(days=7, seconds=1)) is None
    actions.revoke_token(cast.user("manager"), token=issued.token)
    assert actions.use_token(issued.secret, at=now()) is None
    assert Entry.objects.latest("id").verb == "people_token.revoked"
    with pytest.raises(TokenEnded):
        actions.revoke_token(cast.user("manager"), token=issued.token)


def test_a_token_dies_with_the_rights_of_its_account(cast: Cast) -> None:
    issued = issue(cast)
    user = cast.user("manager")
    RoleGrant.objects.filter(person=cast.person("manager")).delete()
    assert actions.use_token(issued.secret, at=now()) is None
    user.is_active = False
    user.save()
    assert actions.use_token(issued.secret, at=now()) is None


@pytest.mark.parametrize("who", ["agent", "supervisor", "inspector", "trainer", "stranger"])
def test_who_may_not_issues_nothing(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        issue(cast, who)
    assert not Token.objects.exists()


def test_nobody_sees_or_revokes_another_accounts_token(cast: Cast) -> None:
    issued = issue(cast)
    assert list(Token.objects.visible_to(cast.user("manager"))) == [issued.token]
    assert not Token.objects.visible_to(cast.user("administrator")).exists()
    with pytest.raises(NotAllowed):
        actions.revoke_token(cast.user("administrator"), token=issued.token)
    assert actions.use_token(issued.secret, at=now()) is not None


def test_no_scope_goes_beyond_the_account() -> None:
    assert beyond(ApiScope, frozenset({Permission.SEE_OWN})) == [ApiScope.EDITIONS_READ, ApiScope.IMPORTS_WRITE]
    assert set(NEEDS) == set(ApiScope)


def test_a_scope_beyond_the_account_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both roles that hold tokens may import, so that the refusal is shown with a scope that asks for more."""
    monkeypatch.setitem(NEEDS, ApiScope.FIGURES_READ, Permission.SEE_ALL_FIGURES)  # type: ignore[arg-type] # a dict
    with pytest.raises(ScopeBeyondRights):
        issue(cast, "administrator")


def test_lifetimes_are_those_offered() -> None:
    moment = now()
    for days in LIFETIMES:
        end = end_of_life(moment, days)
        assert is_live(expires_at=end, revoked_at=None, at=end - timedelta(seconds=1))
        assert not is_live(expires_at=end, revoked_at=None, at=end)
    with pytest.raises(ValueError, match="lifetime"):
        end_of_life(moment, 10_000)
