"""Pages of a long list: which rows, and the addresses of the neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

PER_PAGE = 50


@dataclass(frozen=True)
class Page:
    """Page `number` (from 1) of `total` rows."""

    number: int
    total: int
    per_page: int = PER_PAGE
    query: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_query(cls, query: Mapping[str, Any], total: int, per_page: int = PER_PAGE) -> Page:
        """From `page=3`; nonsense reads 1, too high a number the last page."""
        asked = str(query.get("page", "1"))
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
        last = max(-(-total // per_page), 1)
        return cls(min(max(number, 1), last), total, per_page, query)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.per_page

    @property
    def first(self) -> int:
        return self.offset + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.offset + self.per_page, self.total)

    @property
    def previous_url(self) -> str:
        return self._url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self._url(self.number + 1) if self.last < self.total else ""

    def _url(self, number: int) -> str:
        kept = {name: self.query[name] for name in self.query if name != "page"}
        return "?" + urlencode({**kept, "page": number}, doseq=True)
