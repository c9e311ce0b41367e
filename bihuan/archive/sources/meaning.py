"""What a mapping's form cannot show: names that do not exist, fields of other tables, words the record does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from bihuan.archive.schemas import TABLES
from bihuan.archive.vocabulary import REQUIRED, WORDS
from bihuan.kit.errors import Issue, Level

PRODUCED: Final = ("events", "messages", "ratings", "complaints", "follow_ups")
GIVEN_BY_ENGINE: Final = frozenset(
    {"contact_id", "external_id", "seq", "review_id", "within_us", "fact_id", "recorded_us", "import_id", "day"}
)
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_SPECIAL: Final = frozenset({"not", "any", "present", "absent", "previous", "position"})
_MOMENT_LISTS: Final = ("first_of", "earliest", "latest")
WORD_FORMATS: Final = frozenset({"iso", "epoch_seconds", "epoch_milliseconds", "epoch_microseconds"})


def placeholders(template: str) -> list[str]:
    """The columns a template names."""
    return _PLACEHOLDER.findall(template)


def fields_of(table: str) -> dict[str, pa.DataType]:
    """What a mapping may fill in a table: {field: type}; both spellings of a moment are one field."""
    found: dict[str, pa.DataType] = {}
    columns = dict(TABLES[table].columns)
    for name, kind in columns.items():
        stem = name.removesuffix("_at")
        if name.endswith("_at") and f"{stem}_us" in columns:
            found[stem] = kind
        elif not (name.endswith("_us") and f"{name.removesuffix('_us')}_at" in columns):
            found[name] = kind
    return {name: kind for name, kind in found.items() if name not in GIVEN_BY_ENGINE}


def meaning_issues(document: dict[str, Any]) -> list[Issue]:
    """Every issue of a mapping whose form is right."""
    return sorted(_Check(document).issues())


class _Check:
    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._texts = set(document["columns"])
        self._moments: set[str] = set()

    def issues(self) -> Iterator[Issue]:
        document = self._document
        yield from self._zone(document.get("zone"), "zone")
        for name, said in (document.get("derive") or {}).items():
            if name in self._texts:
                yield _error(f"derive.{name}", "a column of the file has this name")
            yield from self._text(said, f"derive.{name}")
            self._texts.add(name)
        for name, said in (document.get("moments") or {}).items():
            yield from self._moment(said, f"moments.{name}")
            self._moments.add(name)
        for place, rule in enumerate(document.get("skip") or []):
            yield from self._condition(rule["when"], f"skip.{place}", grouped=False)
        yield from self._told(document)
        for table in PRODUCED:
            for place, producer in enumerate(document.get(table) or []):
                yield from self._producer(table, producer, f"{table}.{place}")

    def _told(self, document: dict[str, Any]) -> Iterator[Issue]:
        """Of contacts or of reviews on platforms: a review is no contact and begins none."""
        reviews = document.get("reviews")
        if reviews is None and "contact" in document:
            yield from self._contact(document["contact"])
        elif reviews is None or {"contact", *PRODUCED} & set(document):
            yield _error("contact", "a mapping tells either of contacts or of reviews")
        else:
            yield from self._text(reviews["id"], "reviews.id")
            yield from self._fields("platform_reviews", reviews["fields"], "reviews.fields")

    def _contact(self, contact: dict[str, Any]) -> Iterator[Issue]:
        yield from self._text(contact["id"], "contact.id")
        if "order" in contact:
            yield from self._known_moment(contact["order"], "contact.order")
        if "new_after" in contact:
            yield from self._condition(contact["new_after"], "contact.new_after", grouped=False)
        inner = {
            name: said["of"] if isinstance(said, dict) and "take" in said else said
            for name, said in contact["fields"].items()
        }
        yield from self._fields("contacts", inner, "contact.fields")

    def _producer(self, table: str, producer: dict[str, Any], place: str) -> Iterator[Issue]:
        fields = dict(producer)
        condition = fields.pop("when", None)
        if condition is not None:
            yield from self._condition(condition, place, grouped=True)
        yield from self._fields(table, fields, place)

    def _fields(self, table: str, fields: dict[str, Any], place: str) -> Iterator[Issue]:
        known = fields_of(table)
        for missing in set(REQUIRED[table]) - set(fields) - GIVEN_BY_ENGINE - {f"{table.removesuffix('s')}_id"}:
            yield _error(place, f"{table} need the field {missing}")
        for name, said in fields.items():
            where = f"{place}.{name}"
            if name not in known:
                yield _error(where, f"{table} have no field {name}; they have {', '.join(known)}")
                continue
            yield from self._field(table, name, known[name], said, where)

    def _field(self, table: str, name: str, kind: pa.DataType, said: Any, where: str) -> Iterator[Issue]:
        form = (
            next(iter(set(said) & {"moment", "number", "seconds", "holds", "flag"}), "")
            if isinstance(said, dict)
            else ""
        )
        expected = _form_of(kind, name)
        if form not in expected and not (isinstance(said, dict) and "constant" in said):
            yield _error(where, f"this field is written as {' or '.join(filter(None, expected)) or 'text'}")
        elif form == "moment":
            yield from self._known_moment(said["moment"], where)
        elif form == "holds":
            yield from self._condition(said["holds"], where, grouped=True)
        else:
            yield from self._text(said[form] if form else said, where)
            yield from self._words(WORDS.get((table, name)), said, where)

    def _words(self, words: tuple[str, ...] | None, said: Any, where: str) -> Iterator[Issue]:
        if words is None or not isinstance(said, dict):
            return
        spoken = [said.get("constant"), said.get("otherwise"), *(said.get("map") or {}).values()]
        for word in spoken:
            if isinstance(word, str) and word not in words:
                yield _error(where, f"“{word}” is not one of {', '.join(words)}")

    def _text(self, said: Any, place: str) -> Iterator[Issue]:
        if isinstance(said, str):
            yield from self._known_text(said, place)
        elif "column" in said:
            yield from self._known_text(said["column"], place)
        elif "template" in said:
            for name in placeholders(said["template"]):
                yield from self._known_text(name, place)
        elif "first_of" in said:
            for inner in said["first_of"]:
                yield from self._text(inner, place)
        elif "when" in said:
            yield from self._condition(said["when"], place, grouped=True)
            yield from self._text(said["then"], place)
            if "otherwise" in said:
                yield from self._text(said["otherwise"], place)

    def _condition(self, said: dict[str, Any], place: str, *, grouped: bool) -> Iterator[Issue]:
        for name, value in said.items():
            if name in ("previous", "position") and not grouped:
                yield _error(place, f"{name} is not known before rows are grouped")
            elif name in ("not", "previous"):
                yield from self._condition(value, place, grouped=grouped)
            elif name == "any":
                for inner in value:
                    yield from self._condition(inner, place, grouped=grouped)
            elif name in ("present", "absent"):
                for column in value:
                    if column not in self._moments:
                        yield from self._known_text(column, place)
            elif name not in _SPECIAL:
                yield from self._known_text(name, place)

    def _moment(self, said: dict[str, Any], place: str) -> Iterator[Issue]:
        if "when" in said or "none_when" in said:
            yield from self._condition(said.get("when") or said["none_when"], place, grouped=False)
        named = [name for key in _MOMENT_LISTS for name in said.get(key, ())] if "text" not in said else []
        for name in [*named, *(said[key] for key in ("near", "after") if key in said)]:
            yield from self._known_moment(name, place)
        if "seconds" in said:
            yield from self._known_text(said["seconds"], place)
        if "text" in said:
            yield from self._text(said["text"], place)
            yield from self._zone(said.get("zone"), place)
            for form in [*said["formats"], *said.get("day_only", ())]:
                if form not in WORD_FORMATS and "%" not in form:
                    yield _error(
                        place, f"“{form}” is no time format; use {', '.join(sorted(WORD_FORMATS))} or %Y-%m-%d …"
                    )

    def _known_text(self, name: str, place: str) -> Iterator[Issue]:
        if name not in self._texts:
            yield _error(place, f"there is no column “{name}”")

    def _known_moment(self, name: str, place: str) -> Iterator[Issue]:
        if name not in self._moments:
            yield _error(place, f"there is no moment “{name}” (above this place)")

    def _zone(self, name: str | None, place: str) -> Iterator[Issue]:
        if name is None:
            return
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            yield _error(place, f"“{name}” is no IANA time zone")


def _form_of(kind: pa.DataType, name: str) -> tuple[str, ...]:
    if pa.types.is_timestamp(kind):
        return ("moment",)
    if pa.types.is_boolean(kind):
        return ("holds", "flag")
    if pa.types.is_integer(kind):
        return ("seconds" if name.endswith("_us") else "number",)
    return ("",)


def _error(place: str, message: str) -> Issue:
    return Issue(Level.ERROR, place, message, code="meaning")
