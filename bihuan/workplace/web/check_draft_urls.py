"""Addresses of writing checks; part of the workplace's (`web/urls.py`)."""

from django.urls import path

from bihuan.workplace.web import check_drafts, check_proposals

urlpatterns = [
    path("check-drafts/", check_drafts.drafts, name="check_drafts"),
    path("check-drafts/<int:draft_id>/", check_drafts.draft, name="check_draft"),
    path("check-drafts/<int:draft_id>/text/", check_drafts.text, name="check_draft_text"),
    path("check-drafts/<int:draft_id>/trial/", check_drafts.trial, name="check_draft_trial"),
    path("check-drafts/<int:draft_id>/restoration/", check_drafts.restoration, name="check_draft_restoration"),
    path("check-drafts/<int:draft_id>/removal/", check_drafts.removal, name="check_draft_removal"),
    path("check-drafts/<int:draft_id>/edition/", check_proposals.edition, name="check_edition"),
    path("check-proposals/<int:proposal_id>/", check_proposals.proposal, name="check_proposal"),
    path("check-proposals/<int:proposal_id>/decline/", check_proposals.proposal_decline, name="check_proposal_decline"),
    path("check-proposals/<int:proposal_id>/removal/", check_proposals.proposal_removal, name="check_proposal_removal"),
]
