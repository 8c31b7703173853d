"""A rumour, and no fault of ours: facts, a rebuttal without an apology, and calm."""

from __future__ import annotations

from datetime import datetime

import pytest

from hikeshi.domain.assessment import Category
from hikeshi.domain.japan_time import JST
from tests.cases.conftest import Play
from tests.scenarios.stories import TAKE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

RUMOUR = "つきみのチョコ、工場が違法な着色料を使っていて来月には全部回収されるらしい。拡散希望"
FOUND = datetime(2026, 5, 13, 9, 10, tzinfo=JST)


def test_s4_1_a_rumour_is_answered_with_facts_and_without_an_apology(play: Play) -> None:
    with play(starts=FOUND) as (world, screen):
        world.post(RUMOUR, category=Category.ATTACK)
        world.passes(minutes=5)
        world.sato.presses(TAKE)
        screen.photograph("rumour-room")
        world.takes_for_granted()
