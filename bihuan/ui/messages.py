"""The interface's texts: compile, check and update the catalogues of every part, without GNU gettext.

`python -m bihuan.ui.messages compile | check | update [PART…]`. Texts are found in Python's syntax tree and, in
templates, by Django's own reader, so that what is checked is what runs.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
LOCALE = "zh_Hans"
PLACE = Path("locale") / LOCALE / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
Key = tuple[str, str]  # context, msgid
Found = tuple[int, str | tuple[str, ...], str]  # line, text, context
HEADER = "# Simplified Chinese of this part. Add texts with `python -m bihuan.ui.messages update`."


@dataclass
class Used:
    """A text found in the sources."""

    msgid: str | tuple[str, ...]
    context: str
    places: list[tuple[str, int]] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return self.context, _first(self.msgid)


def parts(root: Path = ROOT, names: Iterable[str] = ()) -> list[Path]:
    """The folders that may have texts: all parts, or the named ones."""
    wanted = set(names)
    return [p for p in sorted(root.iterdir()) if (p / "__init__.py").exists() and (not wanted or p.name in wanted)]


def used_in(part: Path) -> dict[Key, Used]:
    """Every text of a part, by context and msgid, with where it stands. Tests have no interface."""
    found: dict[Key, Used] = {}
    for path, line, msgid, context in _texts(part):
        text = found.setdefault((context, _first(msgid)), Used(msgid, context))
        if isinstance(msgid, tuple):
            text.msgid = msgid
        text.places.append((path.relative_to(part.parent).as_posix(), line))
    return found


def _texts(part: Path) -> Iterator[tuple[Path, int, str | tuple[str, ...], str]]:
    for path in sorted([*part.rglob("*.py"), *part.rglob("*.html")]):
        if "tests" in path.relative_to(part).parts:
            continue
        source = path.read_text(encoding="utf-8")
        for line, msgid, context in _extracted(path, source):
            yield path, line, msgid, context


def _extracted(path: Path, source: str) -> Iterator[Found]:
    """Line, text and context of every marked text; Python is read as a tree, so that calls inside f-strings count."""
    if path.suffix == ".py":
        calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
        yield from (found for call in calls if (found := _marked(call)) is not None)
        return
    for line, msgid, _comments, context in extract("python", io.BytesIO(_templatized(source).encode()), KEYWORDS):
        text = tuple(msgid) if isinstance(msgid, list | tuple) else msgid
        if _first(text):
            yield line, text, context or ""


def _marked(call: ast.Call) -> Found | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in KEYWORDS:
        return None
    constants = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str) and a.value]
    has_context = name.startswith("pgettext")
    needed = 1 + (has_context or name.startswith("ngettext"))
    if len(constants) < needed:
        return None
    if has_context:
        return call.lineno, constants[1], constants[0]
    return call.lineno, tuple(constants[:2]) if needed > 1 else constants[0], ""


def _templatized(source: str) -> str:
    """Django's own reading of a template as Python-like text, so that `translate` and `blocktranslate` are found."""
    if not settings.configured:
        settings.configure()
    return "\n".join(line.lstrip() for line in templatize(source).splitlines())  # indentation means nothing there


def catalogue(part: Path) -> Catalog:
    """The part's translations; an empty catalogue where it has none yet."""
    path = part / PLACE
    if not path.exists():
        return Catalog(locale=LOCALE, project="bihuan", charset="utf-8", fuzzy=False, header_comment=HEADER)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def faults(part: Path) -> list[str]:
    """What is wrong with a part's translations, one sentence each; nothing when all is well."""
    used, known = used_in(part), _by_key(catalogue(part))
    found = []
    for key, text in used.items():
        message = known.get(key)
        place = f"{text.places[0][0]}:{text.places[0][1]}"
        if message is None or not message.string or not all(_strings(message)):
            found.append(f"{place}: no translation of {key[1]!r}")
        elif message.fuzzy:
            found.append(f"{place}: the translation of {key[1]!r} is marked fuzzy")
        elif _placeholders(key[1]) != _placeholders(_strings(message)[-1]):
            found.append(f"{place}: placeholders differ in {key[1]!r} → {_strings(message)[-1]!r}")
    unused = [f"{(part / PLACE).relative_to(part.parent)}: unused {key[1]!r}" for key in known if key not in used]
    return found + unused


def clashes(chosen: Iterable[Path]) -> list[str]:
    """Texts that two parts translate differently: Django merges all catalogues, so one of them would silently win."""
    seen: dict[Key, tuple[str, object]] = {}
    found = []
    for part in chosen:
        for key, message in _by_key(catalogue(part)).items():
            first, string = seen.setdefault(key, (part.name, message.string))
            if string != message.string:
                found.append(
                    f"{first} and {part.name} translate {key[1]!r} differently: {string!r}, {message.string!r}"
                )
    return found


def compile_part(part: Path) -> bool:
    """Writes the part's .mo beside its .po; False where there is none."""
    path = part / PLACE
    if not path.exists():
        return False
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue(part))
    return True


def update_part(part: Path) -> int:
    """Adds missing texts to the part's .po and renews their places; keeps every translation. Returns how many are new."""
    used, catalog = used_in(part), catalogue(part)
    known = _by_key(catalog)
    added = 0
    for key, text in used.items():
        if key not in known:
            catalog.add(text.msgid, context=text.context or None, locations=text.places)
            added += 1
        else:
            known[key].locations = list(text.places)
    if used:
        path = part / PLACE
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, sort_by_file=False, omit_header=False, include_lineno=False)
    return added


def _by_key(catalog: Catalog) -> dict[Key, Message]:
    return {(message.context or "", _first(message.id)): message for message in catalog if message.id}


def _first(msgid: object) -> str:
    return str(msgid[0]) if isinstance(msgid, tuple | list) else str(msgid or "")


def _strings(message: Message) -> list[str]:
    return (
        [str(string) for string in message.string]
        if isinstance(message.string, tuple | list)
        else [str(message.string or "")]
    )


def _placeholders(text: str) -> set[str]:
    """Names in `%(name)s` and `{name}`; a brace that is no field counts as text."""
    percent = {piece.split(")")[0] for piece in text.split("%(")[1:]}
    try:
        braces = {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}
    except ValueError:
        braces = set()
    return percent | braces


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 when `check` finds anything."""
    parser = argparse.ArgumentParser(prog="python -m bihuan.ui.messages", description=__doc__)
    parser.add_argument("verb", choices=("compile", "check", "update"))
    parser.add_argument("parts", nargs="*", help="parts to work on; without any, all")
    given = parser.parse_args(arguments)
    chosen = parts(names=given.parts)
    if given.verb == "compile":
        done = [part.name for part in chosen if compile_part(part)]
        print(f"compiled: {', '.join(done)}")
        return 0
    if given.verb == "update":
        for part in chosen:
            print(f"{part.name}: {update_part(part)} new")
        return 0
    found = [fault for part in chosen for fault in faults(part)] + clashes(parts())
    print("\n".join(found) or "All texts are translated.", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
