"""Customers' data on a board: three departments at once, each with its own part, and one picture for all."""

from __future__ import annotations

from datetime import datetime

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category
from hikeshi.domain.japan_time import JST
from tests.cases.conftest import Play, as_shipped
from tests.scenarios import stories
from tests.scenarios.stories import ESTABLISH, JUDGE, TAKE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

FOUND = datetime(2026, 5, 16, 22, 40, tzinfo=JST)
GUIDANCE = "お客様からのお問い合わせは、専用の窓口でお受けします。個別のご案内は控えてください。"


def test_s0_2_a_leak_engages_it_legal_and_pr_each_with_its_own_part(play: Play) -> None:
    with play(starts=FOUND, configuration=as_shipped()) as (world, screen):
        world.post(category=Category.LEAK, level="critical", reposts=320)
        world.takes_for_granted()
        world.sato.presses(TAKE)
        screen.photograph("leak-1-room")
        world.sato.presses("対策本部を設置する", reason="会員の個人情報が含まれています")
        engaged = world.room.headquarters
        assert engaged is not None
        world.sato.presses("共通認識を発行する", guidance=GUIDANCE)
        world.sato.latest.opens().follows("hq").says("共通認識 第1号", GUIDANCE)
        screen.photograph("leak-2-headquarters")

        for fact in world.room.facts:
            world.sato.presses(JUDGE, about=fact.id, verdict="confirmed", basis="記録と照らし合わせました")
        stories.looked_elsewhere(world)
        world.sato.presses(ESTABLISH)
        departments = {task.department for task in world.room.tasks}
        assert {Role.IT, Role.LEGAL, Role.PR} <= departments
        cards = set()
        for owner in sorted({task.owner for task in world.room.tasks}):
            cards.add(world.person(owner).latest.opens().follows("playbook").page.text)
        assert len(cards) > 1
        screen.photograph("leak-3-playbook")
        world.takes_for_granted()
