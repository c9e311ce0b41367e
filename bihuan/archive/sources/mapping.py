"""Mapping files: how a file of another help desk is said in the words of the service record. See README.md."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator

from bihuan.archive.sources.expressions import columns_of
from bihuan.archive.sources.headers import Columns
from bihuan.archive.sources.limits import MAX_MAPPING_BYTES
from bihuan.archive.sources.meaning import PRODUCED, meaning_issues
from bihuan.kit.errors import DefinitionError, InputError, Issue, Level
from bihuan.kit.ids import content_hash

_FOLDER: Final = Path(__file__).parent
READY: Final = _FOLDER / "ready"
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")


@dataclass(frozen=True)
class Mapping:
    """A checked mapping. `document` is the YAML as read; `zone` is None where the archive's own holds."""

    document: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.document["name"])

    @property
    def source(self) -> str:
        return str(self.document["source"])

    @property
    def zone(self) -> str | None:
        return self.document.get("zone")

    @property
    def kind(self) -> str:
        return str(self.document["format"]["kind"])

    @cached_property
    def hash(self) -> str:
        return content_hash(self.document)

    @cached_property
    def columns(self) -> Columns:
        """What the readers must find in the file."""
        said = {name: entry or {} for name, entry in self.document["columns"].items()}
        form = self.document["format"]
        return Columns(
            headers={name: tuple(entry.get("headers", [name])) for name, entry in said.items()},
            required=frozenset(name for name, entry in said.items() if not entry.get("optional")),
            encoding=form.get("encoding", "detect"),
            delimiter=form.get("delimiter", ""),
            quoted=form.get("quoted", True),
            sheet=form.get("sheet", ""),
        )

    @cached_property
    def origins(self) -> dict[str, str]:
        """From every name of the mapping (columns, derived texts, moments, "contact") to the column it is made of first."""
        found = {name: name for name in self.document["columns"]}
        for name, said in self.part("derive").items():
            found.setdefault(name, _origin(columns_of(said), found))
        for name, said in self.part("moments").items():
            parts = next((said[key] for key in ("first_of", "earliest", "latest") if key in said), ())
            first = columns_of(said["text"]) if "text" in said else said.get("seconds") or next(iter(parts), "")
            found.setdefault(name, _origin(first, found))
        found.setdefault(self.subject, _origin(columns_of(self.identified["id"]), found))
        return found

    @property
    def subject(self) -> str:
        """What the rows of one id are: "contact" or "review"."""
        return "review" if "reviews" in self.document else "contact"

    @property
    def identified(self) -> dict[str, Any]:
        """The section that says which rows have one id."""
        return self.document["reviews" if self.subject == "review" else "contact"]

    def part(self, name: str) -> Any:
        """A section, {} or [] where it is not there."""
        return self.document.get(name) or ([] if name in (*PRODUCED, "skip") else {})


def _origin(name: str, known: dict[str, str]) -> str:
    return known.get(name, name)


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors: a few bytes of them unfold to gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("anchors are not allowed")
        return super().compose_node(parent, index)


def ready_mappings() -> dict[str, Mapping]:
    """The mappings that come with the product, by the name `--source` takes."""
    return {path.stem: load_mapping(path) for path in sorted(READY.glob("*.yaml"))}


def load_mapping(ref: str | Path) -> Mapping:
    """A ready mapping by name, or a mapping file.

    Raises InputError where there is none or it is not YAML, DefinitionError with every issue where it is wrong.
    """
    if isinstance(ref, str) and _NAME.fullmatch(ref) and (READY / f"{ref}.yaml").is_file():
        ref = READY / f"{ref}.yaml"
    path = Path(ref)
    try:
        if path.stat().st_size > MAX_MAPPING_BYTES:
            raise InputError("The mapping file is too large.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("The mapping is not readable YAML: it is not UTF-8 text") from error
    except (OSError, ValueError) as error:
        known = ", ".join(sorted(file.stem for file in READY.glob("*.yaml")))
        raise InputError(f"There is no mapping {path.name}.", hint=f"Ready ones: {known}.") from error
    try:
        document = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader without anchors
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InputError(f"The mapping is not readable YAML: {error}") from error
    return checked(document)


def checked(document: Any) -> Mapping:
    """A mapping from its document. Raises DefinitionError with every issue at once."""
    issues = _form_issues(document) or meaning_issues(document)
    if issues:
        raise DefinitionError(issues)
    return Mapping(document)


def _form_issues(document: Any) -> list[Issue]:
    found = []
    for error in _validator().iter_errors(document):
        deepest = min(error.context, key=lambda inner: -len(inner.absolute_path)) if error.context else error
        place = ".".join(str(step) for step in deepest.absolute_path) or "mapping"
        found.append(Issue(Level.ERROR, place, deepest.message[:300], code="form"))
    return sorted(found)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads((_FOLDER / "mapping.schema.json").read_text(encoding="utf-8")))
