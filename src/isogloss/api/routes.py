"""The API and its routers."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from isogloss.api import corpus, inquiries, jobs, language, people, problems, projects, queue, releases, wellbeing, workforce
from isogloss.api.authentication import ApiTokenAuth
from isogloss.api.parsing import PlainTextParser
from isogloss.api.shapes import ProblemOut


class IsoglossAPI(NinjaAPI):
    """The API; its description says of every operation that it may answer with a problem."""

    def get_openapi_schema(
        self,
        *,
        path_prefix: str | None = None,
        path_params: dict[str, Any] | None = None,
    ) -> OpenAPISchema:
        """Return the OpenAPI description."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        refusal = {
            "description": "A refusal: what happened and what to do",
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        described = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
        components = schema["components"]["schemas"]
        components.update(described.pop("$defs"))
        components["Problem"] = described
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["responses"] = {**{str(status): told for status, told in operation["responses"].items()}, "default": refusal}
        return schema


api = IsoglossAPI(
    title="Isogloss",
    version="1",
    description="Everything the pages do to projects, imports and releases. Errors are application/problem+json (RFC 9457).",
    urls_namespace="api",
    docs_url="docs",
    auth=ApiTokenAuth(),
    parser=PlainTextParser(),
)
problems.register(api)
api.add_router("", people.router)
api.add_router("", workforce.router)
api.add_router("", wellbeing.router)
api.add_router("", projects.router)
api.add_router("", inquiries.router)
api.add_router("", corpus.router)
api.add_router("", queue.router)
api.add_router("", language.router)
api.add_router("", releases.router)
api.add_router("", jobs.router)
