"""Addresses of months, results and replays; included under the workplace's namespace."""

from __future__ import annotations

from django.urls import path

from bihuan.workplace.web import cut_reasons, result_letters, results

urlpatterns = [
    path("months/", results.months, name="months"),
    path("months/<str:month>/", results.month, name="month"),
    path("months/<str:month>/csv/", results.month_csv, name="month_csv"),
    path("months/<str:month>/report/", results.report, name="report"),
    path("months/<str:month>/replay/", results.replay, name="replay"),
    path("months/<str:month>/computations/", results.computations, name="computations"),
    path("months/<str:month>/computations/<uuid:computation_id>/", results.computation, name="computation"),
    path("results/<uuid:result_id>/", results.result, name="result"),
    path("results/<uuid:result_id>/reasons/", cut_reasons.reasons, name="cut_reasons"),
    path("results/<uuid:result_id>/document/", result_letters.document, name="result_document"),
    path("results/<uuid:result_id>/days/<str:day>/", results.result_day, name="result_day"),
]
