"""Answers of the model into the record's verdicts, beside those of the engine and by the same writer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bihuan.archive.manifest import day_key
from bihuan.archive.reader import Reader
from bihuan.archive.schemas import TABLES
from bihuan.archive.store import Archive
from bihuan.archive.writer import verdicts_of, write_verdicts
from bihuan.inspection.judging import is_judged
from bihuan.inspection.model_judge.talks import Place
from bihuan.inspection.rules.model_judging import PROMPT_VERSION, Finding, Question, evidence_of, verdict_of
from bihuan.standards.rules.edition import Edition


def engine_of(model: str) -> str:
    """How a verdict of the model names who gave it: the model and the version of the prompt."""
    return f"model:{model}/prompt-{PROMPT_VERSION}"


def write_answers(
    archive: Archive, edition: Edition, day: date | None, questions: Mapping[Place, Question],
    known: Mapping[str, Finding],
) -> str:  # fmt: skip
    """Put the known answers in the place of "not asked"; returns the hash of the day's file, "" where the day is not judged
    as it now stands.

    Whatever judges the day meanwhile wins: the next round finds another file and puts the answers in again.
    """
    head = archive.head()
    if not is_judged(head, edition, day):
        return ""
    file = head.files(verdicts_of(edition.hash))[day_key(day)]
    rows = _rows(Reader(archive, head), edition, day)
    told = {place: (one, known[one.key]) for place, one in questions.items() if one.key in known}
    items = pa.array(sorted({item for _, item in questions}), pa.string())
    asked = pc.is_in(rows["item"], value_set=items)
    before = rows.filter(asked).to_pylist()
    after = [_answered(row, told.get((row["contact_id"], row["item"]))) for row in before]
    if after == before:
        return file.hash
    kept = pa.concat_tables([rows.filter(pc.invert(asked)), pa.Table.from_pylist(after, rows.schema)])
    unchanged = _Unchanged(archive, verdicts_of(edition.hash), day, file.hash)
    try:
        manifest = write_verdicts(unchanged, edition.hash, kept, [day], built_from=file.built_from)
    except _Overtaken:
        return ""
    return manifest.files(verdicts_of(edition.hash))[day_key(day)].hash


class _Overtaken(Exception):
    """The day's verdicts are others than those that were read."""


class _Unchanged(Archive):
    """The record as long as a day's file is the one that was read: once a writer's turn comes, `_Overtaken` otherwise."""

    def __init__(self, archive: Archive, table: str, day: date | None, file: str) -> None:
        super().__init__(archive.root, archive.zone, archive.cutover_hour)
        self._read, self._hash = (table, day_key(day)), file

    @contextmanager
    def writing(self) -> Iterator[None]:
        table, day = self._read
        with super().writing():
            found = self.head().files(table).get(day)
            if found is None or found.hash != self._hash:
                raise _Overtaken
            yield


def _rows(reader: Reader, edition: Edition, day: date | None) -> pa.Table:
    rows = reader.verdicts(edition.hash, days=(day, day)) if day else _undated(reader, edition)
    return rows.cast(TABLES["verdicts"].schema)


def _undated(reader: Reader, edition: Edition) -> pa.Table:
    return reader.table("verdicts", where={"day": None}, edition=edition.hash)


def _answered(row: dict[str, Any], told: tuple[Question, Finding] | None) -> dict[str, Any]:
    if told is None:
        return row
    question, finding = told
    return row | answer_row(question, finding)


def answer_row(question: Question, finding: Finding) -> dict[str, Any]:
    """Verdict, reason, evidence and who gave it, as columns of the record's verdicts."""
    return {
        "verdict": verdict_of(finding, question.asked),
        "reason": finding.reason,
        "evidence": evidence_of(finding, question),
        "engine": engine_of(question.model),
    }
