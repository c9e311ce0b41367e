"""What part of the department results are of, in words: theirs are editions with `applies_to`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from bihuan.appraisal.models import Result, ResultSet
from bihuan.standards.rules.applying import outside_said, part_kept, said_of, unmet_said, where_of
from bihuan.ui import formats
from bihuan.ui.values import language
from bihuan.workplace.months.page import team_names


def part_of(kept: ResultSet) -> str:
    """The part in words, teams by their names; empty for the whole department."""
    if not kept.scope:
        return ""
    part = part_kept(kept.scope["applies_to"])
    return said_of(part, team_names(part.team)).said(language())


def scope_of_set(kept: ResultSet) -> str:
    """How many of the month's contacts are of the part, and why the others are not; empty for the whole department."""
    if not kept.scope:
        return ""
    words = _("Only a part of the department counts here (%(part)s): %(inside)s of %(all)s contacts of the month.")
    return _with_rest(words % {"part": part_of(kept), **_counts(kept.scope)}, kept.scope)


def scope_of_result(result: Result) -> str:
    """The same of what one person served; who changed teams was of the part on some days only."""
    scope = result.scope
    if not scope:
        return ""
    words = _(
        "Only what was served in a part of the department counts (%(part)s): %(inside)s of %(all)s contacts, on "
        "%(days)s of %(of)s days."
    )
    given = {"part": part_of(result.set), **_counts(scope), "days": scope["days_inside"], "of": scope["days"]}
    return _with_rest(words % given, scope)


def filters_of(kept: ResultSet) -> dict[str, tuple[str, ...]]:
    """The part as filters of figures; empty for the whole department."""
    return where_of(part_kept(kept.scope["applies_to"])) if kept.scope else {}


def _counts(scope: dict[str, Any]) -> dict[str, str]:
    return {"inside": formats.number(scope["inside"]), "all": formats.number(scope["contacts"])}


def _with_rest(said: str, scope: dict[str, Any]) -> str:
    rest = outside_said(scope["outside"], language())
    sentences = [said, _("Not counted: %(rest)s.") % {"rest": rest} if rest else ""]
    if "unmet" in scope:
        sentences.append(_("No contact is of: %(names)s.") % {"names": unmet_said(scope["unmet"]).said(language())})
    return ("" if language().startswith("zh") else " ").join(filter(None, sentences))
