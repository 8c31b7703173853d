"""From the feed to the closed incident in headless Chromium, by opening the links out of the inbox."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from infra.local.play import Play
from infra.local.scenario import first_wave, second_wave
from tests.e2e.chromium import DESKTOP, PHONE, ChromiumBrowser, chromium
from tests.e2e.scene import Scene
from tests.e2e.test_story import PAGED, WARNED

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(500)]

PICTURES = Path(__file__).parent / "screenshots"


@pytest.fixture
def chrome(tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path / "profile") as browser:
        yield browser


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures go: beside the README's if they are to be renewed, else only for this run."""
    return PICTURES if os.environ.get("HIKESHI_UPDATE_SCREENSHOTS") == "1" else tmp_path


def test_people_close_an_incident_in_a_browser(scene: Scene, chrome: Chrome, pictures: Path) -> None:
    devices, found_at = scene.devices, datetime.now(UTC)
    browser = ChromiumBrowser(chrome, inbox_url=scene.state.inbox_url, client=scene.http)
    play = Play(
        configuration=scene.configuration,
        inbox_url=scene.state.inbox_url,
        client=scene.http,
        tell=print,
        browser=browser,
    )

    scene.feed.publish(first_wave(found_at, mark="browser"))
    scene.collect()
    devices.expect(WARNED, "【警戒】")
    scene.feed.publish(second_wave(found_at, mark="browser"))
    scene.collect()
    devices.expect(PAGED, "【重大】")
    chrome.get(scene.state.inbox_url)
    browser.photograph(pictures / "inbox-phone.png", PHONE)
    browser.photograph(pictures / "inbox-desktop.png", DESKTOP)
    page = scene.player(play.pr.id).newest_link()
    assert "異物混入" in browser.open(page.links[0]).text
    browser.photograph(pictures / "incident-desktop.png", DESKTOP)
    browser.photograph(pictures / "incident-phone.png", PHONE)

    play.take_on()
    devices.expect([p for p in PAGED if p != "sato"], "佐藤 花子さんが担当")
    devices.expect(["sato"], "事実確認を始めました")
    play.check_facts()
    devices.expect(["sato"], "対応を始めました")
    devices.expect(["sato", "kimura", "nakano"], "期限")
    play.respond()
    for _holding_then_full in range(2):
        devices.expect(["mori", "yamada"], "公表文の承認が必要です")
        devices.expect(["sato"], "公表文が承認されました")
    devices.expect(["sato"], "見守りに入りました")
    play.calm_down()
    devices.expect(["yamada", "sato", "ito", "mori"], "報告書案")
    play.sign_off()
    play.wait_until_closed()
    devices.expect([*PAGED, "mori"], "対応を完了しました", channels=("mail",))
    assert devices.expect_whoever("対策本部へのご参加") > 0
    assert devices.expect_whoever("対策本部を招集") > 0
    assert devices.expect_whoever("対応の振り返りをお願いします") > 0
    devices.expect(["takahashi", "fujii"], "対応をお願いします")
    play.check_recipients()

    (incident,) = scene.incidents()
    assert incident["status"]["S"] == "closed"
    assert browser.complaints() == []
    assert all(
        (pictures / f"{name}.png").stat().st_size > 10_000 for name in ("inbox-phone", "incident-phone")
    )
