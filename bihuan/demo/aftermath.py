"""What follows a contact: the question how it was, complaints, and promised follow-ups."""

from __future__ import annotations

from random import Random
from typing import Final

from bihuan.demo.moment import At
from bihuan.demo.rows import Row
from bihuan.kit.clock import HOUR, MINUTE, SECOND

INSPECTOR: Final = "7102"  # decides whether a complaint is justified
VALID_SHARE: Final = {True: 0.3, False: 0.62}  # of decided complaints, by whether the contact was solved
KEPT_SHARE: Final = 0.95  # of follow-ups promised by somebody who means it
REMEMBERED_SHARE: Final = 0.6  # of those that nobody announced
BEST: Final = 5
PRAISE_SHARE: Final = 0.04  # of the most satisfied write a word of praise


def after(at: At, who: str, end: int, rnd: Random, rows: dict[str, list[Row]]) -> None:
    """Append ratings, complaint and follow-up of a contact served by `who` until `end`."""
    _asked(at, who, end, rnd, rows["ratings"])
    if at.complains:
        rows["complaints"].append(_complaint(at, who, end, rnd))
    elif at.rating == BEST and rnd.random() < PRAISE_SHARE:
        rows["complaints"].append(_praise(at, who, end))
    if at.cross:
        rows["follow_ups"].append(_follow_up(at, who, end, rnd))


def _asked(at: At, who: str, end: int, rnd: Random, rows: list[Row]) -> None:
    mode = "ivr" if at.channel == "phone" else "chat"
    if at.surveyed or at.rating > 0:
        rows.append((f"{at.contact_id}/asked", at.contact_id, who, "invitation", mode, None, end))
    if at.rating == 0:
        return
    for kind, value in (("csat", at.rating), ("nps", at.nps)):
        if value >= 0:
            given = end + int(rnd.lognormvariate(4.5, 1.0) * SECOND)
            rows.append((f"{at.contact_id}/{kind}", at.contact_id, who, kind, mode, value, given))


def _praise(at: At, who: str, end: int) -> Row:
    return (f"{at.contact_id}/p", at.contact_id, who, True, None, end, *[None] * 7)


def _complaint(at: At, who: str, end: int, rnd: Random) -> Row:
    opened = at.opened if at.topic == "complaint" else end
    classified = opened + int(rnd.lognormvariate(7.6, 0.8) * SECOND)
    first = classified + int(rnd.lognormvariate(9.2, 0.8) * SECOND)
    closed = first + int(rnd.lognormvariate(10.2, 0.8) * SECOND)
    decided = rnd.random() < 0.94
    return (
        f"{at.contact_id}/p", at.contact_id, who, False, rnd.choice(("urgent", "important", "general", "general")),
        opened, classified, first, closed if rnd.random() < 0.96 else None,
        rnd.random() < VALID_SHARE[at.solved] if decided else None, INSPECTOR if decided else None,
        rnd.choice(("process", "product", "delivery", "attitude", "knowledge")),
        rnd.choice(("own", "third_party", "customer")),
    )  # fmt: skip


def _follow_up(at: At, who: str, end: int, rnd: Random) -> Row:
    promised = end + rnd.randrange(2, 24) * HOUR
    kept = rnd.random() < (KEPT_SHARE if at.does("follow_up") else REMEMBERED_SHARE)
    first = promised - rnd.randrange(10, 100) * MINUTE if kept else promised + rnd.randrange(1, 40) * HOUR
    return (
        f"{at.contact_id}/f", at.contact_id, who, end, promised, max(first, end + MINUTE),
        max(first, end) + rnd.randrange(1, 30) * HOUR, None if kept else "waiting for another department",
    )  # fmt: skip
