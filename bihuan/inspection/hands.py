"""Who had a hand in what people found about a conversation: none of them decides an appeal about it."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.inspection.models import CalibrationSeat, Evaluation, Opinion, Review


def hands_on(contact_id: str) -> set[str]:
    """Staff numbers of all who evaluated the conversation in whatever version, began to, gave an opinion in the group or
    decided there, or sat in a calibration of it: they have answered already, and seen what the machine or others say."""
    evaluations = Evaluation.objects.filter(assignment__contact_id=contact_id)
    begun = evaluations.values_list("evaluator__number", "laid_aside")
    found: Iterable[str | None] = (
        *(number for number, _ in begun),
        *(number for _, before in begun for number in before),
        *Opinion.objects.filter(review__evaluation__in=evaluations).values_list("rater__number", flat=True),
        *Review.objects.filter(evaluation__in=evaluations).values_list("decided_by__number", flat=True),
        *CalibrationSeat.objects.filter(calibration__contacts__contact_id=contact_id).values_list("person__number", flat=True),
    )  # fmt: skip
    return {number for number in found if number}
