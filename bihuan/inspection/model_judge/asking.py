"""A round of questions: several at once, each tried a few times, until all are answered or something says stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Final

from bihuan.inspection.model_judge.client import Failure, Reply, ask
from bihuan.inspection.model_judge.ledger import Booking, Ledger
from bihuan.inspection.rules.model_judging import NOT_SENT, NOT_USABLE, Question, Unusable, finding_of
from bihuan.inspection.rules.model_service import AGAIN, ANSWERED_BADLY, HOPELESS, IN_A_ROW, Fault, wait_before

BUDGET: Final = "budget"
WAITING: Final = "asked_to_wait"
TIME: Final = "time"


@dataclass(frozen=True)
class Timing:
    """The clock and the patience of a round: nothing is sent after `until`. Tests bring their own."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    until: float = math.inf


@dataclass
class Round:
    """How a round went. `stopped` says why it ended before the last question: the budget, or a kind of failure."""

    answered: int = 0
    requests: int = 0
    left: int = 0
    stopped: str = ""


@dataclass(frozen=True)
class _Try:
    question: Question
    number: int = 1
    not_before: float = 0.0


@dataclass
class Asking:
    """One round. Only requests run in threads; whatever touches the database stays with the caller."""

    ledger: Ledger
    timing: Timing = field(default_factory=Timing)
    progress: Callable[[Round], None] | None = None
    told: Round = field(default_factory=Round, init=False)
    _waiting: list[_Try] = field(default_factory=list, init=False)
    _undone: list[_Try] = field(default_factory=list, init=False)
    _running: dict[Future[Reply | Failure], tuple[_Try, Booking]] = field(default_factory=dict, init=False)
    _failed: int = field(default=0, init=False)

    def ask_all(self, questions: Iterable[Question]) -> Round:
        """Put the questions nobody has answered yet; each distinct one once. What fails is left for another round."""
        distinct = {one.key: one for one in questions}
        known = self.ledger.known(distinct)
        for key in sorted(distinct.keys() - known.keys()):  # keys are hashes: what a budget reaches is a random part
            self._sort_in(distinct[key])
        with ThreadPoolExecutor(self.ledger.endpoint.concurrency) as pool:
            while self._start(pool) or self._running or self._wait_for_the_next():
                self._take_in()
        self.told.left = len(self._waiting) + len(self._undone)
        return self.told

    def _sort_in(self, question: Question) -> None:
        """What no model can take is settled without asking; what no day's budget holds stays open."""
        most = self.ledger.endpoint.tokens
        if question.is_too_long:
            self.ledger.keep(question, NOT_SENT)
            self._answered()
        elif most is not None and question.most_tokens > most:
            self._undone.append(_Try(question))
        else:
            self._waiting.append(_Try(question))

    def _start(self, pool: ThreadPoolExecutor) -> bool:
        """Send what may be sent now; whether anything was."""
        before = self.told.requests
        while not self.told.stopped and len(self._running) < self.ledger.endpoint.concurrency:
            if self.timing.clock() >= self.timing.until:
                self.told.stopped = TIME if self._waiting else ""
                break
            due = next((one for one in self._waiting if one.not_before <= self.timing.clock()), None)
            if due is None:
                break
            booking = self.ledger.book(due.question)
            if booking is None:
                self.told.stopped = BUDGET
                break
            self._waiting.remove(due)
            self.told.requests += 1
            self._running[pool.submit(ask, self.ledger.endpoint, due.question.messages)] = due, booking
        return self.told.requests > before

    def _wait_for_the_next(self) -> bool:
        """Nothing is under way: wait until a repetition is due. False where none is left or the round has stopped."""
        if self.told.stopped or not self._waiting:
            return False
        self.timing.sleep(max(0.0, min(one.not_before for one in self._waiting) - self.timing.clock()))
        return True

    def _take_in(self) -> None:
        if not self._running:
            return
        done, _ = wait(self._running, return_when=FIRST_COMPLETED)
        for future in done:
            tried, booking = self._running.pop(future)
            self._settle(tried, booking, future.result())
            if self.progress:
                self.progress(self.told)

    def _settle(self, tried: _Try, booking: Booking, came: Reply | Failure) -> None:
        if isinstance(came, Reply):
            self.ledger.settle(booking, came.tokens)
            try:
                self.ledger.keep(tried.question, finding_of(came.content, tried.question), came)
            except Unusable as error:
                self._fail(tried, Failure(Fault.UNUSABLE, str(error)))
            else:
                self._answered()
        else:
            self._fail(tried, came)

    def _answered(self) -> None:
        self.told.answered += 1
        self._failed = 0

    def _fail(self, tried: _Try, failure: Failure) -> None:
        self.ledger.failed(failure)
        if failure.fault in HOPELESS:
            self._give_up(tried, failure.fault.value)
        elif failure.fault in AGAIN and tried.number < self.ledger.endpoint.tries:
            self._try_again(tried, failure)
        elif failure.fault in ANSWERED_BADLY:
            self.ledger.keep(tried.question, NOT_USABLE)
            self._answered()
        else:
            self._failed += 1
            self._give_up(tried, failure.fault.value if self._failed >= IN_A_ROW else "")

    def _try_again(self, tried: _Try, failure: Failure) -> None:
        pause = wait_before(tried.number + 1, failure.wait)
        if pause is None:
            self._give_up(tried, WAITING)
        else:
            self._waiting.append(_Try(tried.question, tried.number + 1, self.timing.clock() + pause))

    def _give_up(self, tried: _Try, stopped: str) -> None:
        """Leave the question open; with a reason, the whole round ends."""
        self._undone.append(tried)
        self.told.stopped = self.told.stopped or stopped
