"""A drill from one command to its score sheet: nobody outside hears of it, and every page says so."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from hikeshi.domain.actions import Action
from hikeshi.services.room.action_pages import SPOTS
from infra.cli.main import run
from tests.e2e.chromium import DESKTOP, PHONE, ChromiumBrowser, chromium
from tests.e2e.scene import Scene

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(500)]

SHORT = Path(__file__).parents[1] / "fixtures" / "drills" / "short.yaml"
MARK, BANNER = "【訓練】", "これは訓練です。実際の事案ではありません。"


@pytest.fixture
def chrome(tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path / "profile") as browser:
        yield browser


def drill(scene: Scene, *arguments: str) -> None:
    """Give a command about drills to the stack of the tests."""
    with pytest.raises(SystemExit) as ended:
        run(["drill", *arguments, "--home", str(scene.home.root)])
    assert ended.value.code == 0


def score(scene: Scene, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    drill(scene, "score", "--json")
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_drill_is_played_to_its_score_sheet_in_a_browser(
    scene: Scene, chrome: Chrome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    devices = scene.devices
    browser = ChromiumBrowser(chrome, inbox_url=scene.state.inbox_url, client=scene.http)
    drill(scene, "start", str(SHORT), "--to", "arai,sato")
    began = time.monotonic()

    # The texts of a drill carry its mark, and go to those who take part alone: see Devices.unexpected.
    by_text, *_ = sorted(devices.expect(["arai", "sato"], MARK), key=lambda each: (each.person, each.channel))
    page = browser.open(scene.player("sato").newest_link().links[0])
    assert BANNER in page.text
    browser.photograph(tmp_path / "drill-phone.png", PHONE)
    browser.photograph(tmp_path / "drill-desktop.png", DESKTOP)
    assert by_text.person == "arai"
    (form,) = page.forms_named(SPOTS[Action.ACKNOWLEDGE].path)
    assert BANNER in browser.submit(page, form, {}).text
    devices.expect(["arai"], "佐藤 花子さんが担当")
    devices.expect(["sato"], "事実確認を始めました")

    # The story goes on by itself, and takes the turn of a drill that was answered; then it ends.
    time.sleep(max(50 - (time.monotonic() - began), 0))
    scene.run("AuditIncidents")
    time.sleep(max(95 - (time.monotonic() - began), 0))
    scene.run("AuditIncidents")
    (mail,) = devices.expect(["arai"], "採点表", channels=("mail",))
    assert mail.subject.startswith(MARK)
    sheet = browser.open(mail.links[0])
    assert BANNER in sheet.text
    assert "返事が来たという投稿がありました" in sheet.text
    assert not sheet.forms
    browser.photograph(tmp_path / "score-phone.png", PHONE)
    browser.photograph(tmp_path / "score-desktop.png", DESKTOP)
    assert browser.complaints() == []

    scene.wait_until(lambda: scene.running_executions() == [], what="no execution left")
    found = score(scene, capsys)
    assert isinstance(found["withheld"], list)
    assert {"yamada", "kimura", "ueda"} <= set(found["withheld"])
    assert found["silent"] == []
    (incident,) = [item for item in scene.items("IncidentsTable") if item["sk"]["S"] == "META"]
    assert incident["status"]["S"] == "called_off"
    assert incident["kind"]["S"].startswith("drill#")
