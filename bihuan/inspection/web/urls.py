from django.urls import path

from bihuan.inspection.web import desk, evaluations, items, plan, queue, reviews, saving, sheets, trust

app_name = "inspection"
urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("releases/", queue.releases, name="releases"),
    path("assignments/<uuid:pk>/", desk.assignment, name="assignment"),
    path("assignments/<uuid:pk>/holding/", desk.holding, name="holding"),
    path("assignments/<uuid:pk>/return/", desk.giving_back, name="return"),
    path("assignments/<uuid:pk>/answers/", saving.answers, name="answers"),
    path("assignments/<uuid:pk>/moments/", saving.moments, name="moments"),
    path("assignments/<uuid:pk>/comments/", saving.comments, name="comments"),
    path("assignments/<uuid:pk>/comments/<int:comment>/removal/", saving.comment_removal, name="comment_removal"),
    path("assignments/<uuid:pk>/submission/", desk.submission, name="submission"),
    path("evaluations/", evaluations.evaluations, name="evaluations"),
    path("evaluations/<uuid:pk>/", evaluations.evaluation, name="evaluation"),
    path("evaluations/<uuid:pk>/acknowledgement/", evaluations.acknowledgement, name="acknowledgement"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<uuid:pk>/", reviews.review, name="review"),
    path("reviews/<uuid:pk>/opinion/", reviews.opinion, name="opinion"),
    path("reviews/<uuid:pk>/decision/", reviews.decision, name="decision"),
    path("plan/", plan.plan, name="plan"),
    path("plan/draws/", plan.draws, name="draws"),
    path("plan/deputies/", plan.deputies, name="deputies"),
    path("sheets/", sheets.sheet, name="sheet"),
    path("sheets/workbook/", sheets.workbook, name="workbook"),
    path("sheets/document/", sheets.document, name="document"),
    path("items/", items.items, name="items"),
    path("trust/", trust.trust, name="trust"),
    path("trust/reckonings/", trust.reckonings, name="reckonings"),
    path("trust/fairness/", trust.fairness_runs, name="fairness_runs"),
    path("trust/fairness/<uuid:pk>/", trust.fairness_run, name="fairness_run"),
    path("trust/checks/<slug:check>/", trust.trust_check, name="trust_check"),
    path("trust/checks/<slug:check>/moves/", trust.moves, name="trust_moves"),
]
