"""`bihuan model-judge …`: put an edition's questions to a model, see how far it came, try a question's examples."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bihuan.inspection.actions.model_judging import DayTold, ask_model
from bihuan.inspection.model_judge.endpoint import read_endpoint
from bihuan.inspection.model_judge.refusals import ModelJudgeOff, NothingAsked
from bihuan.inspection.model_judge.state import JudgeState, judge_state, told
from bihuan.inspection.model_judge.talks import questions_asked
from bihuan.inspection.model_judge.trying import NOBODY, ModelVerdicts, tried_examples
from bihuan.inspection.models import ModelDay
from bihuan.kit.clock import now
from bihuan.kit.errors import InputError, Refusal
from bihuan.standards.checks.authored.trials import Trial
from bihuan.standards.choosing import choose_edition

HELP: Final = """The optional model judge: soft items answered by a service of yours (BIHUAN_JUDGE_URL).

Examples:

  bihuan model-judge status

  bihuan model-judge examples ours.yaml

  bihuan model-judge run --day 2026-10-12 --edition ours.yaml
"""
judge = typer.Typer(help=HELP, no_args_is_help=True)


class StoppedEarly(Refusal):
    """Some questions stay open; the next round goes on with them."""

    message = "Stopped early (%(reason)s); %(left)s questions stay open and are asked the next time."


class ExamplesFail(Refusal):
    """The model does not answer the examples as the edition says."""

    message = "%(failed)s of %(tried)s examples come out otherwise."


def mount(app: typer.Typer) -> None:
    app.add_typer(judge, name="model-judge")


@judge.command("status")
def status(as_json: Annotated[bool, typer.Option("--json", help="Print the state as JSON.")] = False) -> None:
    """Whether the judge is on, what today's budget holds, what waits, what failed and why. The key is never shown.

    Examples:

      bihuan model-judge status

      bihuan model-judge status --json
    """
    state = judge_state(now())
    if as_json:
        Console().print_json(data=told(state))
    else:
        typer.echo("\n".join(_lines(state)))


@judge.command("run")
def run(
    day: Annotated[
        list[str] | None, typer.Option("--day", help="A judged day, such as 2026-10-12; may be repeated.")
    ] = None,
    undated: Annotated[bool, typer.Option("--undated", help="Ask about the records without times too.")] = False,
    edition: Annotated[
        str | None, typer.Option(help="Edition whose questions are asked; without it the one in use.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Ask what is open of these days and put the answers into their verdicts. Interrupted, it goes on where it stopped.

    Exit code 1 where the budget or the service ended it before the last question.

    Examples:

      bihuan model-judge run --day 2026-10-12

      bihuan model-judge run --day 2026-10-12 --day 2026-10-13 --edition ours.yaml --json
    """
    days = [*(_day(said) for said in day or ()), *([None] if undated else [])]
    if not days:
        raise InputError("Say which days, or --undated.", hint="See bihuan model-judge run --help.")
    with _bar() as bar:
        task = bar.add_task("Asking", total=None)

        def progress(row: ModelDay) -> None:
            bar.update(
                task, completed=row.answered, total=row.questions, description=f"Asking about {row.day or 'undated'}"
            )

        rounds = ask_model("system:cli", days=days, edition=edition, progress=progress)
    if as_json:
        Console().print_json(data=[_round(one) for one in rounds])
    else:
        typer.echo("\n".join(_line(one) for one in rounds))
    last = rounds[-1].round
    if last.stopped or last.left:
        raise StoppedEarly(reason=last.stopped or "failures", left=last.left)


@judge.command("examples")
def examples(
    edition: Annotated[str, typer.Argument(help="A published or shipped edition, or a file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Put the examples beside an edition's questions to the model; exit code 1 where one comes out otherwise.

    Example:

      bihuan model-judge examples ours.yaml
    """
    endpoint, chosen = read_endpoint(), choose_edition(edition)
    if endpoint is None:
        raise ModelJudgeOff
    if not questions_asked(chosen, endpoint.model):
        raise NothingAsked(edition=f"{chosen.id} {chosen.version}", model=endpoint.model)
    verdicts = ModelVerdicts(chosen, endpoint, NOBODY)
    trials = list(tried_examples(verdicts))
    if as_json:
        Console().print_json(data=[_trial(one) for one in trials])
    else:
        typer.echo("\n".join(_said(one) for one in trials))
    if verdicts.told.left:
        raise StoppedEarly(reason=verdicts.told.stopped or "failures", left=verdicts.told.left)
    if failed := sum(not one.passed for one in trials):
        raise ExamplesFail(failed=failed, tried=len(trials))


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise InputError(f"{said!r} is no day.", hint="Write it as 2026-10-01.") from error


def _lines(state: JudgeState) -> list[str]:
    found = state.endpoint
    head = (
        f"On: {found.model} at {found.place}."
        if found
        else f"Off. {state.wrong or 'BIHUAN_JUDGE_URL names no service.'}"
    )
    asked = ", ".join(one.item for one in state.asked) or "nothing"
    lines = [head, f"{state.edition.id} {state.edition.version} asks: {asked}."]
    if found:
        lines.append(
            f"Today: {_used(state.requests, found.requests)} requests, {_used(state.tokens, found.tokens)} tokens"
            f"{'; the budget is spent' if state.is_spent else ''}."
        )
    lines.append(f"Open questions: {state.open:,}.")
    lines += [f"  {row.day or 'undated'}: {row.answered:,} of {row.questions:,} answered" for row in state.days]
    return lines + [f"Failed {row.day}: {row.count:,} × {row.code} {row.detail}".rstrip() for row in state.faults]


def _used(used: int, limit: int | None) -> str:
    return f"{used:,}" if limit is None else f"{used:,} of {limit:,}"


def _round(one: DayTold) -> dict[str, Any]:
    return {
        "day": str(one.day.day) if one.day.day else None, "edition": one.day.edition_hash, "model": one.day.model,
        "prompt_version": one.day.prompt_version, "questions": one.day.questions, "answered": one.day.answered,
        "requests": one.round.requests, "left": one.round.left, "stopped": one.round.stopped or None,
    }  # fmt: skip


def _line(one: DayTold) -> str:
    row = one.day
    return f"{row.day or 'undated'}: {row.answered:,} of {row.questions:,} questions answered, {one.round.requests:,} requests."


def _trial(one: Trial) -> dict[str, Any]:
    return {
        "check": one.check, "number": one.number, "wanted": one.example.verdict, "verdict": one.verdict,
        "reason": one.reason, "passed": one.passed,
    }  # fmt: skip


def _said(one: Trial) -> str:
    mark = "as wanted" if one.passed else f"wanted {one.example.verdict}"
    return f"{one.check} {one.number}: {one.verdict} ({one.reason}), {mark}"


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
