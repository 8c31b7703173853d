"""Who stands in: a deputy who can be paged, and otherwise whoever is away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.escalation import RollCall
from hikeshi.domain.people import Channel, Person
from hikeshi.domain.rotations import Absence
from hikeshi.domain.standings import OptOut, address_digest
from tests.builders import a_person
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import TAKE
from tests.scenarios.world import World

ROLL = RollCall(roles=(Role.EXECUTIVE,), every=timedelta(minutes=10), repeats=2)


def goes_away(world: World, person: str, *, deputy: str | None = None) -> None:
    world.backstage.directory.put(
        Absence(
            id=f"away-{person}",
            person_id=person,
            begins_at=world.now,
            ends_at=world.now + timedelta(days=3),
            made_at=world.now,
            made_by="nakano",
            deputy=deputy,
        )
    )
    world.passes(minutes=1)


# ---- deputies who cannot be paged --------------------------------------------------------------


@pytest.mark.parametrize(
    "deputy",
    [a_person("kobayashi"), a_person("suzuki", phone=None, mail=None), a_person("suzuki", active=False)],
    ids=["from outside", "without an address", "inactive"],
)
def test_an_executive_whose_deputy_cannot_be_paged_is_called_on_holiday(deputy: Person) -> None:
    boss = a_person("takahashi", deputy=deputy.id)
    company = climbing(ladder(rung("executive", minutes=5), rung("lead", minutes=5)), people=[boss, deputy])
    with World(company).begun() as world:
        goes_away(world, "takahashi")
        world.post(level="critical")
        world.takahashi.hears("重大")
        world.passes(minutes=4)
        world.is_quiet()


def test_a_deputy_known_to_have_opted_out_is_passed_by() -> None:
    people = [a_person("takahashi", deputy="suzuki"), a_person("suzuki", mail=None, deputy="tanaka")]
    with World(climbing(ladder(rung("executive", minutes=5)), people=people)).begun() as world:
        digest = address_digest(str(a_person("suzuki").phone))
        world.backstage.directory.put(
            OptOut(person_id="suzuki", channel=Channel.SMS, digest=digest, at=world.now)
        )
        goes_away(world, "takahashi")
        world.post(level="critical")
        world.tanaka.hears("重大")
        world.is_quiet()


def test_a_roll_call_asks_whoever_is_away_rather_than_a_deputy_without_an_address() -> None:
    people = [a_person("takahashi", deputy="suzuki"), a_person("suzuki", phone=None, mail=None)]
    company = climbing(
        ladder(rung("desk", minutes=5)),
        critical=ladder(rung("lead", minutes=5), roll_call=ROLL),
        people=people,
    )
    with World(company).begun() as world:
        goes_away(world, "takahashi")
        world.post(level="critical")
        world.sato.hears("重大").then_presses(TAKE)
        world.takahashi.hears("確認のお願い")
        called = [entry.event.details["people"] for entry in world.happened("roll_called")]
        assert called == ["takahashi"]
        world.takes_for_granted()


def test_a_roll_call_notes_only_the_calls_that_were_sent() -> None:
    mute = a_person("takahashi", phone=None, mail=None)
    company = climbing(
        ladder(rung("desk", minutes=5)),
        critical=ladder(rung("lead", minutes=5), roll_call=ROLL),
        people=[mute],
    )
    with World(company).begun() as world:
        world.post(level="critical")
        world.sato.hears("重大").then_presses(TAKE)
        world.passes(minutes=35)
        assert not world.happened("roll_called")
        assert [entry.event.details["people"] for entry in world.happened("roll_call_ended")] == ["takahashi"]
        world.takes_for_granted()
