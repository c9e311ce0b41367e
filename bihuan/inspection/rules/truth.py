"""What a person's answer to a question of the form says about one of the checks that the machine looks at for it.

People answer items, and an item may be fed by several checks. An item that is met clears all of its checks. One that is
violated is put down to the check that flagged it; where none did, to every one of them: their recall is then at least
what is told. A check that did not flag what another one did is not judged by it. Where several flagged the same item
nobody said which of them is right: the contact says nothing about any of them, whatever the answer was, because to leave
out only what was violated, or only what was met, would make a check look better or worse than it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bihuan.inspection.rules.form import Question
from bihuan.standards.rules.verdict import CANNOT_TELL, MET, NOT_APPLICABLE, VIOLATED


@dataclass(frozen=True)
class Pair:
    """The machine's verdict of a check and what people found, on one contact."""

    machine: str
    human: str

    @property
    def agrees(self) -> bool:
        """Do both see a fault, or neither? Where people cannot tell nothing is compared."""
        return self.human == CANNOT_TELL or (self.machine == VIOLATED) == (self.human == VIOLATED)


def questions_about(check: str, questions: Iterable[Question]) -> tuple[Question, ...]:
    """Those that people answer and for which the machine looks at the check; its own question alone where it has one."""
    found = [one for one in questions if check in one.checks and not one.by_record]
    own = [one for one in found if one.checks == (check,)]
    return tuple(own or found)


def pair_of(check: str, asked: Sequence[Question], machine: Mapping[str, str], human: Mapping[str, str]) -> Pair | None:
    """`machine` is by check, `human` by question. None: the contact says nothing about the check."""
    answered = [one for one in asked if one.id in human]
    if check not in machine or any(_shares_its_flag(check, one, machine) for one in answered):
        return None
    told = [word for one in answered if (word := _told(check, one, machine, human[one.id]))]
    for word in (MET, VIOLATED, NOT_APPLICABLE, CANNOT_TELL):
        if word in told:
            return Pair(machine[check], word)
    return None


def settled_checks(questions: Sequence[Question], answers: Mapping[str, str]) -> dict[str, str]:
    """What settled answers to items, by question, say of each check in the machine's place, and of each item that no check
    looks at (X19).

    An item takes all checks that feed it along, so that its points are those people gave; a check with a question of its
    own follows that one alone. Of several items the gravest answer holds. Items of logged times settle nothing.
    """
    found = {one.id: answers[one.id] for one in questions if not one.checks and one.id in answers}
    for check in sorted({check for one in questions for check in one.checks}):
        told = [answers[one.id] for one in questions_about(check, questions) if one.id in answers]
        word = next((word for word in (VIOLATED, CANNOT_TELL, MET, NOT_APPLICABLE) if word in told), None)
        if word is not None:
            found[check] = word
    return found


def _shares_its_flag(check: str, question: Question, machine: Mapping[str, str]) -> bool:
    """Whether the check flagged the question together with another one."""
    others = (machine.get(other) for other in question.checks if other != check)
    return machine[check] == VIOLATED and VIOLATED in others


def _told(check: str, question: Question, machine: Mapping[str, str], answer: str) -> str:
    if answer != VIOLATED or machine[check] == VIOLATED:
        return answer
    flagged = any(machine.get(other) == VIOLATED for other in question.checks)
    return "" if flagged else VIOLATED
