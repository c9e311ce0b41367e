"""Prepares the installation: its database, 1,000 hired agents and the staff list. Not a measured target."""

from __future__ import annotations

import json
import sys

import django

from bench import world


def main() -> None:
    django.setup()
    # The application's parts exist for Python only after `setup`.
    from bihuan.archive.store import open_archive
    from bihuan.archive.writer import write_staff
    from bihuan.config.database import opened
    from bihuan.demo.people import hire_cast
    from bihuan.people.facts import staff_table

    with opened():
        hire_cast(world.cast(), until=world.END)
        staff = staff_table()
        write_staff(open_archive(), staff)
    sys.stdout.write(json.dumps({"staff_rows": staff.num_rows}) + "\n")


if __name__ == "__main__":
    main()
