"""The acts of inspection, one function per verb."""

from bihuan.inspection.actions.appealing import take_over_appeal
from bihuan.inspection.actions.evaluating import (
    acknowledge_evaluation,
    add_comment,
    answer_item,
    change_comment,
    mark_moment,
    release_evaluations,
    remove_comment,
    submit_evaluation,
)
from bihuan.inspection.actions.holding import claim_assignment, depute_assignments, return_assignment
from bihuan.inspection.actions.judging import carry_out_judging, request_judging, request_judging_anew
from bihuan.inspection.actions.reviewing import decide_review, gather_reviews, give_opinion
from bihuan.inspection.actions.sampling import draw_due_days, draw_sample

__all__ = [
    "acknowledge_evaluation",
    "add_comment",
    "answer_item",
    "carry_out_judging",
    "change_comment",
    "claim_assignment",
    "decide_review",
    "depute_assignments",
    "draw_due_days",
    "draw_sample",
    "gather_reviews",
    "give_opinion",
    "mark_moment",
    "release_evaluations",
    "remove_comment",
    "request_judging",
    "request_judging_anew",
    "return_assignment",
    "submit_evaluation",
    "take_over_appeal",
]
