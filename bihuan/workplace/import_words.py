"""Words for what importers tell by code or in plain English: states, steps, tables, reasons, problems and hints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.workplace.import_models import ImportState

STATES: Final[Mapping[str, tuple[Any, str]]] = {
    ImportState.CHECKING: (_("Being checked"), "accent"),
    ImportState.CHECKED: (_("Checked, waits for you"), "accent"),
    ImportState.IMPORTING: (_("Being imported"), "accent"),
    ImportState.DONE: (_("Imported"), "met"),
    ImportState.REFUSED: (_("Cannot be used"), "bad"),
    ImportState.FAILED: (_("Interrupted"), "warn"),
    ImportState.DISCARDED: (_("Discarded"), ""),
}
STEPS: Final[Mapping[str, Any]] = {
    "": _("Waiting for its turn"),
    "reading": _("Reading rows"),
    "building": _("Building conversations"),
    "done": _("Writing to the record"),
    "figures": _("Computing figures"),
}
TABLES: Final[Mapping[str, Any]] = {
    "contacts": _("Whole conversations"),
    "events": _("Events"),
    "messages": _("Messages"),
    "ratings": _("Ratings"),
    "complaints": _("Complaints"),
    "follow_ups": _("Follow-ups"),
}
REASONS: Final[Mapping[str, Any]] = {
    "no_contact_id": _("No conversation number"),
    "contact_id_too_long": _("The conversation number is too long"),
    "contact_too_long": _("Too many rows for one conversation"),
    "unreadable_time": _("The time cannot be read"),
    "time_out_of_range": _("The time is impossible"),
    "unknown_word": _("A word nobody knows"),
    "not_a_number": _("Not a number"),
    "not_a_duration": _("Not a duration"),
    "missing": _("A required value is missing"),
    "too_many_columns": _("More columns than the header"),
    "too_few_columns": _("Fewer columns than the header"),
    "line_too_long": _("The line is too long"),
    "nul_byte": _("The line holds a NUL byte"),
    "not_in_this_encoding": _("Characters outside the encoding"),
    "not_a_json_object": _("Not a JSON object"),
    "not_a_rated_chat": _("Not a rated chat"),
    "bad_quoting": _("Quotation marks do not match"),
    "phantom": _("Phantom call"),
    "column_too_long": _("The value is too long"),
}
_PROBLEMS: Final[tuple[tuple[str, Any], ...]] = (
    (r"The file holds no line that can be read\.", _("The file holds no line that can be read.")),
    (r"The header names more than (?P<most>\d+) columns\.", _("The header names more than %(most)s columns.")),
    (r"The file has more than (?P<most>\d+) columns\.", _("The header names more than %(most)s columns.")),
    (r"The first line is not a header\.", _("The first line is not a header.")),
    (r"This is not a text file\.", _("This is not a text file.")),
    (r"The file is empty\.", _("The file is empty.")),
    (r"The sheet is empty\.", _("The sheet is empty.")),
    (r"The encoding of the file is neither.*", _("The encoding of the file is neither UTF-8 nor GBK.")),
    (r"The header holds column “(?P<name>.*)” \d+ times\.", _("The header holds the column “%(name)s” more than once.")),
    (r"The header lacks: (?P<lacks>.*)\. It holds: (?P<holds>.*)\.",
     _("The header lacks: %(lacks)s. It holds: %(holds)s.")),
    (r"None of (?P<rows>\d+) rows can be used.*", _("None of %(rows)s rows can be used.")),
    (r"No line of the file is a JSON object\.", _("No line of the file is a JSON object.")),
    (r"The mapping file is too large\.", _("The mapping file is too large.")),
    (r"There is no mapping.*", _("There is no such mapping.")),
    (r"The mapping is not readable YAML.*", _("The mapping is not readable as YAML.")),
    (r"The file ends too early.*", _("The file ends too early or its packing is damaged.")),
    (r"The archive unfolds to more than (?P<times>\d+) times its size\.",
     _("The archive unfolds to more than %(times)s times its size.")),
    (r"The file cannot be read.*", _("The file cannot be read.")),
    (r"This is an old Excel workbook.*", _("This is an old Excel workbook (.xls) or a protected one.")),
    (r"The zip archive is damaged\.", _("The zip archive is damaged.")),
    (r"The zip archive holds (?P<files>\d+) files.*", _("The zip archive holds %(files)s files; one is expected.")),
    (r"The zip archive is protected.*", _("The zip archive is protected by a password.")),
    (r"The Parquet file is damaged\.", _("The Parquet file is damaged.")),
    (r"A row group of the Parquet file.*", _("A row group of the Parquet file is too large.")),
    (r"The file is (?P<found>\w+), the mapping expects (?P<wanted>\w+)\.",
     _("The file is %(found)s, the mapping expects %(wanted)s.")),
    (r"The workbook has no sheet “(?P<sheet>.*)”\.", _("The workbook has no sheet “%(sheet)s”.")),
    (r"The workbook is damaged\.", _("The workbook is damaged.")),
    (r"The workbook is too large.*", _("The workbook is too large to be read.")),
    (r"CSV, TSV, JSON Lines, Parquet and XLSX.*", _("CSV, TSV, JSON Lines, Parquet and XLSX can be imported.")),
    (r"Save it as UTF-8, or name.*", _("Save it as UTF-8, or name its encoding in the mapping.")),
    (r"Is this the right mapping\?.*", _("Is this the right source or mapping?")),
    (r"Is this JSON Lines.*", _("Is this JSON Lines, one object a line?")),
    (r"Export it again.*", _("Export it again.")),
    (r"Unpack it.*", _("Unpack it and import what is inside.")),
    (r"Import them one by one\.", _("Import them one by one.")),
    (r"Save it as \.xlsx.*", _("Save it as .xlsx without a password.")),
    (r"Save the sheet as CSV\.", _("Save the sheet as CSV.")),
    (r"Open it in a spreadsheet program.*", _("Open it in a spreadsheet program and save it again.")),
    (r"Write it with smaller row groups\.", _("Write it with smaller row groups.")),
    (r"It has: (?P<sheets>.*)", _("It has: %(sheets)s")),
)  # fmt: skip


def said(message: str) -> str:
    """A problem or a hint in the reader's language; words of a file stay as they are. Unknown sentences pass through."""
    for pattern, text in _PROBLEMS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return str(text) % found.groupdict()
    return gettext(message) if message else ""


def reason_said(code: str) -> str:
    """The words for a reason's code; the code itself where a mapping has words of its own."""
    return str(REASONS.get(code, code))
