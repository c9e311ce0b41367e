"""How much of a file is believed. Each limit has a reason; none is reached by an honest export."""

from __future__ import annotations

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

# One read from disk; large enough that Python's cost per read vanishes, small beside the memory budget.
BLOCK_BYTES: Final = 4 * MIB
# The longest e-mail thread seen in exports is some 200 KiB; a longer "line" is a file without line ends.
MAX_LINE_BYTES: Final = MIB
# A quoted field may hold line breaks; an unclosed quote would otherwise swallow the rest of the file.
MAX_RECORD_LINES: Final = 2_000
MAX_RECORD_CHARS: Final = MIB
# Spreadsheets end at 16,384 columns and exports at some hundred; more is an attack or the wrong file.
MAX_COLUMNS: Final = 1_000
# Text packs 5- to 30-fold; beyond this ratio, once past the free part, an archive is a bomb.
MAX_EXPANSION: Final = 200
FREE_EXPANSION_BYTES: Final = 16 * MIB
# Where the encoding is looked for: one block at a time until one holds something beyond ASCII.
SNIFF_BYTES: Final = MIB
MAX_SNIFF_BYTES: Final = 64 * MIB
# Workbooks are unpacked in memory by the reader: shared words are the part that is held whole.
MAX_WORKBOOK_BYTES: Final = 1024 * MIB
MAX_SHARED_STRINGS_BYTES: Final = 96 * MIB
MAX_WORKBOOK_ROWS: Final = 1_048_576
# A column chunk of Parquet is decoded page by page, but its dictionary is held whole.
MAX_ROW_GROUP_BYTES: Final = 1024 * MIB
# Rows that go through the engine at once, by count or by characters, whichever comes first.
CHUNK_ROWS: Final = 65_536
CHUNK_CHARS: Final = 32 * MIB
# Rows appended to the record at once; whole contacts, so a little more is possible.
BATCH_ROWS: Final = 400_000
BATCH_CHARS: Final = 256 * MIB
# Longer than any conversation a person could read; a key that repeats more often is not a contact's number.
MAX_ROWS_PER_CONTACT: Final = 20_000
MAX_KEY_CHARS: Final = 500
# The rejects file is for people; beyond this it only counts.
MAX_REJECTS_WRITTEN: Final = 100_000
MAX_REJECT_VALUE_CHARS: Final = 80
# A mapping is written by hand; anchors and megabytes are not.
MAX_MAPPING_BYTES: Final = MIB
# Moments outside are typing errors or another calendar.
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2100
