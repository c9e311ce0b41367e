"""The catalogue in the order people look for it. Every metric stands in exactly one group (held by a test)."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

GROUPS: Final[tuple[tuple[str, Any, tuple[str, ...]], ...]] = (
    ("volume", _("Volume"), (
        "contacts", "served_contacts", "effective_contacts", "effective_service_share", "repeat_share", "test_share",
        "volume_against_threshold",
    )),
    ("response", _("First response and pace"), (
        "customer_frt_within", "customer_frt_mean", "customer_frt_p50", "customer_frt_p90", "customer_frt_missed",
        "customers_waiting", "agent_frt_within", "agent_frt_mean", "agent_frt_p50", "agent_frt_p90", "agent_frt_missed",
        "assignments_waiting", "average_response_time", "response_time_within", "response_time_p90",
    )),
    ("access", _("Queue and access"), (
        "answer_rate", "abandonment_rate", "short_abandons", "service_level", "queue_time_mean", "queue_time_p90",
        "queue_time_within", "rings_within",
    )),
    ("handling", _("Handling"), (
        "handle_time", "active_time", "hold_time", "wrap_up_time", "contact_duration", "hand_over_time", "hand_over_within",
        "transferred_contacts", "transfers", "escalated_contacts", "escalations",
    )),
    ("solving", _("Solving"), (
        "resolution_rate", "first_contact_resolution", "first_contact_resolution_72h", "simple_resolution_within",
        "reopened_contacts", "reopenings", "follow_up_completion",
    )),
    ("voice", _("The customer's voice"), (
        "csat_top2", "csat_top1", "csat_mean", "csat_bottom2", "nps", "survey_response_rate", "returning_satisfied_share",
    )),
    ("complaints", _("Complaints and praise"), (
        "complaint_rate", "raw_complaint_rate", "complaints", "valid_complaint_share", "complaint_resolution_time",
        "complaint_resolution_within", "praises",
    )),
    ("checks", _("Checks"), ("check_met_share", "identity_verification", "data_protection", "process_completeness")),
)  # fmt: skip
"""(id, heading, metrics)."""
