"""A video of somebody who works in the shop: the person is looked after, and named nowhere."""

from __future__ import annotations

import pytest

from hikeshi.domain.masking import Mask
from tests.builders import NOON
from tests.cases.conftest import Play
from tests.scenarios import insult
from tests.unit.pages.protected import SAOTOME

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_s3_6_s3_7_the_insulted_employee_is_looked_after_in_a_browser(play: Play) -> None:
    with play(starts=NOON) as (world, screen):
        insult.begins(world)
        world.kato.presses(insult.STEP, about="contact_person", care_note="加藤が窓口です")
        world.kato.latest.opens().follows("care").keeps_silent_about("早乙女")
        screen.photograph("insult-1-care")
        world.sato.latest.opens().says("●●って店員").keeps_silent_about("早乙女")
        screen.photograph("insult-2-room")
        world.kato.presses(insult.AGREE, **insult.CONSENT)
        world.passes(minutes=1)
        world.post(insult.EXPOSING, level="notice", id="found", brand=None, url="https://board.example.jp/1")
        world.tanaka.latest.opens().follows("takedowns")
        screen.photograph("insult-3-takedowns")
        assert not any(Mask([SAOTOME]).finds(str(text) + text.body) for text in world.carrier.arrived)
        world.takes_for_granted()
