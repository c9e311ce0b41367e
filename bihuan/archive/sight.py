"""The right to see, as SQL: which rows of each table a scope lets through. Nothing passes that no line here admits."""

# ruff: noqa: S608 - SQL is put together from declared names and from literals that `engine` has quoted

from __future__ import annotations

from bihuan.archive.engine import one_of
from bihuan.archive.schemas import Table
from bihuan.archive.scope import Scope


def narrowed(table: Table, source: str, scope: Scope, *, rollup: str, staff: str) -> str:
    """The table expression `source` cut down to what the scope admits.

    Rows that name a person or team are judged by themselves; rows of a contact by whether the contact has a share
    (a roll-up row) of an admitted person or team; rows of a staff key by whom the key belongs to; rows that name none of
    these are for who sees everything.
    """
    if scope.everything:
        return source
    admitted = _admitted(scope)
    columns = table.schema.names
    if "team" in columns and "person" in columns:
        condition = admitted
    elif "contact_id" in columns:
        condition = f"contact_id IN (SELECT contact_id FROM {rollup} WHERE {admitted})"
    elif "agent_key" not in columns:
        condition = "false"
    else:
        condition = f"agent_key IN (SELECT agent_key FROM {staff} WHERE {admitted})"
    return f"(SELECT * FROM {source} WHERE {condition})"


def _admitted(scope: Scope) -> str:
    return f"(person IN {one_of(sorted(scope.persons))} OR team IN {one_of(sorted(scope.teams))})"
