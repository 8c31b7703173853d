"""Posts that come in by the webhook, and alarms that turn out to be none."""

from __future__ import annotations

import time

import pytest

from tests.e2e.scene import Scene

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

LEAK = "ひので製菓の顧客名簿が流出している。名前と電話番号が見える"
PAGED = ("arai", "ueda", "yamada", "sato", "ito", "ono", "mori")


def a_leak(post_id: str = "leak-1") -> dict[str, object]:
    return {"id": post_id, "text": LEAK, "source": "partner", "author": "tsubaki"}


def test_a_false_alarm_is_closed_with_the_number_and_everybody_hears_of_it(scene: Scene) -> None:
    answer = scene.call_webhook([a_leak()])
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "rejected": []})
    scene.devices.expect(PAGED, "【警戒】")

    scene.player("arai").act("dismiss", {"reason": "社内の訓練用の名簿だった"})
    scene.devices.expect([p for p in PAGED if p != "arai"], "誤検知")
    scene.wait_until(
        lambda: scene.incidents()[0]["status"]["S"] == "dismissed", what="the incident to be dismissed"
    )
    assert "dismissed" in scene.timeline()
    assert scene.running_executions() == ["IncidentLifecycleArn"]  # it learns once the dismissal stands


def test_what_somebody_took_on_is_closed_as_a_false_alarm_by_that_person(scene: Scene) -> None:
    scene.call_webhook([a_leak("leak-0")])
    scene.devices.expect(PAGED, "【警戒】")
    scene.player("arai").act("acknowledge")
    scene.devices.expect([p for p in PAGED if p != "arai"], "担当します")
    scene.wait_until(
        lambda: scene.incidents()[0]["status"]["S"] == "fact_finding", what="the facts to be checked"
    )
    scene.devices.expect(["arai"], "事実確認を始めました")
    scene.player("arai").act("dismiss", {"reason": "社内の訓練用の名簿だった"})
    scene.devices.expect([p for p in PAGED if p != "arai"], "誤検知")
    scene.wait_until(
        lambda: scene.incidents()[0]["status"]["S"] == "dismissed", what="the incident to be dismissed"
    )
    assert "facts_established" not in scene.timeline()


def test_the_same_post_twice_pages_once(scene: Scene) -> None:
    scene.call_webhook([a_leak("leak-2")])
    scene.devices.expect(PAGED, "【警戒】")
    scene.call_webhook([a_leak("leak-2")])
    scene.settle()
    assert len(scene.incidents()) == 1
    scene.player("arai").act("dismiss", {"reason": "確認用"})
    scene.devices.expect([p for p in PAGED if p != "arai"], "誤検知")


def test_a_line_that_cannot_be_used_leaves_its_neighbours_alone(scene: Scene) -> None:
    answer = scene.call_webhook([{"id": "no-text"}, {"id": "p", "text": "ひのでチョコがおいしい"}])
    assert answer.status_code == 202
    assert answer.json()["accepted"] == 1
    assert [refused["line"] for refused in answer.json()["rejected"]] == [1]


@pytest.mark.parametrize("how", ["unsigned", "wrongly signed", "signed yesterday"])
def test_a_call_that_is_not_properly_signed_is_refused_in_one_way(scene: Scene, how: str) -> None:
    at = str(int(time.time()) - (86_400 if how == "signed yesterday" else 0))
    headers = {} if how == "unsigned" else {"x-hikeshi-timestamp": at, "x-hikeshi-signature": "0" * 64}
    answer = scene.http.post(f"{scene.state.api_url}/ingest", content=b"[]", headers=headers)
    assert answer.status_code == 401
    uniform = scene.http.post(f"{scene.state.api_url}/ingest", content=b"[1]").text
    assert answer.text == uniform


def test_links_that_open_nothing_all_look_the_same(scene: Scene) -> None:
    base = scene.state.link_base_url
    forged = ["1" * 22, "K" * 22, "short", "Kx7mQ2vT9bLc4NfR8sWz0O", "a" * 500]
    pages = {(answer.status_code, answer.text) for answer in (scene.http.get(f"{base}{t}") for t in forged)}
    assert len(pages) == 1
    assert next(iter(pages))[0] == 404
