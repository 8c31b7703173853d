"""The configuration changes, and people come and go, while an incident is open."""

from __future__ import annotations

from hikeshi.domain.actions import Role
from tests.builders import a_person
from tests.scenarios import stories
from tests.scenarios.policies import climbing, ladder, rung, seated, with_person, without
from tests.scenarios.stories import TAKE
from tests.scenarios.world import World

STEPS = (rung("desk", minutes=5), rung("lead", minutes=5))


def test_somebody_who_left_before_their_step_is_not_paged_and_the_next_one_is() -> None:
    with World(climbing(ladder(*STEPS))).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        world.publishes(without(world.configuration, "sato"))
        world.passes(minutes=4)
        world.takahashi.hears("警戒")
        world.sato.is_silent()


def test_the_links_of_somebody_who_left_open_nothing() -> None:
    with World(climbing(ladder(*STEPS))).begun() as world:
        world.post()
        text = world.nakano.hears("警戒")
        world.publishes(without(world.configuration, "nakano"))
        assert text.opens().status == 404


def test_a_page_left_open_by_somebody_who_left_does_nothing() -> None:
    with World(climbing(ladder(*STEPS))).begun() as world:
        world.post()
        page = world.nakano.hears("警戒").opens()
        world.publishes(without(world.configuration, "nakano"))
        assert page.tries(TAKE).status == 404
        assert world.incident.lead is None


def test_somebody_new_is_paged_from_the_next_step_on() -> None:
    with World(climbing(ladder(*STEPS, rung("desk", minutes=5)))).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        world.publishes(seated(world.configuration, Role.LEAD, a_person("mori")))
        world.passes(minutes=4)
        world.mori.hears("警戒")
        world.sato.is_silent()


def test_a_ladder_that_is_made_longer_while_it_runs_still_ends_at_the_last_resort() -> None:
    with World(climbing(ladder(*STEPS))).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        world.publishes(climbing(ladder(*STEPS, rung("legal", minutes=5), rung("pr", minutes=5))))
        world.passes(minutes=30)
        assert "takahashi" in {text.person for text in world.carrier.arrived}
        world.takes_for_granted()


def test_a_ladder_that_is_made_shorter_while_it_runs_reaches_the_last_resort_sooner() -> None:
    with World(climbing(ladder(*STEPS, *STEPS))).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        world.publishes(climbing(ladder(rung("desk", minutes=5))))
        world.passes(minutes=30)
        assert "takahashi" in {text.person for text in world.carrier.arrived}
        world.takes_for_granted()


def test_a_number_that_changes_is_used_for_the_next_message() -> None:
    with World(climbing(ladder(rung("desk", minutes=5), rung("desk", minutes=5)))).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        world.never_delivers("sms", to="nakano")
        world.publishes(with_person(world.configuration, a_person("nakano", phone="+819000002222")))
        world.passes(minutes=4)
        world.nakano.hears("警戒")


def test_when_the_lead_leaves_the_question_goes_to_whoever_holds_the_seat_now(world: World) -> None:
    stories.taken_on(world, by="ito")
    world.publishes(without(world.configuration, "ito"))
    world.passes(hours=5)
    assert "sato" in {text.person for text in world.carrier.arrived if "#1" in text.body}
    assert not [text for text in world.ito.phone.texts if not text.expected]
    world.takes_for_granted()


def test_a_task_of_a_department_without_a_holder_falls_to_the_lead() -> None:
    with World().begun() as world:
        stories.taken_on(world)
        world.publishes(without(world.configuration, "ito", "yamamoto"))
        claim = world.room.facts[0].id
        world.sato.presses(stories.JUDGE, about=claim, verdict="confirmed", basis="写真で確かめました")
        stories.looked_elsewhere(world)
        world.sato.presses(stories.ESTABLISH)
        assert {task.owner for task in world.room.tasks if task.department == "quality"} == {"sato"}
        world.takes_for_granted()


def test_a_configuration_that_cannot_be_read_leaves_the_last_good_one_in_force(world: World) -> None:
    world.post()
    world.people("nakano", "ito", "watanabe", "suzuki").hear("警戒")
    world.backstage.configurations.publish(None)
    world.passes(minutes=5)
    world.sato.hears("警戒")
