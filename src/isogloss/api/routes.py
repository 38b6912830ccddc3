"""The API and its routers."""

from ninja import NinjaAPI

api = NinjaAPI(title="Isogloss", version="1", urls_namespace="api", docs_url="docs")
