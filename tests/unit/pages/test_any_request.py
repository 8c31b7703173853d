"""Whatever API Gateway could hand over: never a failure of ours, never a change without its number."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from functions.responder_api.app import app
from hikeshi.domain.actions import NEEDS_CHECK_NUMBER
from hikeshi.runtime import bootstrap
from hikeshi.services.room.action_pages import SPOTS
from tests.faults.world import silence
from tests.unit.pages import scenes
from tests.unit.pages.stage import Stage

RESOURCES = sorted(app.routes)
NUMBERED = {f"/r/{{token}}/{SPOTS[action].path}" for action in NEEDS_CHECK_NUMBER}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "")
TYPES = (
    *("application/x-www-form-urlencoded", "APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-7", "text/plain"),
    *(
        "application/json",
        "multipart/form-data; boundary=",
        "",
        ";",
        "application/xml",
        "\u00ff",
        "a" * 5_000,
    ),
)
SITES = ("same-origin", "none", "cross-site", "same-site", "", "\u3042", "null")
NAMES = ("reason", "basis", "check_number", "version", "text", "kind", "__proto__", "token", "", "a" * 900)

bodies = st.one_of(
    st.none(),
    st.binary(max_size=400),
    st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=40)), max_size=20).map(
        lambda pairs: "&".join(f"{name}={value}" for name, value in pairs).encode("utf-8", "surrogatepass")
    ),
    st.sampled_from([b"\xff", b"\x00", b"%", b"%zz=%", b"a=1&a=2", b"=", b"&" * 5_000, b"x" * 70_000]),
)
tokens = st.one_of(
    st.just("real"), st.text(max_size=40), st.sampled_from(["..", "%2e%2e", "a" * 9_000, "\x00"])
)
queries = st.one_of(
    st.none(),
    st.dictionaries(st.text(max_size=9), st.lists(st.text(max_size=99), min_size=1, max_size=3), max_size=3),
)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One room that all requests are about; a change of it would fail the next one."""
    set_up = Stage().play(scenes.found())
    with pytest.MonkeyPatch.context() as patched, silence():
        desk = set_up.desk()
        patched.setattr(bootstrap, "responder_desk", lambda: desk)
        patched.setattr(bootstrap, "people_desk", lambda: desk.people)
        patched.setattr(bootstrap, "expert_desk", lambda: desk.experts)
        yield set_up


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One request; ``token`` "real" stands for a link that was sent."""

    body: bytes | None
    token: str = "real"
    method: str = "POST"
    resource: str = "/r/{token}/dismiss"
    kind: str = "application/x-www-form-urlencoded"
    site: str = "none"
    query: dict[str, list[str]] | None = None
    as_base64: bool = True

    def event(self, token: str) -> dict[str, Any]:
        """Return it as API Gateway hands it over."""
        text = None
        if self.body is not None:
            decoded = self.body.decode("utf-8", "replace")
            text = base64.b64encode(self.body).decode() if self.as_base64 else decoded
        return {
            "requestContext": {
                "resourcePath": self.resource,
                "httpMethod": self.method,
                "path": self.resource.replace("{token}", token),
            },
            "headers": {"content-type": self.kind, "sec-fetch-site": self.site, "host": "r.exmp.jp"},
            "multiValueQueryStringParameters": self.query,
            "pathParameters": {"token": token, "matter": "nothing"},
            "stageVariables": None,
            "body": text,
            "isBase64Encoded": self.as_base64 and self.body is not None,
        }


requests = st.builds(
    Sent,
    body=bodies,
    token=tokens,
    method=st.sampled_from(METHODS),
    resource=st.sampled_from(RESOURCES),
    kind=st.sampled_from(TYPES),
    site=st.sampled_from(SITES),
    query=queries,
    as_base64=st.booleans(),
)


def check(stage: Stage, sent: Sent) -> None:
    """Hold an answer against what is promised."""
    token = stage.link() if sent.token == "real" else sent.token
    answer = app(sent.event(token), None)
    assert 200 <= answer["statusCode"] < 500
    assert answer["statusCode"] != 303 or sent.resource not in NUMBERED
    (room,) = stage.incidents.rooms.values()
    assert room.incident.status.is_open
    if sent.site in ("cross-site", "same-site") and sent.method == "POST":
        assert answer["statusCode"] in (403, 404, 405)


@settings(max_examples=600, deadline=None)
@example(Sent(body=b"\xff"))
@example(Sent(body=b"reason=x", query={"done": ["x", "y"]}, as_base64=False))
@given(requests)
def test_any_request_is_answered_or_refused_and_nothing_final_happens(stage: Stage, sent: Sent) -> None:
    check(stage, sent)
