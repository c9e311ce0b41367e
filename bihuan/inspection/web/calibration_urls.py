"""Addresses of calibration and of raters' scales."""

from django.urls import path

from bihuan.inspection.web import calibration, calibration_desk, scale

RATING = "calibrations/<uuid:pk>/contacts/<int:place>/rating/"
urlpatterns = [
    path("calibrations/", calibration.calibrations, name="calibrations"),
    path("calibrations/new/", calibration.new_calibration, name="new_calibration"),
    path("calibrations/<uuid:pk>/", calibration.calibration, name="calibration"),
    path("calibrations/<uuid:pk>/closure/", calibration.closure, name="calibration_closure"),
    path("calibrations/<uuid:pk>/contacts/<int:place>/", calibration.calibration_contact, name="calibration_contact"),
    path(RATING, calibration_desk.rating, name="rating"),
    path(f"{RATING}answers/", calibration_desk.answers, name="rating_answers"),
    path(f"{RATING}moments/", calibration_desk.moments, name="rating_moments"),
    path(f"{RATING}comments/", calibration_desk.comments, name="rating_comments"),
    path(f"{RATING}comments/<int:comment>/removal/", calibration_desk.comment_removal, name="rating_comment_removal"),
    path(f"{RATING}submission/", calibration_desk.submission, name="rating_submission"),
    path("scale/", scale.scale, name="scale"),
    path("scale/alarms/<int:pk>/settlement/", scale.settlement, name="scale_settlement"),
]
