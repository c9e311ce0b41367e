"""Who may do what: an allow-list from role to permission. What is not listed is not allowed.

Rows of the record (contacts, figures, results):

| role | conversations | figures and results | why |
|---|---|---|---|
| agent, senior agent, technical support, complaint specialist | own | own | an agent sees self |
| supervisor | own, the teams led now and their present members | the same | oversees and appraises the team (S1-1) |
| inspector | all | all | draws from all contacts (S3-10) |
| manager | all | all | answers for the department |
| trainer | own | all | training needs show in figures; words reach courses through the casebook (S4-13) |
| customer representative | own | own | improves the standard, verifies effects (S3-2); no right to persons |
| administrator | own | own | runs the installation: people, keys, journal; no conversations |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """The ten roles an account may be granted; one person may hold several."""

    AGENT = "agent"
    SENIOR_AGENT = "senior_agent"
    INSPECTOR = "inspector"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    TRAINER = "trainer"
    COMPLAINT_SPECIALIST = "complaint_specialist"
    TECHNICAL_SUPPORT = "technical_support"
    CUSTOMER_REPRESENTATIVE = "customer_representative"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What may be asked with `user.has_perm("part.verb")`."""

    SEE_OWN = "record.see_own"
    SEE_TEAM = "record.see_team"
    SEE_ALL_CONTACTS = "record.see_all_contacts"
    SEE_ALL_FIGURES = "record.see_all_figures"
    REVEAL_PERSONAL_DATA = "record.reveal_personal_data"
    IMPORT_RECORD = "record.import"
    EXPORT_RECORD = "record.export"
    SEE_TEAM_PEOPLE = "people.see_team"
    SEE_ALL_PEOPLE = "people.see_all"
    MANAGE_PEOPLE = "people.manage"
    GRANT_ROLES = "people.grant_roles"
    SETTLE_KEYS = "people.settle_keys"
    READ_STANDARDS = "standards.read"
    EDIT_STANDARDS = "standards.edit"
    PUBLISH_STANDARDS = "standards.publish"
    JUDGE = "inspection.judge"
    EVALUATE = "inspection.evaluate"
    RELEASE_EVALUATIONS = "inspection.release"
    REVIEW_EVALUATIONS = "inspection.review"
    LEAD_REVIEWS = "inspection.lead"
    PLAN_INSPECTION = "inspection.plan"
    MOVE_CHECKS = "inspection.move_checks"
    CALIBRATE = "inspection.calibrate"
    APPEAL = "appeals.appeal"
    ADJUDICATE = "appeals.adjudicate"
    OVERSEE_APPEALS = "appeals.oversee"
    APPRAISE = "appraisal.appraise"
    RELEASE_RESULTS = "appraisal.release"
    EXPLAIN_RESULTS = "appraisal.explain"
    READ_JOURNAL = "journal.read"
    ISSUE_TOKENS = "api.issue_tokens"


_P = Permission
_STAFF: Final = frozenset({_P.SEE_OWN, _P.READ_STANDARDS, _P.APPEAL})
_PERSONNEL: Final = frozenset({_P.SEE_ALL_PEOPLE, _P.MANAGE_PEOPLE, _P.SETTLE_KEYS})

TABLE: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.AGENT: _STAFF,
    Role.SENIOR_AGENT: _STAFF | {_P.EDIT_STANDARDS, _P.REVIEW_EVALUATIONS},
    Role.TECHNICAL_SUPPORT: _STAFF,
    Role.COMPLAINT_SPECIALIST: _STAFF | {_P.REVEAL_PERSONAL_DATA},
    Role.CUSTOMER_REPRESENTATIVE: _STAFF,
    Role.SUPERVISOR: _STAFF
    | {_P.SEE_TEAM, _P.SEE_TEAM_PEOPLE, _P.REVEAL_PERSONAL_DATA, _P.EXPORT_RECORD, _P.EXPLAIN_RESULTS}
    | {_P.EDIT_STANDARDS, _P.REVIEW_EVALUATIONS, _P.LEAD_REVIEWS, _P.CALIBRATE, _P.ADJUDICATE},
    Role.INSPECTOR: _STAFF
    | {_P.SEE_ALL_CONTACTS, _P.SEE_ALL_FIGURES, _P.SEE_ALL_PEOPLE, _P.REVEAL_PERSONAL_DATA, _P.EXPORT_RECORD}
    | {_P.EVALUATE, _P.RELEASE_EVALUATIONS, _P.REVIEW_EVALUATIONS, _P.JUDGE, _P.EDIT_STANDARDS, _P.ADJUDICATE},
    Role.TRAINER: _STAFF | {_P.SEE_ALL_FIGURES, _P.SEE_ALL_PEOPLE},
    Role.MANAGER: _STAFF
    | _PERSONNEL
    | {_P.SEE_ALL_CONTACTS, _P.SEE_ALL_FIGURES, _P.REVEAL_PERSONAL_DATA, _P.EXPORT_RECORD, _P.IMPORT_RECORD}
    | {_P.EDIT_STANDARDS, _P.PUBLISH_STANDARDS, _P.JUDGE, _P.EVALUATE}
    | {_P.RELEASE_EVALUATIONS, _P.REVIEW_EVALUATIONS, _P.LEAD_REVIEWS, _P.PLAN_INSPECTION, _P.CALIBRATE, _P.MOVE_CHECKS}
    | {_P.ADJUDICATE, _P.OVERSEE_APPEALS}
    | {_P.APPRAISE, _P.RELEASE_RESULTS, _P.EXPLAIN_RESULTS, _P.READ_JOURNAL, _P.ISSUE_TOKENS},
    Role.ADMINISTRATOR: _STAFF
    | _PERSONNEL
    | {_P.GRANT_ROLES, _P.IMPORT_RECORD, _P.EDIT_STANDARDS, _P.JUDGE, _P.READ_JOURNAL, _P.ISSUE_TOKENS},
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """The union of what the roles allow; no role allows nothing."""
    return frozenset().union(*(TABLE[role] for role in roles))


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Does any of the roles allow it?"""
    return permission in permissions_of(roles)
