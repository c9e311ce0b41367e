"""Which service the model judge asks, if any: read from the environment, and never told to anybody."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from bihuan.kit.errors import InputError

_NEAR: Final = ("localhost",)
_URL: Final = "BIHUAN_JUDGE_URL"
_MODEL: Final = "BIHUAN_JUDGE_MODEL"
_ADDRESS_IN_DISGUISE: Final = re.compile(r"\d+|0x.*", re.IGNORECASE)  # resolvers read a number as an address anywhere


class WrongSetting(InputError):
    """A setting that cannot be used; `setting` is its name."""

    def __init__(self, setting: str, message: str, *, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.setting = setting


class Key:
    """A secret that only `reveal` gives away: printing, logging or comparing it shows nothing."""

    __slots__ = ("_said",)

    def __init__(self, said: str) -> None:
        self._said = said

    def reveal(self) -> str:
        return self._said

    def __repr__(self) -> str:
        return "Key(***)" if self._said else "Key()"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._said)

    def __reduce__(self) -> str:
        raise TypeError("a key is not written down")


@dataclass(frozen=True)
class Endpoint:
    """A service and how it may be used. `requests` and `tokens` are the budget of a calendar day; None is no limit."""

    url: str
    model: str
    key: Key = field(default_factory=lambda: Key(""), compare=False)
    timeout: float = 60.0
    tries: int = 3
    requests: int | None = 1_000
    tokens: int | None = 2_000_000
    concurrency: int = 2
    days: int = 7

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def place(self) -> str:
        """Host and port, which may be shown."""
        return self.parts.netloc.rpartition("@")[2]

    @property
    def path(self) -> str:
        """Where requests go: the address as given, which names the API's root, and `/chat/completions`."""
        root = self.parts.path.rstrip("/")
        return root if root.endswith("/chat/completions") else f"{root}/chat/completions"


def read_endpoint(environment: Mapping[str, str] | None = None) -> Endpoint | None:
    """The service this installation names, None where the judge is off. `WrongSetting` says which one is wrong."""
    given = os.environ if environment is None else environment
    url = given.get(_URL, "").strip()
    if not url:
        return None
    model = model_in_use(given)
    if not model:
        raise WrongSetting(_MODEL, f"{_MODEL} is missing.", hint="Name it as the service does.")
    endpoint = Endpoint(
        url=url,
        model=model,
        key=_key(given),
        timeout=_number(given, "TIMEOUT", 60, most=600),
        tries=1 + _number(given, "RETRIES", 2, least=0, most=10),
        requests=_budget(given, "BUDGET_REQUESTS", 1_000),
        tokens=_budget(given, "BUDGET_TOKENS", 2_000_000),
        concurrency=_number(given, "CONCURRENCY", 2, most=32),
        days=_number(given, "DAYS", 7, most=3660),
    )
    _refuse_unsafe(endpoint)
    return endpoint


def model_in_use(environment: Mapping[str, str] | None = None) -> str:
    """The model that answers questions which name none; empty where the installation names none."""
    given = os.environ if environment is None else environment
    return given.get(_MODEL, "").strip()


def _key(given: Mapping[str, str]) -> Key:
    named = given.get("BIHUAN_JUDGE_KEY_FILE", "").strip()
    if not named:
        return _usable(given.get("BIHUAN_JUDGE_KEY", "").strip())
    try:
        return _usable(Path(named).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        message = f"BIHUAN_JUDGE_KEY_FILE: {named} cannot be read."
        raise WrongSetting("BIHUAN_JUDGE_KEY_FILE", message, hint="Name a text file.") from error


def _usable(said: str) -> Key:
    if not (said.isascii() and (said.isprintable() or not said)):
        message = "The key of the model judge holds characters no key has."
        raise WrongSetting("BIHUAN_JUDGE_KEY", message, hint="See BIHUAN_JUDGE_KEY.")
    return Key(said)


def _number(given: Mapping[str, str], name: str, usual: int, *, least: int = 1, most: int) -> int:
    said = given.get(f"BIHUAN_JUDGE_{name}", "").strip()
    if not said:
        return usual
    if not (said.isascii() and said.isdigit() and least <= int(said) <= most):
        hint = f"Give a whole number from {least} to {most}."
        raise WrongSetting(f"BIHUAN_JUDGE_{name}", f"BIHUAN_JUDGE_{name}: {said!r} cannot be used.", hint=hint)
    return int(said)


def _budget(given: Mapping[str, str], name: str, usual: int) -> int | None:
    if given.get(f"BIHUAN_JUDGE_{name}", "").strip() == "none":
        return None
    return _number(given, name, usual, least=0, most=2_000_000_000)


def _refuse_unsafe(endpoint: Endpoint) -> None:
    parts = _parts(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise WrongSetting(_URL, f"{_URL} is no address of a service.", hint="Such as https://host/v1.")
    if not (parts.path.isascii() and parts.path.isprintable() and " " not in parts.path):
        raise WrongSetting(_URL, f"{_URL} has a path no request can name.", hint="Write %XX for such characters.")
    if parts.username or parts.password:
        raise WrongSetting(_URL, f"{_URL} holds a password.", hint="Put it into BIHUAN_JUDGE_KEY.")
    if parts.scheme == "http" and not _is_near(parts.hostname):
        hint = "Use https, or a service in your network."
        raise WrongSetting(_URL, f"{_URL}: conversations would travel in the clear.", hint=hint)


def _parts(endpoint: Endpoint) -> SplitResult:
    try:
        endpoint.parts.port  # noqa: B018 -- reading it checks it
    except ValueError as error:
        message = f"{_URL} has a host or a port that is none."
        raise WrongSetting(_URL, message, hint="Such as https://host:8443/v1.") from error
    return endpoint.parts


def _is_near(host: str) -> bool:
    """A host of this machine or of the private network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host in _NEAR or (host.isascii() and "." not in host and not _ADDRESS_IN_DISGUISE.fullmatch(host))
    return address.is_loopback or address.is_private
