"""Browsers and programs that ask pages and the API, as one person each."""

import json
from datetime import timedelta

from django.http import HttpResponse
from django.test import Client

from isogloss.accounts.models import User
from isogloss.accounts.rules import SCOPES
from isogloss.accounts.services import make_api_token
from isogloss.platform import clock


def a_browser(person: User | None = None) -> Client:
    """A browser, logged in as this person."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


class Program:
    """A program that calls the API with one person's token."""

    def __init__(
        self, person: User | None = None, *, scopes: tuple[str, ...] = SCOPES, secret: str | None = None, raises: bool = True
    ) -> None:
        self.client = Client(raise_request_exception=raises)
        if secret is None and person is not None:
            _, secret = make_api_token(person, name="test", scopes=scopes, actor=person, now=clock.now(), holds=timedelta(days=1))
        self.secret = secret

    def ask(self, method: str, path: str, body: object = None, *, key: str = "", raw: bytes | None = None) -> HttpResponse:
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        if key:
            headers["Idempotency-Key"] = key
        data = raw if raw is not None else (json.dumps(body).encode() if body is not None else b"")
        return self.client.generic(method, f"/api/v1{path}", data=data, content_type="application/json", headers=headers)

    def get(self, path: str) -> HttpResponse:
        return self.ask("GET", path)

    def post(self, path: str, body: object = None, *, key: str = "", raw: bytes | None = None) -> HttpResponse:
        return self.ask("POST", path, body, key=key, raw=raw)

    def upload(self, path: str, file: object, *, key: str = "", **fields: object) -> HttpResponse:
        headers = {"Authorization": f"Bearer {self.secret}"}
        if key:
            headers["Idempotency-Key"] = key
        return self.client.post(f"/api/v1{path}", {"file": file, **fields}, headers=headers)
