"""One contact's words: what each side says, turn by turn, and what is therefore true of every check.

The plan says who does what well; the script puts it into words and keeps the truth, so that the checks can be held
against it. A truth is left out where even a careful reader could decide either way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from bihuan.demo.bank import Bank
from bihuan.demo.cast import ACTS

SIMPLE_TOPICS: Final = ("product",)
MET, VIOLATED, NOT_APPLICABLE = "met", "violated", "not_applicable"
TRICKY_SHARE: Final = 0.12
TWO_MESSAGES_SHARE: Final = 0.4


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


@dataclass
class Script:
    """`turns` are (sender, text); `truth` maps a check's id to its verdict."""

    turns: list[tuple[str, str]] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)


def write_script(scene: Scene, bank: Bank, slots: dict[str, str], rnd: Random, *, asides: bool = False) -> Script:
    """The whole dialogue. `asides` adds a passing remark to short agent messages, so that few are alike."""
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


class _Pen:
    def __init__(self, scene: Scene, bank: Bank, slots: dict[str, str], rnd: Random, asides: bool) -> None:
        self.scene, self.bank, self.slots, self.rnd, self.asides = scene, bank, slots, rnd, asides
        self.script = Script()
        self.addressed = False
        self.topic = bank.topics[scene.topic]
        slots["issue"] = self._fill(self.topic["issue"])

    # ── acts of the contact, in order ──────────────────────────────────────

    def open_by_customer(self) -> None:
        mood = "negative" if self.scene.negative else "neutral"
        words = self._fill(self.topic[mood])
        if self.scene.negative and self.rnd.random() < 0.5:
            words = f"{words}，{self._fill(self.bank.customer['negative_tail'])}"
        hello = self._fill(self.bank.customer["hello"])
        if self.scene.channel == "chat" and self.rnd.random() < 0.5:
            self._say("bot", "您好，我是智能助手小环，正在为您转接人工客服，请稍候")
        if hello and self.rnd.random() < 0.4:
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
        self._agent_says("，".join(parts))
        self.script.truth["greeting"] = _verdict(does["greeting"])
        self.script.truth["self_introduction"] = _verdict(does["intro"])
        self.script.truth["polite_wording"] = MET

    def understanding(self) -> None:
        does, truth = self.scene.does, self.script.truth
        complaint = self.scene.topic == "complaint"
        if self.scene.negative:
            kind = "soothe" if complaint and does["soothe"] else "empathy"
            shown = does["soothe"] if complaint else does["empathy"]
            self._agent_says(self._agent(kind, "good" if shown else "absent"))
            truth["empathy"] = _verdict(shown)
        else:
            truth["empathy"] = NOT_APPLICABLE
        simple = self.scene.topic in SIMPLE_TOPICS and not self.scene.negative
        if not simple and does["restate"]:
            self._agent_says(self._agent("restate"))
            self._say("customer", self._fill(self.bank.customer["confirm"]))
        if not simple:
            truth["restate"] = _verdict(does["restate"])
        elif self.scene.rounds == 0:
            truth["restate"] = NOT_APPLICABLE
        self._account()

    def handling(self) -> None:
        for _ in range(self.scene.rounds):
            question, answer = self.topic["exchange"][int(self.rnd.random() * len(self.topic["exchange"]))]
            self._say("customer", self._filled(question))
            self._agent_says(self._filled(answer))
        self._urge()
        if self.scene.topic == "complaint":
            self._complaint_steps()
        self._solution()
        self._hand_over()

    def closing(self) -> None:
        does, truth, customer = self.scene.does, self.script.truth, self.bank.customer
        if self.scene.vanished:
            self._agent_says(self._agent("ping"))
            for check in ("closing_thanks", "contact_promise", "ask_satisfied"):
                truth[check] = NOT_APPLICABLE
            truth["surname"] = self._surname_truth()
            return
        self._say("customer", self._fill(customer["accept" if self.scene.solved else "unhappy"]))
        if does["ask_satisfied"]:
            self._agent_says(self._agent("ask_satisfied"))
            self._say("customer", self._fill(customer["fine" if self.scene.solved else "unhappy"]))
        parts = [self._agent("thanks", "good" if does["thanks"] else "absent")]
        if does["contact_promise"]:
            parts.insert(0, self._agent("contact_promise"))
        self._agent_says("，".join(parts))
        if self.rnd.random() < 0.4:
            self._say("customer", self._fill(customer["thanks"]))
        truth["ask_satisfied"] = _verdict(does["ask_satisfied"])
        truth["closing_thanks"] = _verdict(does["thanks"])
        truth["contact_promise"] = _verdict(does["contact_promise"])
        truth["surname"] = self._surname_truth()

    # ── two other ways a contact goes ──────────────────────────────────────

    def curt(self) -> None:
        """Somebody who is curt from beginning to end."""
        way = self.bank.agent["curt"]
        self._say("agent", self._fill(way["open"]))
        for _ in range(2 + self.scene.rounds):
            self._say("customer", self._fill(self.bank.customer["urge"]))
            self._say("agent", self._fill(way["middle"]))
        self._say("agent", self._fill(way["close"]))
        for check in ("greeting", "self_introduction", "polite_wording"):
            self.script.truth[check] = VIOLATED
        if self.scene.negative:
            self.script.truth["empathy"] = VIOLATED

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
        body = "。\n".join(parts)
        self._say("agent", f"{body}。\n\n{self._agent('signature')}" if does["intro"] else f"{body}。")
        truth["greeting"] = _verdict(does["greeting"])
        truth["self_introduction"] = _verdict(does["intro"])
        truth["closing_thanks"] = _verdict(does["thanks"])
        truth["contact_promise"] = _verdict(does["contact_promise"])
        truth["polite_wording"] = MET

    # ── pieces of the handling ─────────────────────────────────────────────

    def _account(self) -> None:
        if not self.scene.account:
            return
        if self.scene.does["identity"]:
            self._agent_says(self._agent("identity"))
            self._say("customer", self._fill(self.bank.customer["give_tail"]))
        self._agent_says(self._agent("disclose"))
        self.script.truth["identity_first"] = _verdict(self.scene.does["identity"])

    def _urge(self) -> None:
        patient = self.scene.does["patient"]
        if patient and self.rnd.random() > 0.25:
            self.script.truth["impatience"] = MET
            return
        self._say("customer", self._fill(self.bank.customer["urge"]))
        if not patient:
            self._agent_says(self._agent("impatience", "bad"), plain=True)
        elif self.rnd.random() < TRICKY_SHARE:
            self._agent_says(self._agent("impatience", "tricky"))
        else:
            self._agent_says(self._agent("patient"))
        self.script.truth["impatience"] = _verdict(patient)

    def _complaint_steps(self) -> None:
        does = self.scene.does
        steps = ("record", "feedback", "follow_up")
        said = [self._agent(step) for step in steps if does[step]] or [self._agent("complaint_absent")]
        self._agent_says("。".join(said))
        complete = all(does[step] for step in steps) and (does["soothe"] or not self.scene.negative)
        if self.scene.negative or not complete:
            self.script.truth["complaint_steps"] = _verdict(complete and does["soothe"])

    def _solution(self) -> None:
        self._agent_says(self._solution_words())

    def _solution_words(self) -> str:
        """What will be done, with the promise and the disclosure that should not be in it, or what only looks so."""
        does, truth = self.scene.does, self.script.truth
        own = self.topic["solved" if self.scene.solved else "unsolved"]
        general = self.bank.agent["solution"]["solved" if self.scene.solved else "unsolved"]
        parts = [self._fill(own if self.rnd.random() < 0.8 else general)]
        for act, fault, check in (
            ("promise", "no_promise", "forbidden_promise"),
            ("leak", "no_leak", "personal_data_leak"),
        ):
            if not does[fault]:
                parts.append(self._agent(act, "bad"))
            elif self.rnd.random() < TRICKY_SHARE:
                parts.append(self._agent(act, "tricky"))
            truth[check] = _verdict(does[fault])
        return "，".join(parts)

    def _hand_over(self) -> None:
        if not self.scene.cross:
            return
        told = self.scene.does["progress"]
        self._agent_says(self._agent("progress", "good" if told else "absent"))
        self.script.truth["progress_told"] = _verdict(told)

    def _surname_truth(self) -> str:
        return _verdict(self.addressed) if self.scene.named else NOT_APPLICABLE

    # ── words ──────────────────────────────────────────────────────────────

    def _agent(self, act: str, way: str = "good") -> str:
        return self._fill(self.bank.agent[act][way])

    def _agent_says(self, text: str, *, plain: bool = False) -> None:
        if self.asides and not plain:
            text = f"{text}，{self._agent('aside')}"
        self._say("agent", text)

    def _fill(self, lines: Sequence[str]) -> str:
        return self._filled(lines[int(self.rnd.random() * len(lines))])

    def _filled(self, line: str) -> str:
        if "{" not in line:
            return line
        if "{call}" in line and self.slots["call"]:
            self.addressed = True
        return line.format_map(self.slots)

    def _say(self, sender: str, text: str) -> None:
        self.script.turns.append((sender, text))


def _verdict(done: bool) -> str:
    return MET if done else VIOLATED
