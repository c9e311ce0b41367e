"""A ready database for one command: running, created, migrated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from bihuan.config.environment import read_environment, socket_folder
from bihuan.config.processes import postgres
from bihuan.kit.errors import InputError


@contextmanager
def opened() -> Iterator[None]:
    """Run the embedded database if nobody does, and bring its tables up to date."""
    with postgres.running(read_environment()):
        point_settings_at_socket()
        migrate()
        try:
            yield
        finally:
            connections.close_all()


def point_settings_at_socket() -> None:
    """The first start may have moved the database to a reachable folder; tell Django before its first query."""
    environment = read_environment()
    if not environment.database_url:
        connections.databases["default"]["HOST"] = str(socket_folder(environment.home))
        connection.settings_dict["HOST"] = connections.databases["default"]["HOST"]


def migrate() -> None:
    """Apply what is missing; two processes at once wait for each other. InputError where no database answers."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise InputError(
            f"The database cannot be reached: {str(error).strip()}",
            hint="Look at DATABASE_URL, or leave it out to use the embedded database.",
        ) from error
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('bihuan.migrate'))")
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('bihuan.migrate'))")
