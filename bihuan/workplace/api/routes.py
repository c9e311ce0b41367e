"""The interface, assembled: addresses, tokens, problems, limits."""

from __future__ import annotations

from ninja import NinjaAPI

from bihuan.workplace.api import contacts, editions, figures, imports, results, verdicts
from bihuan.workplace.api.auth import PerToken
from bihuan.workplace.api.problems import answer_problems

api = NinjaAPI(
    title="Bihuan 闭环",
    version="1",
    description="The figures, conversations, verdicts, results and editions of a department, as its pages show them.",
    urls_namespace="api",
    docs_url=None,  # its viewer comes from a foreign server; any OpenAPI viewer reads the description
    openapi_url="/openapi.json",
    throttle=PerToken(),
)
for part in (figures, contacts, verdicts, results, editions, imports):
    api.add_router("", part.router)
answer_problems(api)
