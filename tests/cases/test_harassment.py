"""What only few may know: members work as ever, and everybody else sees the page of a link that is none."""

from __future__ import annotations

import pytest

from hikeshi.services.room.action_pages import SubPage
from tests.builders import NOON
from tests.cases.conftest import Play
from tests.scenarios.stories import TAKE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_s2_11_the_harassment_case_opens_for_members_alone_in_a_browser(play: Play) -> None:
    with play(starts=NOON) as (world, screen):
        world.post()
        others = [world.person(each).hears("警戒") for each in ("nakano", "suzuki", "ito")]
        world.passes(minutes=6)
        world.sato.hears("警戒").then_presses("関係者限りにする", reason="従業員個人の話です")
        nothing = others[0].opens()
        assert nothing.status == 404
        screen.photograph("harassment-1-non-member")
        for text in others:
            shown = text.opens()
            assert (shown.status, shown.page.text) == (404, nothing.page.text)
            for below in (*SubPage, "report"):
                page = shown.follows(str(below))
                assert (page.status, page.page.text) == (404, nothing.page.text)
        world.tanaka.presses(TAKE)
        screen.photograph("harassment-2-member")
        world.takes_for_granted()
