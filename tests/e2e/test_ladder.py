"""What happens while nobody answers, and how it stops."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.e2e.scene import Scene

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

FIRE = "ひのでチョコの電動フォンデュ鍋が発火した。やけどした"
DESK, LEAD, EXECUTIVES = ("arai", "ueda"), ("yamada",), ("takahashi", "fujii")


def test_silence_leads_from_step_to_step_to_the_last_resort_and_one_press_ends_it(scene: Scene) -> None:
    scene.call_webhook([{"id": "fire-1", "text": FIRE, "source": "partner"}])
    first = scene.devices.expect(DESK, "#")
    second = scene.devices.expect(LEAD, "#")
    last = scene.devices.expect(EXECUTIVES, "#")
    steps = [min(message.arrived_at for message in step) for step in (first, second, last)]
    for before, after in pairwise(steps):
        assert 8 <= (after - before).total_seconds() <= 40

    scene.player("fujii").act("acknowledge")
    scene.devices.expect([*DESK, *LEAD, "takahashi"], "藤井 京子さんが担当")
    scene.devices.expect(["fujii"], "事実確認を始めました")
    scene.settle()
    running = scene.running_executions()
    assert [name for name in running if "Ladder" in name] == []


def test_the_next_step_is_reached_at_once_by_asking_for_it(scene: Scene) -> None:
    scene.call_webhook([{"id": "fire-2", "text": FIRE, "source": "partner"}])
    scene.devices.expect(DESK, "#")
    scene.player("arai").act("escalate")
    scene.devices.expect(LEAD, "#", seconds=9)
    scene.player("yamada").act("acknowledge")
    scene.devices.expect(DESK, "山田 太郎さんが担当")
    scene.devices.expect(["yamada"], "事実確認を始めました")


def test_a_wrong_number_changes_nothing_and_the_third_locks_the_link(scene: Scene) -> None:
    scene.call_webhook([{"id": "fire-3", "text": FIRE, "source": "partner"}])
    scene.devices.expect(DESK, "#")
    arai = scene.player("arai")
    message = arai.newest_link()
    assert message.number is not None
    wrong = f"{(int(message.number) - 10 + 1) % 90 + 10}"
    for _ in range(3):
        page = scene.browser.open(message.links[0])
        (form,) = page.forms_named("dismiss")
        refused = scene.browser.submit(page, form, {"reason": "確認", "check_number": wrong})
        assert refused.status >= 400
    locked = scene.browser.open(message.links[0])
    assert locked.forms_named("dismiss") == ()
    assert "dismissed" not in scene.timeline()

    scene.player("ueda").act("dismiss", {"reason": "訓練でした"})
    scene.devices.expect(["arai"], "誤検知")
