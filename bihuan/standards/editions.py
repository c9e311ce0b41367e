"""Finding and loading editions: from the shipped library or any YAML file, with every issue at once."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.exceptions import best_match

from bihuan.kit.errors import DefinitionError, InputError, Issue, Level
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.reading import read
from bihuan.standards.rules.references import broken_references

LIBRARY: Final = Path(__file__).parent / "library"
SCHEMA: Final = Path(__file__).parent / "edition.schema.json"
LARGEST_BYTES: Final = 2_000_000


def shipped() -> list[str]:
    """Ids of the editions that come with the product, in reading order."""
    found = {path.stem for path in LIBRARY.glob("*.yaml")}
    return sorted(found, key=lambda name: (name != "recommended", name))


def load_edition(ref: str | Path) -> Edition:
    """The edition named by a shipped id or a path. `DefinitionError` lists every issue; `InputError`: no such file."""
    path = LIBRARY / f"{ref}.yaml" if str(ref) in shipped() else Path(ref)
    if not path.is_file():
        raise InputError(
            f"There is no edition '{ref}'.", hint=f"Shipped are: {', '.join(shipped())}; or give a YAML file."
        )
    stamp = path.stat()
    return _load(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=64)
def parse_edition(text: str) -> Edition:
    """The edition a YAML text describes. `DefinitionError` lists every issue with its place.

    Remembered, for it takes half a second and a page that publishes needs it three times; editions are frozen.
    """
    document = _parsed(text)
    issues = list(_shape_issues(document)) or [*_zone_issues(document), *broken_references(document)]
    if issues:
        raise DefinitionError(sorted(issues))
    edition = read(document)
    if issues := _own_check_issues(edition):
        raise DefinitionError(sorted(issues))
    return edition


def _own_check_issues(edition: Edition) -> list[Issue]:
    own = [setting for setting in edition.checks.values() if setting.definition is not None]
    if not own:
        return []
    from bihuan.standards.checks.authored.faults import faults  # the engines of the checks take long to load

    return [issue for setting in own for issue in faults(setting)]


@lru_cache(maxsize=64)
def _load(path: Path, changed_ns: int, size: int) -> Edition:
    del changed_ns  # part of the key: an edited file is read again
    if size > LARGEST_BYTES:
        raise InputError(f"'{path}' is too large to be an edition.")
    try:
        return parse_edition(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"'{path}' is not UTF-8 text.", hint="Save it as UTF-8.") from error


class _Loader(yaml.SafeLoader):
    """Safe YAML in which numbers are exact, dates stay words and a key may stand only once."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Aliases are refused: a small file could otherwise unfold into an enormous one."""
        if self.check_event(yaml.AliasEvent):
            node_mark = self.get_event().start_mark  # type: ignore[no-untyped-call]  # untyped in PyYAML's stubs
            raise yaml.constructor.ConstructorError(None, None, "aliases are not allowed", node_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """As YAML does, but a repeated key is an error: the reader could not know which one holds."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key.value}' stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _exact(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    try:
        return Decimal(loader.construct_scalar(node).replace("_", ""))
    except InvalidOperation:
        raise yaml.constructor.ConstructorError(None, None, f"'{node.value}' is no number", node.start_mark) from None


def _words(loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:float", _exact)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _words)


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        document = yaml.load(text, Loader=_Loader)  # noqa: S506 -- a subclass of SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "document"
        problem = getattr(error, "problem", None) or "nested too deeply"
        raise DefinitionError([Issue(Level.ERROR, place, f"Not readable as YAML: {problem}.", code="yaml")]) from error
    if not isinstance(document, dict):
        raise DefinitionError([Issue(Level.ERROR, "document", "An edition is a mapping of keys.", code="shape")])
    return document


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def _shape_issues(document: Mapping[str, Any]) -> list[Issue]:
    return [_issue(error) for error in _validator().iter_errors(document)]


def _issue(error: ValidationError) -> Issue:
    deepest = best_match(error.context) if error.context else None
    said = deepest or error
    place = ".".join(str(step) for step in said.absolute_path) or "document"
    return Issue(Level.ERROR, place, said.message, code=f"shape.{said.validator}")


def _zone_issues(document: Mapping[str, Any]) -> list[Issue]:
    zone = document["calendar"]["zone"]
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return [Issue(Level.ERROR, "calendar.zone", f"'{zone}' is no IANA time zone.", code="zone")]
    return []
