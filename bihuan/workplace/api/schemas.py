"""What the interface takes and gives. Figures travel as text, so that no digit is lost; moments as ISO 8601 in UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StringConstraints

from bihuan.archive.schemas import CHANNELS, LEVELS, OUTCOMES, VERDICTS

Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 1, 1))]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Listed = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Month = Annotated[str, StringConstraints(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$")]
Channel = Literal[CHANNELS]  # type: ignore[valid-type] # the record's own words, read at run time
Level = Literal[LEVELS]  # type: ignore[valid-type] # the record's own words, read at run time
Outcome = Literal[OUTCOMES]  # type: ignore[valid-type] # the record's own words, read at run time
VerdictWord = Literal[VERDICTS]  # type: ignore[valid-type] # the record's own words, read at run time
Rows = list[dict[str, Any]]


class Problem(Schema):
    """Why a call was not answered (RFC 9457); `detail`, `hint` and messages follow `Accept-Language` (zh, en)."""

    type: str
    title: str
    status: int
    detail: str
    hint: str | None = None
    issues: list[dict[str, str]] | None = None


class Narrowed(Schema):
    """The filters of every page, under the same names."""

    first: Day | None = Field(None, alias="from", description="First business day, included.")
    last: Day | None = Field(None, alias="to", description="Last business day, included.")
    team: Word | None = None
    channel: Channel | None = None
    agent: Word | None = Field(None, description="Staff number.")
    category: Word | None = None
    level: Level | None = None
    queue: Word | None = None
    business_line: Word | None = None


class FigureQuestion(Narrowed):
    metrics: list[Word] = Field(..., min_length=1, max_length=40, description="Names of `GET /metrics`.")
    by: list[Listed] = Field([], max_length=4, description="Dimensions, such as agent, team, channel, day, month.")


class Figure(Schema):
    value: str | None = Field(description="In the metric's unit; null says that nothing can be told, `reason` why.")
    n: int
    numerator: int
    denominator: int
    low: str | None
    high: str | None
    coverage: str | None
    reason: str | None
    provisional: bool


class FigureRow(Schema):
    keys: dict[str, str | None]
    figures: dict[str, Figure]


class Figures(Schema):
    edition: str
    manifest: str
    as_of: datetime
    first: date
    last: date
    by: list[str]
    rows: list[FigureRow]
    totals: dict[str, Figure]


class MetricInfo(Schema):
    name: str
    zh: str
    en: str
    unit: str
    better: str
    sources: list[str]


class ContactQuestion(Narrowed):
    outcome: Outcome | None = None
    rating: Annotated[int, Field(ge=0, le=10)] | None = None
    words: Word | None = Field(None, description="Every word must occur; two Chinese characters are enough.")
    check: Word | None = Field(None, description="A check of the edition in use; with `verdict`.")
    verdict: VerdictWord | None = None
    order: Literal["opened", "duration", "rating"] = "opened"
    descending: bool = True
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str, StringConstraints(max_length=600)] | None = Field(
        None, description="`next` of the page before."
    )


class ReviewRate(Schema):
    """The human review rate: of so many contacts, those drawn at random and released by people."""

    reviewed: int
    contacts: int
    share: str | None = Field(description="In percent; null where there is no contact.")


class ContactPage(Schema):
    contacts: Rows
    human_review: ReviewRate = Field(
        description="Of the conversations of the period, by agent, team, channel and category as asked."
    )
    next: str | None


class Contact(Schema):
    contact: dict[str, Any]
    messages: Rows = Field(description="Personal data is starred out, length kept: offsets of evidence stay true.")
    events: Rows
    ratings: Rows
    complaints: Rows
    follow_ups: Rows
    edition: str
    withheld: bool = Field(
        False, description="The token's person is still to judge it blind: verdicts and score are not told until then."
    )
    verdicts: Rows
    score: dict[str, Any] | None
    human_review: ReviewRate = Field(description="Of the conversations of the same day; of all without a day.")


class VerdictQuestion(Schema):
    first: Day = Field(..., alias="from")
    last: Day = Field(..., alias="to")
    edition: Word | None = Field(None, description="Id or hash; the edition in use where absent.")
    item: Word | None = None
    verdict: VerdictWord | None = None
    agent: Word | None = None
    contact: Word | None = None
    limit: Annotated[int, Field(ge=1, le=5000)] = 500
    after: Annotated[str, StringConstraints(max_length=600)] | None = None


class VerdictPage(Schema):
    edition: str
    manifest: str
    verdicts: Rows
    withheld: list[str] = Field(
        description="Contacts the token's person is still to judge blind: their verdicts are not listed until then."
    )
    next: str | None


class ResultLine(Schema):
    id: UUID
    scheme: str
    person: str
    name: str
    team: str
    total: str | None
    low: str | None
    high: str | None
    coverage: str | None
    contacts: int
    fatal_contacts: int
    rank: int | None
    rank_best: int | None
    rank_worst: int | None
    standing: str
    by_reason: str | None = Field(
        description="Of who is not separable: in or out by a written reason, if there is one."
    )
    written_reason: str | None
    reason: str
    human_review: ReviewRate = Field(description="Of the person's contacts of the month in the record.")
    quality: dict[str, Any] = Field(description="Mean score by people, by the machine, by both (PPI++); in points.")
    scope: dict[str, Any] = Field(
        description="What of the month is of the edition's part; empty: the whole department."
    )


class ResultSetInfo(Schema):
    id: UUID
    month: str
    edition: str
    manifest: str
    engine: str
    computed_at: datetime
    is_provisional: bool = Field(description="Checks entered that do not count yet: no ground for pay.")
    provisional: list[str] | None = Field(description="Those checks.")
    scope: dict[str, Any] = Field(description="The part of the department the edition is for; empty: the whole of it.")


class Results(Schema):
    set: ResultSetInfo
    results: list[ResultLine]


class ResultTree(Schema):
    set: ResultSetInfo
    result: ResultLine
    tree: dict[str, Any]
    period: dict[str, Any] | None


class EditionInfo(Schema):
    id: str
    version: str
    hash: str
    zh: str
    en: str
    state: str
    effective_from: date | None


class EditionText(Schema):
    edition: EditionInfo
    document: dict[str, Any]


class LintIssue(Schema):
    level: str
    place: str
    message: str
    source: str
    code: str


class ImportInfo(Schema):
    id: UUID
    name: str
    size: int
    state: str
    step: str
    rows: int
    share: float
    uploaded_at: datetime
    finished_at: datetime | None
    preview: dict[str, Any] | None
    summary: dict[str, Any] | None
    aftermath: dict[str, Any] | None
    problem: str
    hint: str


class Reject(Schema):
    line: int
    column: str = Field(description="As the file calls it.")
    reason: str
    value: str
    field: str = Field(description="As the mapping calls the column.")
    why: str = Field(description="The reason in words.")
