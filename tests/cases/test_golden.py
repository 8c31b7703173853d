"""A photo at 12:57, an explanation at 15:57, pressed by hand from the first link to the signed report."""

from __future__ import annotations

import pytest

from hikeshi.domain.lifecycle import IncidentStatus
from tests.builders import NOON, a_roll_call_policy
from tests.cases.conftest import Play
from tests.photos import FIXTURES
from tests.scenarios import golden
from tests.scenarios.policies import a_company, on_the_clock

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_s4_9_the_golden_case_is_pressed_through_in_a_browser(play: Play) -> None:
    watched = on_the_clock(a_company(escalation=a_roll_call_policy()))
    with play(starts=NOON, configuration=watched) as (world, screen):
        world.post(level="critical", reposts=742, media=("photo",))
        world.takahashi.hears("【重大】", "異物混入を訴える写真").opens()
        screen.photograph("golden-1-called")
        golden.responds(world)
        larva = next(fact.id for fact in world.room.facts if fact.claim == golden.LARVA.claim)
        photo = {"file_title": "お客様が撮影した写真", "file": str(FIXTURES / "larva.jpg")}
        world.ito.presses("写真・ファイルを添付する", about=larva, **photo)
        page = world.suzuki.latest.opens()
        page.says("目標（15:57）までに、公表しました。")
        screen.photograph("golden-2-answered")
        page.follows("facts")
        screen.photograph("golden-3-facts")
        page.follows("evidence").says("お客様が撮影した写真", "larva.jpg", "情報を除いた写しです。")
        page.follows("statement")
        screen.photograph("golden-4-statement")
        golden.ends(world)
        assert world.incident.status is IncidentStatus.CLOSED
        world.sato.latest.opens().follows("report")
        screen.photograph("golden-5-report")
