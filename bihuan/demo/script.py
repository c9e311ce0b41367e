"""One contact's words: what each side says, turn by turn, and what is therefore true of every check.

The plan says who does what well; the script puts it into words and keeps the truth, so that the checks can be held
against it. A truth is left out where even a careful reader could decide either way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from bihuan.demo.bank import Bank, Matter
from bihuan.demo.cast import ACTS
from bihuan.demo.nearness import named, nearest
from bihuan.demo.slots import Slots

MET, VIOLATED, NOT_APPLICABLE = "met", "violated", "not_applicable"
TRICKY_SHARE: Final = 0.12
GENERAL_SHARE: Final = 0.15
ASIDE_SHARE: Final = 0.93  # of an agent's messages, where asides are asked for
ASIDE_FIRST_SHARE: Final = 0.4  # of those to what is told of the matter; a leave is taken after all else
CLOSING_CHECKS: Final = ("closing_thanks", "contact_promise", "ask_satisfied")
COMPLAINT: Final = "complaint"
COMPLEX: Final = 2  # the level of a complex complaint (S4-7)
# a topic that a part of the bank does not hold is told as its nearest kin
KIN: Final = {"fault": "quality", "price": "coupon", "member": "account", "compare": "product"}
_ENDS: Final = "。！？!?～~…，,"
FIRST_EMOJI: Final = "\U0001f000"


@dataclass(frozen=True)
class Scene:
    """What the plan decided about one contact, as the script needs it."""

    channel: str
    topic: str
    negative: bool
    cross: bool
    account: bool
    named: bool
    vanished: bool
    solved: bool
    rounds: int
    does: Mapping[str, bool]
    level: int = 1


@dataclass
class Script:
    """`turns` are (sender, text); `truth` maps a check's id to its verdict."""

    turns: list[tuple[str, str]] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)


def write_script(scene: Scene, bank: Bank, slots: Slots, rnd: Random, *, asides: bool = False) -> Script:
    """The whole dialogue. `asides` adds a passing remark to most agent messages, so that few are alike."""
    pen = _Pen(scene, bank, slots, rnd, asides)
    pen.open_by_customer()
    if scene.channel == "email":
        pen.whole_reply()
    elif not scene.does["polite"]:
        pen.curt()
    else:
        pen.opening()
        pen.understanding()
        pen.handling()
        pen.closing()
    return pen.script


def does_of(row: Sequence[bool]) -> dict[str, bool]:
    return dict(zip(ACTS, row, strict=True))


def matters_of(bank: Bank, topic: str) -> tuple[Matter, ...]:
    return bank.topics[topic] if topic in bank.topics else bank.topics[KIN[topic]]


