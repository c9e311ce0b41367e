"""The text of every edition results rest on, kept with them: a shipped or unpublished one may change under its name."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml

from bihuan.appraisal.models import KeptEdition
from bihuan.kit.errors import DefinitionError
from bihuan.standards.editions import parse_edition
from bihuan.standards.rules.edition import Edition


class _Dumper(yaml.SafeDumper):
    """Writes exact decimals as plain numbers."""


_Dumper.add_representer(Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}"))


def keep_edition(edition: Edition) -> None:
    """Keep the edition's text, once; ValueError where the text would not read as the same edition again."""
    if KeptEdition.objects.filter(hash=edition.hash).exists():
        return
    text = yaml.dump(_plain(edition.document), Dumper=_Dumper, allow_unicode=True, sort_keys=False)
    if parse_edition(text).hash != edition.hash:
        raise ValueError(f"the text of {edition.id} does not read as itself")
    KeptEdition.objects.get_or_create(hash=edition.hash, defaults={"text": text})


def kept_edition(digest: str) -> Edition | None:
    """The edition with this hash as it was kept; None where none was, or where this engine cannot read it any more."""
    text = KeptEdition.objects.filter(hash=digest).values_list("text", flat=True).first()
    if text is None:
        return None
    try:
        return _parsed(text)
    except DefinitionError:
        return None


@lru_cache(maxsize=16)
def _parsed(text: str) -> Edition:
    return parse_edition(text)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value
