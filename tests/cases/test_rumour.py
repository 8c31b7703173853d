"""A rumour, and no fault of ours: facts first, an explanation, and no apology."""

from __future__ import annotations

from datetime import datetime

import pytest

from hikeshi.domain.assessment import Category, Fault
from hikeshi.domain.japan_time import JST
from hikeshi.domain.publishing import last_published
from tests.cases.conftest import Play, as_shipped
from tests.scenarios import stories
from tests.scenarios.stories import APPROVE, DRAFT, ESTABLISH, JUDGE, PUBLISH, TAKE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

FOUND = datetime(2026, 5, 13, 9, 10, tzinfo=JST)
RUMOUR = "つきみのチョコ、工場が違法な着色料を使っていて来月には全部回収されるらしい。拡散希望"
NOT_OURS = {
    "crisis_type": "competitor_attack",
    "fault": "not_ours",
    "kind_facts": "1",
    "reason": "出荷記録と成分の検査に、投稿の内容に当たるものがありません",
}


def test_s4_1_a_rumour_is_answered_with_facts_and_without_an_apology(play: Play) -> None:
    with play(starts=FOUND, configuration=as_shipped()) as (world, screen):
        world.post(RUMOUR, category=Category.ATTACK)
        world.passes(minutes=5)
        world.sato.presses(TAKE)
        first = world.room.facts[0].id
        world.sato.presses(JUDGE, about=first, verdict="confirmed", basis="検査記録と出荷記録を確かめました")
        stories.looked_elsewhere(world)
        world.sato.presses(ESTABLISH)
        world.sato.presses("種類と原因を変える", **NOT_OURS)
        assert world.incident.fault is Fault.NOT_OURS
        world.sato.latest.opens().follows("playbook").says("当社に原因はない")
        screen.photograph("rumour-1-playbook")

        page = world.suzuki.latest.opens().follows("statement")
        page.keeps_silent_about("お詫び申し上げます")
        screen.photograph("rumour-2-statement")
        said = stories.word(world, said_opening="確認できた事実をご説明いたします。")
        world.suzuki.presses(DRAFT, **said)
        for approver in (world.sato, world.tanaka):
            approver.presses(APPROVE)
        world.suzuki.presses(PUBLISH)
        published = last_published(world.room)
        assert published is not None
        assert "詫び" not in published.text
        world.sato.latest.opens()
        screen.photograph("rumour-3-answered")
        world.takes_for_granted()
