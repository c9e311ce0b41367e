"""Signing in: staff numbers only, throttled, the same answer whether an account exists."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.people import actions
from bihuan.people.models import User
from bihuan.people.tests.cast import SYSTEM, Cast, today

pytestmark = pytest.mark.urls("bihuan.people.tests.urls")
PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def quick_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture
def agent(cast: Cast) -> User:
    user = cast.user("agent")
    user.set_password(PASSWORD)
    user.save()
    return user


def attempt(client: Client, login: str, password: str) -> object:
    return client.post(LOGIN, {"login": login, "password": password})


def test_the_staff_number_signs_in(agent: User) -> None:
    client = Client()
    assert client.get(LOGIN).status_code == 200
    response = attempt(client, "1001", PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").content == b"1001"


def test_nobody_signs_up_or_resets_by_mail(agent: User) -> None:
    for path in ("signup/", "password/reset/", "email/"):
        assert Client().get(f"/accounts/{path}").status_code == 404


def test_five_failures_close_the_door_with_a_clear_page(agent: User) -> None:
    client = Client()
    statuses = [attempt(client, "1001", "wrong").status_code for _ in range(5)]
    assert statuses == [200] * 4 + [429]
    locked = attempt(client, "1001", PASSWORD)
    assert locked.status_code == 429
    assert "15" in locked.content.decode()
    assert client.get("/").status_code == 302


def test_the_answer_is_the_same_whether_the_account_exists(agent: User) -> None:
    def answers(login: str) -> list[tuple[int, str]]:
        client = Client()
        pages = [attempt(client, login, "wrong") for _ in range(6)]
        return [(page.status_code, page.content.decode().replace(login, "")) for page in pages]

    def without_tokens(pages: list[tuple[int, str]]) -> list[tuple[int, int]]:
        return [(status, len(text)) for status, text in pages]

    assert without_tokens(answers("1001")) == without_tokens(answers("8888"))


def test_somebody_elses_failures_lock_only_their_own_door(agent: User, cast: Cast) -> None:
    for _ in range(6):
        attempt(Client(), "1002", "wrong")
    assert attempt(Client(), "1001", PASSWORD).status_code == 302


def test_who_left_cannot_sign_in_and_is_signed_out(agent: User, cast: Cast) -> None:
    client = Client()
    attempt(client, "1001", PASSWORD)
    actions.leave(SYSTEM, person=cast.person("agent"), on=today())
    assert client.get("/").status_code == 302
    assert attempt(Client(), "1001", PASSWORD)["Location"] != "/"


def test_pages_about_the_account_open_and_the_password_changes(agent: User) -> None:
    client = Client()
    attempt(client, "1001", PASSWORD)
    for name in (
        "account_change_password",
        "mfa_index",
        "account_logout",
        "account_reauthenticate",
    ):
        assert client.get(reverse(name)).status_code == 200, name
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    new = "another long passphrase"
    changed = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert changed.status_code == 302
    assert client.post(reverse("account_logout")).status_code == 302
    assert attempt(Client(), "1001", new).status_code == 302


def test_an_administrator_gives_a_new_password_once(agent: User, cast: Cast) -> None:
    made = actions.reset_password(cast.user("administrator"), person=cast.person("agent"))
    assert attempt(Client(), "1001", PASSWORD).status_code == 200
    assert attempt(Client(), "1001", made).status_code == 302


@pytest.mark.parametrize("name", ["account_login", "account_inactive"])
def test_public_pages_speak_chinese_and_need_no_script(agent: User, name: str) -> None:
    text = Client().get(reverse(name)).content.decode()
    assert 'lang="zh-CN"' in text
    assert "onclick" not in text
