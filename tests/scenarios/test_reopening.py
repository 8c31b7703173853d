"""It is not over: an incident that was dismissed or closed comes back, or does not."""

from __future__ import annotations

from hikeshi.domain.lifecycle import IncidentStatus
from tests.scenarios import stories
from tests.scenarios.stories import DISMISS, TAKE
from tests.scenarios.world import World

FIRST_RUNG = ("nakano", "ito", "watanabe", "suzuki")
REASON = "虫の形のチョコの写真でした"


def dismissed(world: World, *, reposts: int = 4) -> None:
    """Somebody posts, and the desk finds that it is nothing."""
    world.post(reposts=reposts)
    world.nakano.presses(DISMISS, reason=REASON)
    world.takes_for_granted()


def test_more_of_the_same_after_a_dismissal_wakes_nobody(world: World) -> None:
    dismissed(world, reposts=0)
    world.post(reposts=0)
    world.passes(minutes=30)
    assert world.incident.status is IncidentStatus.DISMISSED
    world.is_quiet()


def test_a_dismissed_matter_that_spreads_three_times_as_far_comes_back(world: World) -> None:
    dismissed(world)
    world.passes(hours=1)
    world.post(reposts=20)
    assert world.incident.generation == 2
    assert world.incident.status is IncidentStatus.REOPENED
    world.people(*FIRST_RUNG).hear("警戒", "#1")


def test_a_dismissed_matter_that_turns_critical_comes_back_to_the_executives(world: World) -> None:
    dismissed(world)
    world.passes(hours=1)
    world.post(level="critical")
    assert world.incident.generation == 2
    world.people("takahashi", "sato", "ito", "watanabe", "suzuki").hear("重大", "#1")


def test_what_comes_back_has_to_be_taken_on_anew(world: World) -> None:
    dismissed(world)
    world.post(reposts=40)
    world.takes_for_granted()
    world.ito.presses(TAKE)
    assert world.incident.lead == "ito"
    assert world.executions[f"{world.incident.id}-2"].is_running
    world.takes_for_granted()


def test_what_comes_back_climbs_its_ladder_from_the_first_step(world: World) -> None:
    dismissed(world)
    world.passes(hours=1)
    world.post(reposts=20)
    world.people(*FIRST_RUNG).hear("警戒")
    world.passes(minutes=5)
    world.sato.hears("警戒", "#1")


def test_a_link_of_the_time_before_still_opens_the_room(world: World) -> None:
    world.post()
    old = world.ito.hears("警戒")
    world.nakano.presses(DISMISS, reason=REASON)
    world.post(reposts=40)
    world.takes_for_granted()
    old.opens().presses(TAKE)
    assert world.incident.lead == "ito"
    world.takes_for_granted()


def test_another_story_of_the_same_topic_after_a_dismissal_is_an_incident_of_its_own(world: World) -> None:
    dismissed(world)
    world.post("つきみの工場で大量のカビが見つかったと従業員が話している。出荷は止まっていない")
    assert [room.incident.number for room in world.rooms] == [1, 2]
    world.people(*FIRST_RUNG).hear("警戒", "#2")


def test_s0_22_new_posts_within_after_care_reopen_a_closed_incident(world: World) -> None:
    stories.closed(world)
    world.passes(days=3)
    world.post()
    assert world.incident.status is IncidentStatus.REOPENED
    assert world.incident.generation == 2
    world.people(*FIRST_RUNG).hear("警戒", "#1")


def test_new_posts_after_the_end_of_after_care_are_a_new_incident(world: World) -> None:
    stories.closed(world)
    world.passes(days=31)
    world.takes_for_granted()
    world.post()
    assert [room.incident.number for room in world.rooms] == [1, 2]
    world.people(*FIRST_RUNG).hear("警戒", "#2")


def test_an_old_post_seen_again_does_not_reopen_what_was_closed(world: World) -> None:
    post = world.post()
    world.takes_for_granted()
    stories.closed(world)
    world.passes(days=1)
    world.post(id=post.id, published_at=post.published_at, reposts=4)
    assert world.room.incident.generation == 1
    world.is_quiet()


def test_a_reopened_incident_is_worked_through_to_a_second_report(world: World) -> None:
    stories.closed(world)
    world.passes(days=3)
    stories.closed(world)
    assert world.incident.generation == 2
    assert world.incident.status is IncidentStatus.CLOSED
    assert len(world.backstage.reports.files) == 2
