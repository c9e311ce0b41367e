"""A site of this part alone: shell, gallery and error pages, without people, database or other parts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

STRICT_CSP = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:"


def navigation(request: HttpRequest) -> dict[str, object]:
    """What `config.navigation` hands over, with invented entries."""
    entry = {"url": "/gallery/", "icon": "layout-dashboard", "current": False, "badge": None}
    return {
        "navigation": [
            {"label": "", "entries": [{**entry, "label": "部门总览"}]},
            {
                "label": "服务",
                "entries": [
                    {**entry, "label": "接待", "icon": "messages"},
                    {**entry, "label": "工单", "icon": "ticket", "badge": 8},
                    {**entry, "label": "组件", "icon": "components", "current": True},
                ],
            },
        ],
        "me": {"name": "周敏", "subtitle": "客服部经理", "initial": "周"},
    }


def strict(get_response):
    """The product's content policy, so that an inline script or style fails here as it would there."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Content-Security-Policy"] = STRICT_CSP
        return response

    return middleware


urlpatterns = [path("gallery/", include("bihuan.ui.web.urls"))]

OVERRIDES = {
    "ROOT_URLCONF": __name__,
    "DEBUG": False,
    "ALLOWED_HOSTS": ["*"],
    "LANGUAGE_CODE": "zh-hans",
    "MIDDLEWARE": ["bihuan.ui.tests.site.strict", "django.middleware.locale.LocaleMiddleware"],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "template_partials.loader.Loader",
                        ["django.template.loaders.app_directories.Loader"],
                    )
                ],
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.csrf",
                    "bihuan.ui.tests.site.navigation",
                ],
                "builtins": ["template_partials.templatetags.partials", "bihuan.ui.templatetags.ui"],
            },
        }
    ],
}
