"""A life at risk in the night: nobody's quiet hours hold a call about it."""

from __future__ import annotations

from datetime import UTC, datetime, time

from hikeshi.domain.peril import Peril
from hikeshi.domain.quiet_hours import QuietHours
from tests.builders import a_person
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.world import World

NIGHT = QuietHours(begins=time(22), ends=time(7))
ELEVEN_AT_NIGHT = datetime(2026, 5, 13, 14, 0, tzinfo=UTC)
FAREWELL = "life.self_harm.farewell"


def test_a_farewell_at_warning_wakes_the_desk_beside_whoever_is_awake() -> None:
    steps = ladder(rung("desk", "legal", minutes=10), rung("lead", minutes=10))
    with World(
        climbing(steps, people=[a_person("nakano", quiet=NIGHT)]), starts=ELEVEN_AT_NIGHT
    ).begun() as world:
        world.post("つきみの社員です。もう死にます", rule=FAREWELL)
        assert (world.incident.level, world.incident.peril) == ("warning", Peril.SELF_HARM)
        world.people("nakano", "tanaka").hear("人命優先")
        world.passes(minutes=9)
        world.is_quiet()


def test_whoever_sleeps_is_told_at_once_when_an_incident_turns_out_to_be_about_a_life() -> None:
    steps = ladder(rung("desk", "legal", minutes=600))
    with World(
        climbing(steps, people=[a_person("nakano", quiet=NIGHT)]), starts=ELEVEN_AT_NIGHT
    ).begun() as world:
        world.post("つきみの店長を許さない")
        world.tanaka.hears("警戒")
        world.nakano.is_silent()
        world.passes(minutes=5)
        world.post("つきみの店長を許さない", rule=FAREWELL)
        world.nakano.hears("人命優先")
        world.takes_for_granted()
