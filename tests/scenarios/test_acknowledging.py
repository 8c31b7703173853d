"""Somebody takes an incident on."""

from __future__ import annotations

from tests.scenarios.world import World


def test_whoever_takes_it_on_first_leads_and_the_others_are_told(world: World) -> None:
    world.post()
    world.people("nakano", "ito", "watanabe").hear("警戒", "異物")
    world.suzuki.hears("警戒").then_presses("担当する").says("鈴木 健")
    world.people("nakano", "ito", "watanabe").hear("鈴木 健さんが担当します")
    world.suzuki.hears("事実確認を始めました")
    assert world.incident.lead == "suzuki"
    assert not world.ladders(running=True)
