"""What acts are called on the journal's page. A verb that is not here is shown as it was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

VERBS: Final[Mapping[str, Any]] = {
    "people_person.hired": _("Person entered"),
    "people_person.moved": _("Moved to a team"),
    "people_person.renamed": _("Person renamed"),
    "people_person.left": _("Person left"),
    "people_post.assigned": _("Post assigned"),
    "people_post.promoted": _("Promoted"),
    "people_class.changed": _("Agent class changed"),
    "people_role.granted": _("Role granted"),
    "people_role.revoked": _("Role withdrawn"),
    "people_team.opened": _("Team opened"),
    "people_team.closed": _("Team closed"),
    "people_team.led": _("Team lead named"),
    "people_team.handed_over": _("Team lead ended"),
    "people_roster.imported": _("Roster carried out"),
    "people_key.noticed": _("Unknown keys noticed"),
    "people_key.settled": _("Key settled"),
    "people_key.released": _("Key released"),
    "people_token.issued": _("Access key issued"),
    "people_token.revoked": _("Access key revoked"),
    "people_account.password_reset": _("Password reset"),
    "people_account.closed": _("Account closed"),
    "standards_edition.published": _("Edition published"),
    "standards_edition.withdrawn": _("Edition withdrawn"),
    "appeal.submitted": _("Appeal submitted"),
    "appeal.assigned": _("Appeal assigned"),
    "appeal.unassigned": _("Appeal taken from its adjudicator"),
    "appeal.viewed": _("Second view of an appeal kept"),
    "appeal.decided": _("Appeal decided"),
    "appeal.withdrawn": _("Appeal withdrawn"),
    "appeal.lapsed": _("Appeal ended without decision"),
    "appeal.reminded": _("Reminded of an appeal"),
    "appeal_check.suspended": _("Check stopped counting"),
    "evaluation.submitted": _("Evaluation submitted"),
    "evaluation.released": _("Evaluation released"),
    "evaluation.acknowledged": _("Evaluation acknowledged"),
    "assignment.claimed": _("Inspection taken"),
    "assignment.returned": _("Inspection given back"),
    "assignment.deputed": _("Inspections handed to a deputy"),
    "draw.made": _("Sample drawn"),
    "reviews.gathered": _("Conversations gathered for re-evaluation"),
    "review.opined": _("Opinion on a re-evaluation given"),
    "review.decided": _("Re-evaluation decided"),
    "calibration.made": _("Calibration called"),
    "calibration.rated": _("Answers of a calibration submitted"),
    "calibration.closed": _("Calibration closed"),
    "scale.alarmed": _("Alarm about a rater's scale"),
    "scale.settled": _("Alarm about a rater's scale settled"),
    "workplace_check.handed_in": _("Check handed in for publication"),
    "workplace_check.taken_back": _("Proposed check taken back"),
    "edition_comparison.requested": _("Comparison of editions requested"),
    "check.raised": _("Check moved up"),
    "check.lowered": _("Check moved down"),
    "check.fell": _("Check fell by its figures"),
    "fairness.requested": _("Fairness run requested"),
    "fairness.finished": _("Fairness run finished"),
    "judging.requested": _("Judging requested"),
    "judging.finished": _("Judging finished"),
    "model_judge.asked": _("Model asked"),
    "results.requested": _("Results requested"),
    "replay.requested": _("Replay requested"),
    "results.computed": _("Results computed"),
    "record_import.finished": _("Import finished"),
    "workplace_check.declined": _("Proposed check declined"),
    "workplace_figures.exported": _("Figures exported"),
    "workplace_results.exported": _("Monthly results exported"),
    "workplace_result.printed": _("Result printed"),
    "workplace_rejects.exported": _("Refused rows of an import taken"),
    "inspection_figures.exported": _("Figures of inspection exported"),
    "inspection_sheet.exported": _("Daily score sheet taken"),
    "workplace_callbacks.exported": _("Call-backs exported"),
    "workplace_callbacks.drawn": _("Call-backs drawn"),
    "workplace_callback.called": _("Call-back made"),
    "evaluation.appealed": _("Evaluation after an appeal"),
    "result.appealed": _("Result after an appeal"),
    "result.cut_reasoned": _("Reason written where the score cannot decide"),
    "workplace_view.saved": _("View saved"),
    "workplace_view.changed": _("Saved view changed"),
    "workplace_view.removed": _("Saved view deleted"),
    "workplace_view.restored": _("Saved view brought back"),
    "workplace_contact.revealed": _("Personal data revealed"),
    "workplace_complaints.exported": _("Complaints exported"),
    "reaction.failed": _("Answer to an entry given up"),
    "workplace_contacts.exported": _("Conversations exported"),
}
_SYSTEM: Final = "system:"


def verb_words(verb: str) -> str:
    return str(VERBS.get(verb, verb))


def actor_words(actor: str) -> str:
    """A staff number as it stands; what the system did by itself says so."""
    if not actor.startswith(_SYSTEM):
        return actor
    return pgettext("who did it", "System (%(name)s)") % {"name": actor.removeprefix(_SYSTEM)}
