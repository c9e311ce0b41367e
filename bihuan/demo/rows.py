"""Rows of the made record, gathered as tuples and turned into tables column by column."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from bihuan.archive.schemas import TABLES

# the columns that rows are written in; `us` moments are spelt twice, the rest of a table's columns stay null
WRITTEN: Final = {
    "contacts": (
        "contact_id parent_id channel queue business_line category level customer_key customer_known customer_surname"
        " opened_us closed_us outcome effective ineffective_reason"
    ),
    "messages": "contact_id seq sent_us sender_kind agent_key text length_us",
    "events": "contact_id seq kind happened_us actor_kind agent_key rings",
    "ratings": "rating_id contact_id agent_key kind mode value given_us",
    "complaints": (
        "complaint_id contact_id agent_key praise grade opened_us classified_us followed_up_us closed_us valid"
        " decided_by cause responsibility"
    ),
    "follow_ups": "follow_up_id contact_id agent_key opened_us promised_us first_us closed_us reason",
    "platform_reviews": "review_id external_id platform order_key customer_key stars stars_told words posted_us",
    "shifts": (
        "shift_id agent_key planned_start_us planned_end_us actual_start_us actual_end_us absence prepared"
    ),
}  # fmt: skip
_FACT: Final = {"messages": "/m", "events": "/e"}
_KEY: Final = {"contacts": "contact_id", "ratings": "rating_id", "complaints": "complaint_id", "follow_ups": "follow_up_id",
               "platform_reviews": "review_id", "shifts": "shift_id"}  # fmt: skip

Row = tuple[Any, ...]


def table_of(name: str, rows: list[Row], **constant: Any) -> pa.Table:
    """The rows as a table of the record; `constant` fills columns that are the same in every row."""
    schema, names = TABLES[name].schema, WRITTEN[name].split()
    told = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    known: dict[str, pa.Array] = {
        column: pa.array(values, schema.field(column).type if column in schema.names else pa.int64())
        for column, values in told.items()
    }
    known |= {column: pa.repeat(pa.scalar(value), len(rows)) for column, value in constant.items()}
    known["fact_id"] = _fact_ids(name, known)
    if name == "messages":
        known |= _of_speech(known)
    columns = [_column(field, known, len(rows)) for field in schema]
    return pa.table(columns, schema=schema)


def _column(field: pa.Field, known: dict[str, pa.Array], length: int) -> pa.Array:
    twin = f"{field.name[:-3]}_us" if field.name.endswith("_at") else None
    if twin and twin in known:
        return known[twin].cast(field.type)
    return known[field.name].cast(field.type) if field.name in known else pa.nulls(length, field.type)


def _fact_ids(name: str, known: dict[str, pa.Array]) -> pa.Array:
    if name in _FACT:
        return pc.binary_join_element_wise(known["contact_id"], known["seq"].cast(pa.string()), _FACT[name])
    return pc.binary_join_element_wise(known[_KEY[name]], name[:1], "/")


def _of_speech(known: dict[str, pa.Array]) -> dict[str, pa.Array]:
    """What follows from how long a message was spoken: 0 means that it was written."""
    length, sent = known["length_us"], known["sent_us"]
    voice = pc.greater(length, 0)
    nothing = pa.scalar(None, pa.int64())
    return {
        "kind": pc.if_else(voice, "voice", "text"),
        "automatic": pc.equal(known["sender_kind"], "bot"),
        "start_us": pc.if_else(voice, sent, nothing),
        "end_us": pc.if_else(voice, pc.add(sent, length), nothing),
    }
