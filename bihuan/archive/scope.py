"""Which rows of the record somebody may see. Made by `people` from a user, applied by the reader and the metrics."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scope:
    """The right to see: everything, or rows of these staff numbers, or rows of these teams. The default sees nothing."""

    everything: bool = False
    persons: frozenset[str] = field(default_factory=frozenset)
    teams: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def all(cls) -> Scope:
        """For commands run by whoever owns the machine, and for managers."""
        return cls(everything=True)

    def admits(self, *, person: str | None, team: str | None) -> bool:
        """May a row about this person, or of this team, be seen?"""
        return (
            self.everything
            or (person is not None and person in self.persons)
            or (team is not None and team in self.teams)
        )
