"""The interface, assembled: addresses, tokens, problems, limits."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from bihuan.workplace.api import contacts, editions, figures, imports, results, schemas, verdicts
from bihuan.workplace.api.auth import PerToken
from bihuan.workplace.api.problems import MEDIA, answer_problems


class Described(NinjaAPI):
    """The interface with a description that also tells how a call fails."""

    def get_openapi_schema(self, **more: Any) -> Any:
        """Every call may end in a problem object, whatever its status."""
        whole = super().get_openapi_schema(**more)
        whole["components"]["schemas"]["Problem"] = schemas.Problem.model_json_schema()
        form = {"$ref": "#/components/schemas/Problem"}
        failed = {"description": "The call was not answered", "content": {MEDIA: {"schema": form}}}
        for calls in whole["paths"].values():
            for call in calls.values():
                call["responses"]["default"] = failed
        return whole


api = Described(
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
