"""The only writers of appeals. What the clock does is in `appeals.sweeping`."""

from bihuan.appeals.actions.assigning import SHORTEST_REASON, assign_adjudicator, assign_by_rule, take_back
from bihuan.appeals.actions.deciding import Viewed, decide_appeal, give_second_view
from bihuan.appeals.actions.submitting import Plea, submit_appeal, withdraw_appeal

__all__ = [
    "SHORTEST_REASON",
    "Plea",
    "Viewed",
    "assign_adjudicator",
    "assign_by_rule",
    "decide_appeal",
    "give_second_view",
    "submit_appeal",
    "take_back",
    "withdraw_appeal",
]
