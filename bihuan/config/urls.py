"""Which part answers which address."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.i18n import set_language


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers as soon as the web process serves."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/v1/", include("bihuan.workplace.web.api_urls")),
    path("accounts/", include("bihuan.people.web.account_urls")),
    path("gallery/", include("bihuan.ui.web.urls")),
    path("inspection/", include("bihuan.inspection.web.urls")),
    path("journal/", include("bihuan.journal.web.urls")),
    path("people/", include("bihuan.people.web.urls")),
    path("appeals/", include("bihuan.appeals.web.urls")),
    path("standards/", include("bihuan.standards.web.urls")),
    path("", include("bihuan.workplace.web.urls")),
]

handler400 = "bihuan.ui.web.errors.bad_request"
handler403 = "bihuan.ui.web.errors.forbidden"
handler404 = "bihuan.ui.web.errors.not_found"
handler500 = "bihuan.ui.web.errors.server_error"
