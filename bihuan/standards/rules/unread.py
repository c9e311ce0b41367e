"""Numbers that stand in an edition because a source gives them, and that nothing in the product reads yet.

They are marked so on an edition's page. A test holds that every other number of the shipped edition has a reader, and that
none of these has one: whoever makes a number decide takes it off this list.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bihuan.standards.rules.edition import Label

FINDING: Final = Label("来源中的调查结果，不是要求", "What the source found; no limit")
WAITING: Final = Label("产品中尚无图表或判定取用", "No figure or verdict takes it yet")

UNREAD: Final[Mapping[str, Label]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                "metrics.survey_response_share",
                "metrics.negative_after",
                "metrics.negative_share",
                "metrics.give_up_share",
                "volume.resolution_lost_to_volume",
                "volume.repeat_share_example",
            ),
            FINDING,
        ),
        **dict.fromkeys(
            (
                "volume.mature_agent_daily_high",
                "volume.promotion_factor_low",
                "volume.promotion_factor_high",
                "rewards.top_share",
                "rewards.failures_in_a_row",
                "survey.call_back_within",
                "enablers.knowledge_coverage",
                "enablers.compensation_limit",
                "problems.below_team_mean",
                "problems.cluster_share",
                "problems.important_after",
                "problems.whys",
                "problems.review_every",
                "exam.business",
                "exam.compliance",
                "exam.cases",
                "practical.scenario_classes",
                "practical.respond_within",
                "practical.anchor_high",
                "practical.anchor_low",
                "system_exam.wrong_item",
                "system_exam.full_marks_within",
                "system_exam.match_within",
                "training.handbook_update_within",
                "feedback.result_told_within",
            ),
            WAITING,
        ),
    }
)
