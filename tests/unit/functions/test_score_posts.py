from __future__ import annotations

import json
from typing import Any

import pytest

from functions.score_posts import app
from hikeshi.domain.posts import Post
from hikeshi.services.alerts.assess import Assessing
from hikeshi.services.collection import post_payload
from tests.builders import a_configuration, a_post, an_assessment
from tests.fakes.collecting import RecordingIncidentRequests
from tests.fakes.environment import FrozenClock
from tests.fakes.scoring import InMemoryAlertStore, InMemoryPostArchive, InMemoryPostCounts, ScriptedScorer


def ports() -> Assessing:
    return Assessing(
        scorer=ScriptedScorer({"虫": an_assessment()}),
        alerts=InMemoryAlertStore(),
        counts=InMemoryPostCounts(),
        archive=InMemoryPostArchive(),
        requests=RecordingIncidentRequests(),
        configuration=a_configuration(),
        clock=FrozenClock(),
    )


def an_event(*bodies: Post | str) -> dict[str, Any]:
    texts = [body if isinstance(body, str) else post_payload.encode(body) for body in bodies]
    return {"Records": [{"messageId": f"m{n}", "body": text} for n, text in enumerate(texts)]}


def again(answer: dict[str, Any]) -> list[str]:
    json.dumps(answer)
    return [entry["itemIdentifier"] for entry in answer["batchItemFailures"]]


def test_a_batch_that_is_done_leaves_nothing_in_the_queue() -> None:
    desk = ports()
    answer = app.lambda_handler(an_event(a_post(), a_post(id="2", text="いい天気")), None, ports=desk)
    assert again(answer) == []
    assert desk.requests.alert_ids  # type: ignore[attr-defined]  # the fake records them


def test_only_what_failed_comes_again() -> None:
    stranger = a_post(id="stranger", brand="unknown")
    desk = ports()
    answer = app.lambda_handler(an_event(stranger, "not a post", a_post()), None, ports=desk)
    assert sorted(again(answer)) == ["m0", "m1"]
    assert desk.archive.brands() == {"tsukimi": ["post-1"]}  # type: ignore[attr-defined]  # the fake knows them


def test_a_post_twice_in_a_batch_is_counted_with_its_higher_number_of_reposts() -> None:
    desk = ports()
    event = an_event(a_post(reposts=9), a_post(reposts=3))
    assert again(app.lambda_handler(event, None, ports=desk)) == []
    (alert,) = desk.alerts.recent("tsukimi", since=a_post().published_at)
    assert (alert.posts, alert.reposts) == (1, 9)


def test_both_messages_of_a_failed_post_come_again() -> None:
    stranger = a_post(brand="unknown")
    assert again(app.lambda_handler(an_event(stranger, stranger), None, ports=ports())) == ["m0", "m1"]


def test_the_log_holds_no_text_and_no_author(caplog: pytest.LogCaptureFixture) -> None:
    app.lambda_handler(an_event(a_post(author="momiji_0513")), None, ports=ports())
    written = str([vars(record) for record in caplog.records])
    assert "post counted" in written
    assert "momiji" not in written
    assert "虫" not in written
