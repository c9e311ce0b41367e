"""The record as somebody reads it who is still to judge some of its contacts blind.

Every verdict of a single contact that a page, a file or the interface for programs shows is read through this one, so
that no route has to remember to hide it. Figures over many contacts are read elsewhere (`View.people_reader`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

from bihuan.archive.engine import literal
from bihuan.archive.library import Filters, Page
from bihuan.archive.reader import ContactRecord, Reader
from bihuan.inspection.blindness import Owed

JUDGED: Final = frozenset({"verdicts", "evaluations"})
"""Tables that tell what others, machine or people, found about a contact."""


class BlindReader(Reader):
    """A reader whose `JUDGED` tables have no row of the contacts that `owed` names; asked only when one is read.

    A search by verdict does not find them either, whatever verdict it asks for: being found would tell.
    """

    def __init__(self, reader: Reader, owed: Callable[[], Mapping[str, Owed]]) -> None:
        super().__init__(reader.archive, reader.manifest, reader.scope)
        self._owed = owed

    @cached_property
    def blind(self) -> Mapping[str, Owed]:
        """The contacts, each with where the answer about it is given."""
        return self._owed()

    def sql(self, name: str, **asked: Any) -> str:
        whole = super().sql(name, **asked)
        if name not in JUDGED or not self.blind:
            return whole
        hidden = ", ".join(literal(one) for one in sorted(self.blind))
        return f"(SELECT * FROM {whole} told WHERE told.contact_id NOT IN ({hidden}))"  # noqa: S608 - quoted by `literal`

    def contacts_page(self, filters: Filters, **paging: Any) -> Page:
        """Whoever decides an appeal without a name finds its conversation among no agent's."""
        page = super().contacts_page(filters, **paging)
        if not filters.person or not self.blind:
            return page
        hidden = {one for one, owed in self.blind.items() if owed.hides_person}
        return replace(page, rows=[row for row in page.rows if row["contact_id"] not in hidden])

    def contact(self, contact_id: str) -> ContactRecord | None:
        found = super().contact(contact_id)
        return found if found is None or contact_id not in self.blind else replace(found, evaluations=[])
