"""How a command ends when somebody else ends it: Ctrl-C, or a reader of its output who has seen enough."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

STOPPED: Final = 130
"""What shells expect of a command ended by Ctrl-C: 128 and the number of the signal."""
READ_ENOUGH: Final = 0


def ended(command: Callable[[], int], *, tell_stopped: Callable[[], None]) -> int:
    """Run the command and answer its exit code; a closed pipe ends it in silence, Ctrl-C with one line.

    What is to be cleaned up on the way out is done in both cases: they travel as exceptions.
    """
    code = READ_ENOUGH
    with even_unheard():
        code = _run(command)
    if code == STOPPED:
        tell_stopped()
    with even_unheard():
        sys.stdout.flush()  # here, and not at the interpreter's end, where nobody could catch what goes wrong
    return code


@contextmanager
def even_unheard() -> Iterator[None]:
    """What is written inside may find nobody who reads it; then the rest of the block is left out, without a word."""
    try:
        yield
    except (BrokenPipeError, SystemExit) as end:
        if not _is_closed_pipe(end):
            raise
        _write_no_more()


def _run(command: Callable[[], int]) -> int:
    with _listening() as heard:
        try:
            code = command()
        except KeyboardInterrupt:
            return STOPPED
        except Exception:
            if heard:  # an engine at work makes an error of its own out of Ctrl-C
                return STOPPED
            raise
    return STOPPED if heard and code else code


@contextmanager
def _listening() -> Iterator[list[int]]:
    """What is yielded is empty until Ctrl-C is heard; it still interrupts, as ever."""
    heard: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # ignored, as in the background of a script; or somebody else's
        yield heard
        return

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, hear)
    try:
        yield heard
    finally:
        signal.signal(signal.SIGINT, before)


def _is_closed_pipe(end: BaseException | None) -> bool:
    """Whether a closed pipe is the reason: rich and typer turn it into an exit of their own."""
    while end is not None:
        if isinstance(end, BrokenPipeError):
            return True
        end = end.__cause__ or end.__context__
    return False


def _write_no_more() -> None:
    """The rest of the output goes nowhere: flushing at the interpreter's end would complain about the pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
