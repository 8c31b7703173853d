from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from functions.ingest_posts.app import lambda_handler, logger
from hikeshi.domain.errors import ConfigError
from hikeshi.services.collection.ingest import MAX_BODY, Ingesting, sign
from tests.builders import NOON, a_configuration
from tests.composition import use_configuration
from tests.fakes.collecting import InMemoryPostQueue
from tests.fakes.environment import FrozenClock
from tests.fakes.links import FIRST_KEY, FixedKeyRing

STAMPED = str(int(NOON.timestamp()))
GOOD = '{"id":"1","text":"つきみのチョコに虫が入っていた","author":"momiji_0513"}'


@pytest.fixture
def queue() -> InMemoryPostQueue:
    return InMemoryPostQueue()


@pytest.fixture
def ports(queue: InMemoryPostQueue, monkeypatch: pytest.MonkeyPatch) -> Ingesting:
    configuration = a_configuration()
    use_configuration(monkeypatch, lambda: configuration)
    return Ingesting(keys=FixedKeyRing(), queue=queue, clock=FrozenClock(NOON))


def an_event(
    body: str | None = GOOD, *, headers: dict[str, str] | None = None, **changes: Any
) -> dict[str, Any]:
    signature = sign(FIRST_KEY, timestamp=STAMPED, body=(body or "").encode(errors="replace"))
    signed = {"X-Hikeshi-Timestamp": STAMPED, "X-Hikeshi-Signature": signature}
    event = {
        "resource": "/ingest",
        "httpMethod": "POST",
        "headers": signed if headers is None else headers,
        "body": body,
        "isBase64Encoded": False,
    }
    return event | changes


def answered(event: dict[str, Any], ports: Ingesting) -> tuple[int, dict[str, Any]]:
    answer = lambda_handler(event, None, ports=ports)
    assert answer["headers"] == {
        "Content-Type": "application/json; charset=utf-8",
        "Cache-Control": "no-store",
    }
    return answer["statusCode"], json.loads(answer["body"])


def test_a_signed_call_is_taken(ports: Ingesting, queue: InMemoryPostQueue) -> None:
    assert answered(an_event(), ports) == (202, {"accepted": 1, "rejected": []})
    assert queue.ids() == ["1"]


def test_good_posts_are_queued_and_bad_ones_listed(ports: Ingesting, queue: InMemoryPostQueue) -> None:
    status, body = answered(an_event(GOOD + '\n{"id":"2","text":"t","brand":"hoshimi"}'), ports)
    assert (status, body["accepted"]) == (202, 1)
    known = "watches.yaml にあるのは: tsukimi"
    assert body["rejected"] == [
        {"line": 2, "error": f"ブランド hoshimi はありません。{known} / unknown brand 'hoshimi'"},
    ]


def test_the_case_of_header_names_does_not_matter(ports: Ingesting) -> None:
    event = an_event()
    event["headers"] = {name.lower(): value for name, value in event["headers"].items()}
    assert answered(event, ports)[0] == 202


def test_a_body_in_base64_is_signed_as_it_was_before(ports: Ingesting) -> None:
    event = an_event() | {"body": base64.b64encode(GOOD.encode()).decode(), "isBase64Encoded": True}
    assert answered(event, ports)[0] == 202


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": None},
        {"headers": {}},
        {"headers": {"X-Hikeshi-Timestamp": STAMPED}},
        {"headers": {"X-Hikeshi-Timestamp": STAMPED, "X-Hikeshi-Signature": "0" * 64}},
        {"headers": {"X-Hikeshi-Timestamp": "1", "X-Hikeshi-Signature": "0" * 64}},
        {"body": GOOD + " "},
        {"body": None},
        {"body": "\ud800"},
        {"body": "no base64!", "isBase64Encoded": True},
    ],
)
def test_every_fault_of_a_signature_has_the_same_answer(
    changes: dict[str, Any], ports: Ingesting, queue: InMemoryPostQueue
) -> None:
    assert answered(an_event() | changes, ports) == (
        401,
        {"error": "unauthorized", "message": "the call is not signed as it must be"},
    )
    assert queue.posts == []


def test_more_than_a_mebibyte_is_too_large_before_anything_else(ports: Ingesting) -> None:
    status, body = answered(an_event("x" * (MAX_BODY + 1), headers={}), ports)
    assert (status, body["error"]) == (413, "too_large")


def test_a_body_that_is_nothing_is_invalid(ports: Ingesting) -> None:
    status, body = answered(an_event("[]"), ports)
    assert (status, body["error"]) == (400, "invalid")


def test_a_queue_that_is_partly_unavailable_claims_nothing(
    ports: Ingesting, queue: InMemoryPostQueue
) -> None:
    queue.refuse_after = 1
    status, body = answered(an_event(GOOD + "\n" + GOOD.replace('"1"', '"2"')), ports)
    assert (status, body["error"]) == (503, "unavailable")
    assert "accepted" not in body


def test_a_configuration_that_cannot_be_read_is_unavailable(
    ports: Ingesting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Any:
        raise ConfigError("no config.json in config; publish it with: hikeshi config push")

    use_configuration(monkeypatch, missing)
    status, body = answered(an_event(), ports)
    assert status == 503
    assert "config" not in body["message"]


def test_the_log_holds_neither_text_nor_author(ports: Ingesting, caplog: pytest.LogCaptureFixture) -> None:
    answered(an_event(GOOD + "\n壊れた行"), ports)
    logged = "\n".join(logger.registered_formatter.format(record) for record in caplog.records)
    assert '"accepted":1' in logged
    assert "momiji" not in logged
    assert "虫" not in logged
