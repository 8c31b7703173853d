"""A photo of a larva in a chocolate, from the feed to the signed report."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from infra.local.play import Play
from infra.local.scenario import first_wave, second_wave
from tests.e2e.scene import Scene

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]

WARNED = ("arai", "ueda", "yamada", "sato", "ito", "kimura", "nakano")
EXECUTIVES = ("takahashi", "fujii")
PAGED = (*WARNED, *EXECUTIVES)


def test_a_post_becomes_a_closed_incident_through_links_alone(scene: Scene) -> None:
    devices, found_at = scene.devices, datetime.now(UTC)
    scene.feed.publish(first_wave(found_at, mark="story"))
    devices.expect(WARNED, "【警戒】", seconds=100)

    scene.feed.publish(second_wave(found_at, mark="story"))
    scene.collect()
    devices.expect(PAGED, "【重大】")

    play = Play(
        configuration=scene.configuration, inbox_url=scene.state.inbox_url, client=scene.http, tell=print
    )
    play.take_on()
    devices.expect([p for p in PAGED if p != "sato"], "佐藤 花子さんが担当")
    devices.expect(["sato"], "事実確認を始めました")

    play.check_facts()
    devices.expect(["sato"], "対応を始めました")
    devices.expect(["sato", "kimura", "nakano"], "期限")

    play.respond()
    devices.expect(["mori", "yamada"], "公表文の承認をお願いします")
    devices.expect(["sato"], "公表文が承認されました", channels=("mail",))
    devices.expect(["sato"], "見守りに入りました")

    play.calm_down()
    devices.expect(["sato", "ito", "mori"], "報告書の下書き")

    play.sign_off()
    play.wait_until_closed()
    devices.expect([*PAGED, "mori"], "対応を完了しました", channels=("mail",))
    play.check_recipients()

    (incident,) = scene.incidents()
    assert incident["status"]["S"] == "closed"
    kinds = scene.timeline()
    assert kinds[:3] == ["detected", "opened", "paged"]
    assert kinds[-1] == "status_changed"
    assert "report_signed" in kinds
