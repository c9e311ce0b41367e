"""The tables of the service record, declared once.

Every moment is kept twice: `x_at` (timestamp, UTC) for people and tools, `x_us` (BIGINT microseconds since 1970) for
arithmetic that is the same on every engine. Durations are BIGINT microseconds (`…_us`). A missing value is null, never
zero. `person` is the staff number a key was resolved to, or the key itself while nobody has settled it.

Source tables carry `fact_id` (the same fact never enters twice), `recorded_us` (when it was told; of two rows with the
same identity the later told one holds) and `import_id`. Derived tables are rebuilt from source tables alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyarrow as pa

TEXT: Final = pa.string()
FLAG: Final = pa.bool_()
COUNT: Final = pa.int32()
MICROS: Final = pa.int64()
MOMENT: Final = pa.timestamp("us", tz="UTC")
DAY: Final = pa.date32()

SPAN: Final = pa.struct(
    [
        ("message", COUNT),  # sequence of the message, null for evidence by event or time
        ("start", COUNT),  # code points of the stored original, half-open
        ("end", COUNT),
        ("event", COUNT),  # sequence of the event, null for evidence in words
        ("role", TEXT),  # "hit" shows the reason, "looked" shows where something was looked for and not found
    ]
)

CHANNELS: Final = ("phone", "chat", "email", "social")
SENDERS: Final = ("customer", "agent", "bot", "system")
LEVELS: Final = ("L1", "L2", "L3")
OUTCOMES: Final = ("solved", "unsolved", "abandoned", "unknown")
INEFFECTIVE: Final = ("test", "repeat")
EVENTS: Final = (
    "opened", "queued", "rang", "assigned", "accepted", "held", "resumed", "transferred", "escalated", "handed_over",
    "resolved", "reopened", "closed", "abandoned", "wrap_up_started", "wrap_up_ended",
)  # fmt: skip
VERDICTS: Final = ("met", "violated", "not_applicable", "cannot_tell")
UNDATED: Final = "undated"


@dataclass(frozen=True)
class Table:
    """A table of the record: its columns, what identifies a row, and the order rows lie in within a day."""

    name: str
    columns: tuple[tuple[str, pa.DataType], ...]
    identity: tuple[str, ...]
    order: tuple[str, ...]
    derived: bool = False
    partitioned: bool = True

    @cached_property
    def schema(self) -> pa.Schema:
        return pa.schema(list(self.columns))


def moment(name: str) -> tuple[tuple[str, pa.DataType], ...]:
    """Both spellings of one moment."""
    return ((f"{name}_at", MOMENT), (f"{name}_us", MICROS))


_TOLD = (("fact_id", TEXT), ("recorded_us", MICROS), ("import_id", TEXT), ("day", DAY))
_WHO = (("person", TEXT), ("agent_key", TEXT), ("team", TEXT), ("post", TEXT), ("agent_class", TEXT))
_WHERE = (
    ("source", TEXT),
    ("channel", TEXT),
    ("queue", TEXT),
    ("business_line", TEXT),
    ("category", TEXT),
    ("level", TEXT),
)

CONTACTS = Table(
    "contacts",
    (
        ("contact_id", TEXT), ("external_id", TEXT), ("parent_id", TEXT), *_WHERE,
        ("subject", TEXT), ("customer_key", TEXT), ("customer_known", FLAG), ("customer_surname", TEXT),
        *moment("opened"), *moment("closed"), ("outcome", TEXT), ("effective", FLAG), ("ineffective_reason", TEXT), *_TOLD,
    ),
    identity=("contact_id",),
    order=("contact_id",),
)  # fmt: skip

EVENTS_TABLE = Table(
    "events",
    (
        ("contact_id", TEXT), ("seq", COUNT), ("kind", TEXT), *moment("happened"), ("actor_kind", TEXT),
        ("agent_key", TEXT), ("team", TEXT), ("post", TEXT), ("agent_class", TEXT), ("queue", TEXT),
        ("rings", COUNT), ("duration_us", MICROS), ("detail", TEXT), *_TOLD,
    ),
    identity=("contact_id", "seq"),
    order=("contact_id", "seq"),
)  # fmt: skip

MESSAGES = Table(
    "messages",
    (
        ("contact_id", TEXT), ("seq", COUNT), *moment("sent"), ("sender_kind", TEXT), ("agent_key", TEXT),
        ("kind", TEXT), ("text", TEXT), ("automatic", FLAG), ("withdrawn_us", MICROS), ("reply_to_seq", COUNT),
        ("start_us", MICROS), ("end_us", MICROS), ("side", TEXT), ("attachment", TEXT), *_TOLD,
    ),
    identity=("contact_id", "seq"),
    order=("contact_id", "seq"),
)  # fmt: skip

RATINGS = Table(
    "ratings",
    (
        ("rating_id", TEXT), ("contact_id", TEXT), ("agent_key", TEXT),
        # csat 1–5, nps 0–10 (without a value a question that nobody answered); invitation: the customer was asked
        ("kind", TEXT), ("mode", TEXT),
        ("value", COUNT), ("words", TEXT), *moment("given"), *_TOLD,
    ),
    identity=("rating_id",),
    order=("contact_id", "given_us"),
)  # fmt: skip

COMPLAINTS = Table(
    "complaints",
    (
        ("complaint_id", TEXT), ("contact_id", TEXT), ("agent_key", TEXT), ("praise", FLAG), ("grade", TEXT),
        *moment("opened"), *moment("classified"), *moment("followed_up"), *moment("closed"),
        ("valid", FLAG), ("decided_by", TEXT), ("cause", TEXT), ("responsibility", TEXT), ("words", TEXT), *_TOLD,
    ),
    identity=("complaint_id",),
    order=("contact_id",),
)  # fmt: skip

FOLLOW_UPS = Table(
    "follow_ups",
    (
        ("follow_up_id", TEXT), ("contact_id", TEXT), ("agent_key", TEXT), *moment("opened"), *moment("promised"),
        *moment("first"), *moment("closed"), ("reason", TEXT), *_TOLD,
    ),
    identity=("follow_up_id",),
    order=("contact_id",),
)  # fmt: skip

PLATFORM_REVIEWS = Table(
    "platform_reviews",
    (
        # what a customer wrote on somebody else's platform; it stands by itself, which contact it is about is found anew
        # from what the record holds (`linking`), and no figure of the department's own surveys reads it
        ("review_id", TEXT), ("external_id", TEXT), ("source", TEXT), ("platform", TEXT),
        ("contact_key", TEXT), ("order_key", TEXT), ("customer_key", TEXT),
        ("stars", COUNT), ("stars_told", TEXT),  # 1–5, and as the platform wrote it
        ("words", TEXT), *moment("posted"), ("posted_told", TEXT),
        ("within_us", MICROS),  # how long before it a contact of the customer may have ended, as its mapping says
        *_TOLD,
    ),
    identity=("review_id",),
    order=("review_id",),
)  # fmt: skip

EVALUATIONS = Table(
    "evaluations",
    (
        ("evaluation_id", TEXT), ("contact_id", TEXT), ("item", TEXT), ("answer", TEXT), ("points_milli", MICROS),
        ("evaluator", TEXT), ("plan", TEXT), ("stratum", TEXT), ("inclusion_ppm", MICROS), *moment("released"), *_TOLD,
    ),
    identity=("evaluation_id", "item"),
    order=("contact_id", "item"),
)  # fmt: skip

STAFF = Table(
    "staff",
    (
        ("source", TEXT), ("agent_key", TEXT), ("person", TEXT), ("name", TEXT), ("team", TEXT), ("post", TEXT),
        ("agent_class", TEXT), ("from_us", MICROS), ("to_us", MICROS),
    ),
    identity=("source", "agent_key", "from_us"),
    order=("agent_key", "from_us"),
    partitioned=False,
)  # fmt: skip

SHIFTS = Table(
    "shifts",
    (
        ("shift_id", TEXT), ("agent_key", TEXT), *moment("planned_start"), *moment("planned_end"),
        *moment("actual_start"), *moment("actual_end"), ("absence", TEXT), ("prepared", FLAG), *_TOLD,
    ),
    identity=("shift_id",),
    order=("agent_key", "planned_start_us"),
)  # fmt: skip

EXCHANGES = Table(
    "exchanges",
    (
        ("contact_id", TEXT), ("seq", COUNT), ("reply_seq", COUNT), *_WHO, *_WHERE, ("asked_us", MICROS),
        ("replied_us", MICROS), ("wait_us", MICROS), ("first", FLAG), ("day", DAY),
    ),
    identity=("contact_id", "seq"),
    order=("contact_id", "seq"),
    derived=True,
)  # fmt: skip

AFTERWARDS = Table(
    "afterwards",
    (
        ("contact_id", TEXT), ("entry_id", TEXT), ("kind", TEXT),  # csat, nps, complaint, praise, follow_up
        *_WHO, *_WHERE, ("opened_us", MICROS),  # of the contact; what follows is about the entry itself
        # context of a complaint: live, or other_departments where others must act (X11)
        ("value", COUNT), ("valid", FLAG), ("context", TEXT), ("begun_us", MICROS), ("promised_us", MICROS),
        ("first_us", MICROS), ("closed_us", MICROS), ("day", DAY),
    ),
    identity=("contact_id", "kind", "entry_id"),
    order=("contact_id", "kind", "entry_id"),
    derived=True,
)  # fmt: skip

ROLLUP = Table(
    "rollup",
    (
        ("contact_id", TEXT), ("parent_id", TEXT), *_WHO, *_WHERE,
        # true on exactly one row of a contact: the last person who served it, or the personless row
        ("is_primary", FLAG),
        # true on exactly one row of a contact: who first passed it on where somebody did, else its primary row
        ("first_hand", FLAG),
        ("customer_key", TEXT), ("customer_known", FLAG), ("outcome", TEXT), ("effective", FLAG), ("ineffective_reason", TEXT),
        ("opened_at", MOMENT), ("opened_us", MICROS), ("closed_us", MICROS), ("day", DAY),
        # about the contact; filled on the primary row only, null elsewhere
        ("offered", COUNT), ("answered", COUNT), ("abandoned", COUNT),
        ("queue_us", MICROS), ("ring_us", MICROS), ("rings", COUNT),
        ("customer_frt_us", MICROS), ("customer_waiting_since_us", MICROS),
        ("duration_us", MICROS), ("solved", COUNT), ("reopened", COUNT), ("transferred", COUNT), ("escalated", COUNT),
        ("handed_over", COUNT), ("hand_over_us", MICROS), ("next_contact_us", MICROS), ("next_unsorted_us", MICROS),
        ("customer_messages", COUNT), ("bot_messages", COUNT),
        # the last answers; whether one was asked (null: answered, and nobody recorded who was asked)
        ("csat", COUNT), ("nps", COUNT), ("surveyed", COUNT),
        ("complaints", COUNT), ("praises", COUNT),  # null where the contact's source kept no ledger at that time
        # on the row of `first_hand`: 1 where this person passed it on, 0 where nobody did, null where nobody knows who
        ("passed_on", COUNT),
        # about this person's share of the contact; `served` is 0 for who was only assigned it
        ("served", COUNT), ("assigned_us", MICROS), ("released_us", MICROS), ("agent_frt_us", MICROS),
        ("agent_messages", COUNT), ("exchanges", COUNT), ("exchange_wait_us", MICROS),
        ("active_us", MICROS), ("hold_us", MICROS), ("wrap_up_us", MICROS), ("handle_us", MICROS),
    ),
    identity=("contact_id", "agent_key"),
    order=("contact_id", "agent_key"),
    derived=True,
)  # fmt: skip

VERDICTS_TABLE = Table(
    "verdicts",
    (
        ("contact_id", TEXT), ("item", TEXT), ("verdict", TEXT), ("reason", TEXT), ("evidence", pa.list_(SPAN)),
        ("agent_key", TEXT), ("person", TEXT), ("day", DAY), ("edition", TEXT), ("engine", TEXT),
    ),
    identity=("contact_id", "item"),
    order=("contact_id", "item"),
    derived=True,
)  # fmt: skip

TABLES: Final = {
    table.name: table
    for table in (
        CONTACTS, EVENTS_TABLE, MESSAGES, RATINGS, COMPLAINTS, FOLLOW_UPS, PLATFORM_REVIEWS, EVALUATIONS, STAFF, SHIFTS,
        EXCHANGES, AFTERWARDS, ROLLUP, VERDICTS_TABLE,
    )
}  # fmt: skip
