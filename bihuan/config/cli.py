"""The command `bihuan`: mounts every part's verbs, opens the database for those that need one, prints refusals."""

from __future__ import annotations

import importlib
import os
import secrets
import sys
from collections.abc import Sequence
from datetime import date

import django
import typer
from rich.console import Console
from typer.exceptions import TyperException

from bihuan.config.endings import ended, even_unheard
from bihuan.kit.errors import DefinitionError, InputError, Refusal

# who has which verbs: only the part of the verb asked for is imported, so that `check` starts without the whole house
VERBS_OF = {
    "bihuan.config.commands": ("up",),
    "bihuan.demo.commands": ("seed",),
    "bihuan.workplace.commands": ("report",),
    "bihuan.appraisal.commands": ("appraise", "explain", "replay"),
    "bihuan.inspection.commands": ("judge", "fairness", "model-judge", "trust"),
    "bihuan.standards.commands": ("editions", "lint", "diff"),
    "bihuan.standards.checks.commands": ("check",),
    "bihuan.people.commands": ("people",),
    "bihuan.metrics.commands": ("figures", "metrics"),
    "bihuan.archive.commands": ("import",),
    "bihuan.journal.commands": ("journal",),
}
# verbs that read files or the record alone, or that open the database themselves
WITHOUT_HOME = {"check", "lint", "diff", "editions", "metrics"}
WITHOUT_DATABASE = WITHOUT_HOME | {"up"}

EXIT_REFUSED = 1
EXIT_BAD_INPUT = 2


def main() -> None:
    """Entry point. Exit codes: 0 done, 1 refused or not clean, 2 bad input or usage, 130 stopped by Ctrl-C."""
    sys.exit(ended(lambda: _answered(sys.argv[1:]), tell_stopped=lambda: _say("Stopped.")))


def _answered(arguments: Sequence[str]) -> int:
    """Run a command; refusals are said in words and become exit codes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
    if _verb(arguments) in WITHOUT_HOME:
        # these read what they are given and leave nothing behind, not even the installation's signing key
        os.environ.setdefault("BIHUAN_SECRET_KEY", secrets.token_urlsafe())
    try:
        django.setup()
        return _run(arguments)
    except InputError as error:
        _say(error.message, error.hint)
        return EXIT_BAD_INPUT
    except DefinitionError as error:
        for issue in error.issues:
            _say(f"{issue.level}: {issue.place}: {issue.message}", issue.source)
        return EXIT_BAD_INPUT
    except Refusal as refusal:
        _say(str(refusal))
        return EXIT_REFUSED


def build(verb: str | None = None) -> typer.Typer:
    """The command tree: of one verb where it is known, else the whole."""
    app = typer.Typer(
        name="bihuan",
        help="A customer-service department as one closed loop. Start with: bihuan up --demo",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    app.callback()(lambda: None)  # a tree of one verb still takes the verb's name
    wanted = [part for part, verbs in VERBS_OF.items() if verb in verbs]
    for part in wanted or VERBS_OF:
        importlib.import_module(part).mount(app)
    if not wanted or verb == "figures":
        _lend_params()
    if not wanted or verb == "import":
        _lend_after_import()
    if not wanted or verb == "people":
        _lend_after_roster()
    return app


def _run(arguments: Sequence[str]) -> int:
    command = typer.main.get_command(build(_verb(arguments)))
    try:
        if _needs_database(arguments):
            from bihuan.config.database import opened  # psycopg and migrations: only for verbs that need them

            with opened():
                code = command.main(list(arguments), prog_name="bihuan", standalone_mode=False)
        else:
            code = command.main(list(arguments), prog_name="bihuan", standalone_mode=False)
    except typer.Abort:
        _say("Stopped.")
        return EXIT_REFUSED
    except TyperException as error:
        message = error.format_message().replace("Value error, ", "")
        if message:  # without a verb the help stands there already
            _say(message, _see(_verb(arguments)))
        return EXIT_BAD_INPUT
    return code if isinstance(code, int) else 0


def _see(verb: str | None) -> str:
    return f"See: bihuan {verb} --help" if _is_known(verb) else "See: bihuan --help"


def _is_known(verb: str | None) -> bool:
    return any(verb in verbs for verbs in VERBS_OF.values())


def _lend_params() -> None:
    # both sides have tables or heavy engines: imported only after django.setup(), and only for those who need them
    from django.utils import timezone

    from bihuan.metrics.commands import lend_params
    from bihuan.metrics.params import MetricParams
    from bihuan.standards.choosing import named_or_in_use
    from bihuan.standards.metric_params import metric_params
    from bihuan.standards.rules.applying import said_of

    def params_for(ref: str | None, day: date | None) -> MetricParams:
        edition = named_or_in_use(ref, day or timezone.localdate())
        if not edition.applies_to.is_everybody:  # figures are narrowed by --where alone
            part = said_of(edition.applies_to).en
            typer.echo(f"{edition.id} is for {part}; its numbers are used here for whatever --where names.", err=True)
        return metric_params(edition)

    lend_params(params_for)


def _lend_after_import() -> None:
    from django.utils import timezone

    from bihuan.archive.commands import lend_after_import  # as above
    from bihuan.standards.choosing import edition_in_use
    from bihuan.standards.metric_params import metric_params
    from bihuan.workplace.imports.steps import after_import

    lend_after_import(
        lambda summary, archive: after_import("system:cli", summary, archive=archive),
        lambda: metric_params(edition_in_use(timezone.localdate())).numbers["repeat_window"],
    )


def _lend_after_roster() -> None:
    from bihuan.people.commands import lend_after_roster  # as above
    from bihuan.workplace.staff_following import follow_staff

    lend_after_roster(follow_staff)


def _verb(arguments: Sequence[str]) -> str | None:
    return next((argument for argument in arguments if not argument.startswith("-")), None)


def _needs_database(arguments: Sequence[str]) -> bool:
    verb = _verb(arguments)
    return _is_known(verb) and verb not in WITHOUT_DATABASE and "--help" not in arguments


def _say(message: str, hint: str = "") -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with even_unheard():
        console.print(message, style="bold red", markup=False)
        if hint:
            console.print(hint, markup=False)
