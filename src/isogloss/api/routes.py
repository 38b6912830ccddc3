"""The API and its routers."""

from ninja import NinjaAPI

from isogloss.api import corpus, people, problems, projects, releases
from isogloss.api.authentication import ApiTokenAuth

api = NinjaAPI(
    title="Isogloss",
    version="1",
    description="Everything the pages do to projects, imports and releases. Errors are application/problem+json (RFC 9457).",
    urls_namespace="api",
    docs_url="docs",
    auth=ApiTokenAuth(),
)
problems.register(api)
api.add_router("", people.router)
api.add_router("", projects.router)
api.add_router("", corpus.router)
api.add_router("", releases.router)
