"""The app on a desk of fakes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from chalice.test import Client

from functions.responder_api.app import app
from hikeshi.runtime import bootstrap
from hikeshi.runtime.answers import error_page
from tests.unit.pages.scenes import Scene
from tests.unit.pages.stage import Stage

FORM = {"content-type": "application/x-www-form-urlencoded"}


def an_event(method: str, resource: str, token: str) -> dict[str, Any]:
    """What API Gateway hands the function."""
    return {
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": resource.replace("{token}", token),
        },
        "headers": FORM,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"token": token, "matter": "nothing"}
        if "{matter}" in resource
        else {"token": token},
        "stageVariables": None,
        "body": None,
        "isBase64Encoded": False,
    }


@dataclass(frozen=True, kw_only=True)
class Page:
    """An answer as a browser gets it."""

    status: int
    headers: dict[str, str]
    text: str
    content: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Browser:
    """Opens pages and sends forms of one stage."""

    stage: Stage
    client: Client

    def get(self, path: str, *, method: str = "GET") -> Page:
        return self._page(self.client.http.request(method, path))

    def post(
        self,
        path: str,
        fields: dict[str, str] | bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        file: bytes | None = None,
        name: str = "IMG_0513.jpg",
        files: Sequence[tuple[str, bytes]] = (),
    ) -> Page:
        body = fields if isinstance(fields, bytes) else urlencode(fields or {}).encode()
        sent = {**FORM, **(headers or {})}
        chosen = [("file", each) for each in ([(name, file)] if file is not None else files)]
        if chosen and isinstance(fields, dict):
            form = httpx.Request("POST", "http://pages", data=fields, files=chosen)
            body, sent = form.read(), {**sent, "content-type": form.headers["content-type"]}
        return self._page(self.client.http.request("POST", path, headers=sent, body=body))

    def room(self, person: str = "sato") -> Page:
        return self.get(f"/r/{self.stage.link(person)}")

    @staticmethod
    def _page(response: Any) -> Page:
        body = response.body
        text = body.decode(errors="replace") if isinstance(body, bytes) else json.dumps(body)
        content = body if isinstance(body, bytes) else b""
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Page(status=response.status_code, headers=headers, text=text, content=content)


Opener = Callable[[Scene], Browser]


@pytest.fixture
def open_stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Play a scene and put the app on it."""
    with Client(app) as client:

        def opened(scene: Scene) -> Browser:
            stage = Stage().play(scene)
            desk = stage.desk()
            monkeypatch.setattr(bootstrap, "responder_desk", lambda: desk)
            monkeypatch.setattr(bootstrap, "error_page", lambda status: error_page(desk.renderer, status))
            monkeypatch.setattr(bootstrap, "people_desk", lambda: desk.people)
            monkeypatch.setattr(bootstrap, "expert_desk", lambda: desk.experts)
            return Browser(stage=stage, client=client)

        yield opened