class _Pen:
    def __init__(self, scene: Scene, bank: Bank, slots: Slots, rnd: Random, asides: bool) -> None:
        self.scene, self.slots, self.rnd, self.asides = scene, slots, rnd, asides
        self.random = rnd.random
        self.bank = bank.spoken if scene.channel == "phone" else bank.written
        self.script = Script()
        self.addressed = False
        matters = matters_of(self.bank, scene.topic)
        self.matter = matters[int(rnd.random() * len(matters))]
        self.is_complaint = scene.topic == COMPLAINT
        does = scene.does
        steps = does["soothe"] and does["record"] and does["feedback"] and does["follow_up"]
        # where a step of a complaint is missing, nothing else is said that could be taken for it
        self.bare = self.is_complaint and not steps
        self.asked = self._one(self.matter.negative if scene.negative else self.matter.neutral)
        slots["issue"] = self._filled(named(self.asked, self.matter.issue, echo=not scene.negative))

    # ── acts of the contact, in order ──────────────────────────────────────

    def open_by_customer(self) -> None:
        """The customer's matter, in one message or two. Nobody says "人工" in a letter."""
        words = self._filled(self.asked)
        if self.scene.negative and self.random() < 0.5:
            words = f"{words}，{self._fill(self.bank.customer['negative_tail'])}"
        if self.scene.channel == "email":
            self._say("customer", f"您好，\n{words}。\n盼复。" if self.random() < 0.5 else f"你好：{words}")
            return
        hello = self._fill(self.bank.customer["hello"])
        if self.scene.channel == "chat" and self.random() < 0.5:
            self._say("bot", "您好，我是智能助手小环，正在为您转接人工客服，请稍候")
        if hello and self.random() < 0.4:
            self._say("customer", hello)
            self._say("customer", words)
        else:
            self._say("customer", f"{hello}，{words}" if hello else words)

    def opening(self) -> None:
        """Greeting and introduction in the first message, as S0-3 asks."""
        does = self.scene.does
        parts = [self._agent("greeting", "good" if does["greeting"] else "absent")]
        if does["intro"]:
            parts.append(self._agent("intro"))
        parts.append(self._agent("ack"))
        self._agent_says(_joined(parts))
        self.script.truth["greeting"] = _verdict(does["greeting"])
        self.script.truth["self_introduction"] = _verdict(does["intro"])
        self.script.truth["polite_wording"] = MET

    def understanding(self) -> None:
        """Nobody who consoles speaks of order numbers in the same breath."""
        does, truth, scene = self.scene.does, self.script.truth, self.scene
        if self.is_complaint:
            self._say("agent", self._agent("soothe" if does["soothe"] else "complaint_absent"))
            if scene.negative:
                truth["empathy"] = _verdict(does["soothe"])
        elif scene.negative:
            self._say("agent", self._agent("empathy", "good" if does["empathy"] else "absent"))
            truth["empathy"] = _verdict(does["empathy"])
        elif scene.solved or scene.vanished:
            truth["empathy"] = NOT_APPLICABLE
        self._restate()
        self._account()

    def handling(self) -> None:
        for question, answer in self._exchanges(0 if self.bare else self.scene.rounds):
            self._say("customer", self._filled(question))
            self._agent_says(self._filled(answer), aside_first=ASIDE_FIRST_SHARE)
        self._urge()
        if self.is_complaint:
            self._complaint_steps()
        self._solution()
        self._hand_over()

    def closing(self) -> None:
        does, truth, customer = self.scene.does, self.script.truth, self.bank.customer
        truth["surname"] = self._surname_truth()
        if self.scene.vanished:
            self._agent_says(self._agent("ping"))
            truth.update(dict.fromkeys(CLOSING_CHECKS, NOT_APPLICABLE))
            truth["surname"] = self._surname_truth()
            return
        self._say("customer", self._fill(customer["accept" if self.scene.solved else "unhappy"]))
        if does["ask_satisfied"]:
            self._agent_says(self._agent("ask_satisfied"))
            self._say("customer", self._fill(customer["fine" if self.scene.solved else "unhappy"]))
        parts = [self._agent("thanks", "good" if does["thanks"] else "absent")]
        if does["contact_promise"]:
            parts.insert(0, self._agent("contact_promise"))
        self._agent_says(_joined(parts), aside_first=1.0)
        if self.random() < 0.4:
            self._say("customer", self._fill(customer["thanks"]))
        truth["ask_satisfied"] = _verdict(does["ask_satisfied"])
        truth["closing_thanks"] = _verdict(does["thanks"])
        truth["contact_promise"] = _verdict(does["contact_promise"])
        truth["surname"] = self._surname_truth()

    # ── two other ways a contact goes ──────────────────────────────────────

    def curt(self) -> None:
        """Somebody who is curt from beginning to end."""
        way, customer, truth = self.bank.agent["curt"], self.bank.customer, self.script.truth
        self._say("agent", self._fill(way["open"]))
        for _ in range(2 + self.scene.rounds):
            self._say("customer", self._fill(customer["urge"]))
            self._say("agent", self._fill(way["middle"]))
        self._say("customer", self._fill(customer["accept" if self.scene.solved else "unhappy"]))
        self._say("agent", self._fill(way["close"]))
        truth.update(dict.fromkeys(("greeting", "self_introduction", "polite_wording", "contact_promise"), VIOLATED))
        truth.update(forbidden_promise=MET, personal_data_leak=MET, closing_thanks=VIOLATED)
        if self.scene.negative:
            truth["empathy"] = VIOLATED

    def whole_reply(self) -> None:
        """An e-mail answers everything in one letter."""
        does, truth = self.scene.does, self.script.truth
        parts = [self._agent("greeting", "good" if does["greeting"] else "absent")]
        if self.scene.negative:
            parts.append(self._agent("empathy", "good" if does["empathy"] else "absent"))
            truth["empathy"] = _verdict(does["empathy"])
        parts.append(self._solution_words())
        if does["contact_promise"]:
            parts.append(self._agent("contact_promise"))
        parts.append(self._agent("thanks", "good" if does["thanks"] else "absent"))
        body = "\n".join(_joined([part, ""], "。") for part in parts)
        self._say("agent", f"{body}\n\n{self._agent('signature')}" if does["intro"] else body)
        truth["greeting"] = _verdict(does["greeting"])
        truth["self_introduction"] = _verdict(does["intro"])
        truth["closing_thanks"] = _verdict(does["thanks"])
        truth["contact_promise"] = _verdict(does["contact_promise"])

    # ── pieces of the handling ─────────────────────────────────────────────

    def _exchanges(self, rounds: int) -> list[tuple[str, str]]:
        """Questions of the matter, in a long talk then those of its topic; none twice until all were asked."""
        if not rounds:
            return []
        pool = list(self.matter.exchange)
        first = int(self.random() * len(pool))
        asked = pool[first:] + pool[:first]
        if rounds > len(asked):
            others = matters_of(self.bank, self.scene.topic)
            asked += [pair for one in others if one is not self.matter for pair in one.exchange]
        return [asked[at % len(asked)] for at in range(rounds)]

    def _restate(self) -> None:
        """A simple question needs none; a complex complaint is confirmed three times (S4-7: problem, responsibility,
        solution)."""
        does, scene, truth = self.scene.does, self.scene, self.script.truth
        if self.matter.simple:
            if not scene.negative and scene.rounds == 0 and not scene.account:
                truth["restate"] = NOT_APPLICABLE
            return
        if does["restate"]:
            self._agent_says(self._agent("restate"))
            self._say("customer", self._fill(self.bank.customer["confirm"]))
            if scene.level == COMPLEX and self.is_complaint and not self.bare:
                self._agent_says(self._agent("responsibility"))
        truth["restate"] = _verdict(does["restate"])

    def _account(self) -> None:
        touches = self.matter.account
        if touches or (self.scene.account and touches is None):
            if self.scene.does["identity"]:
                self._agent_says(self._agent("identity"))
                self._say("customer", self._fill(self.bank.customer["give_tail"]))
            self._agent_says(self._agent("disclose"))
            self.script.truth["identity_first"] = _verdict(self.scene.does["identity"])
        elif touches is False:
            self.script.truth["identity_first"] = NOT_APPLICABLE

    def _urge(self) -> None:
        patient = self.scene.does["patient"]
        self.script.truth["impatience"] = _verdict(patient)
        if patient and (self.bare or self.random() > 0.25):
            return
        self._say("customer", self._fill(self.bank.customer["urge"]))
        if not patient:
            self._say("agent", self._agent("impatience", "bad"))
        elif self.random() < 2 * TRICKY_SHARE:
            self._agent_says(self._agent("impatience", "tricky"))
        else:
            self._agent_says(self._agent("patient"))

    def _complaint_steps(self) -> None:
        does, scene = self.scene.does, self.scene
        said = [self._agent(step) for step in ("record", "feedback", "follow_up") if does[step]]
        self._agent_says(_joined(said, "。") if said else self._agent("complaint_absent"))
        self.script.truth["complaint_steps"] = _verdict(not self.bare)
        if scene.level != COMPLEX:
            return
        confirms = does["restate"] and does["ask_satisfied"] and not self.bare
        if confirms:
            self._agent_says(self._agent("agreement"))
            self._say("customer", self._fill(self.bank.customer["confirm"]))
        self.script.truth["three_confirmations"] = _verdict(confirms and not self.matter.simple)

    def _solution(self) -> None:
        self._agent_says(self._solution_words(), aside_first=ASIDE_FIRST_SHARE)

    def _solution_words(self) -> str:
        """What will be done, with the promise and the disclosure that should not be in it, or what only looks so."""
        does, truth = self.scene.does, self.script.truth
        parts = [self._way_out()]
        for act, fault, check in (
            ("promise", "no_promise", "forbidden_promise"),
            ("leak", "no_leak", "personal_data_leak"),
        ):
            if not does[fault]:
                parts.append(self._agent(act, "bad"))
                if self.bare:
                    truth.pop("complaint_steps", None)
                if act == "leak" and truth.get("identity_first") == NOT_APPLICABLE:
                    del truth["identity_first"]
            elif not self.bare and self.random() < TRICKY_SHARE:
                parts.append(self._agent(act, "tricky"))
            truth[check] = _verdict(does[fault])
        return _joined(parts)

    def _way_out(self) -> str:
        """The matter's own end. Where others take over unannounced or a step is missing, no time is named."""
        untold = self.bare or (self.scene.cross and not self.scene.does["progress"])
        way = "solved" if self.scene.solved and not untold else "unsolved"
        if not (untold or self.is_complaint or self.matter.simple) and self.random() < GENERAL_SHARE:
            return self._agent("solution", way)
        fitting, _ = nearest(self.asked, self.matter.solved if way == "solved" else self.matter.unsolved)
        return self._fill(fitting)

    def _hand_over(self) -> None:
        if not self.scene.cross:
            return
        told = self.scene.does["progress"] and not self.bare
        self._agent_says(self._agent("progress", "good" if told else "absent"))
        # the steps of a complaint may have told who and by when already: then nobody can say which it is
        if told or not (self.is_complaint and (self.scene.does["feedback"] or self.scene.does["follow_up"])):
            self.script.truth["progress_told"] = _verdict(told)

    def _surname_truth(self) -> str:
        return _verdict(self.addressed) if self.scene.named else NOT_APPLICABLE

    # ── words ──────────────────────────────────────────────────────────────

    def _agent(self, act: str, way: str = "good") -> str:
        return self._fill(self.bank.agent[act][way])

    def _agent_says(self, text: str, *, aside_first: float = 0.0) -> None:
        """`aside_first`: how often an aside stands before the words rather than behind them."""
        if self.asides and self.random() < ASIDE_SHARE:
            aside = self._aside()
            text = f"{aside}，{text}" if self.random() < aside_first else _joined((text, aside))
        self._say("agent", text)

    def _aside(self) -> str:
        line = self._one(self.bank.agent["aside"]["good"])
        if line not in self.bank.loose_asides:
            return self._filled(line)
        return f"{self._filled(line)}，{self._fill(self.bank.exact_asides)}"

    def _fill(self, lines: Sequence[str]) -> str:
        line = lines[int(self.random() * len(lines))]
        return self._filled(line) if "{" in line else line

    def _one(self, lines: Sequence[str]) -> str:
        return lines[int(self.random() * len(lines))]

    def _filled(self, line: str) -> str:
        if "{" not in line:
            return line
        if "{call}" in line and self.slots["call"]:
            self.addressed = True
        return line.format_map(self.slots)

    def _say(self, sender: str, text: str) -> None:
        self.script.turns.append((sender, text))


def _joined(parts: Sequence[str], mark: str = "，") -> str:
    """Parts of one message; no second mark where a part ends in one already, or in an emoji."""
    text = parts[0]
    for part in parts[1:]:
        text += part if text[-1:] in _ENDS or text[-1:] >= FIRST_EMOJI else mark + part
    return text


def _verdict(done: bool) -> str:
    return MET if done else VIOLATED
