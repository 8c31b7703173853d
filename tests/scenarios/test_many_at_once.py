"""Several alerts that are one incident, several incidents for one person, and storms."""

from __future__ import annotations

from hikeshi.domain.assessment import Level
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import DISMISS, TAKE
from tests.scenarios.world import World

FIRST_RUNG = ("nakano", "ito", "watanabe", "suzuki")
OTHERS = (
    "つきみのようかんに髪の毛が入っていました。包装の中です",
    "つきみの工場で大量のカビが見つかったと従業員が話している",
    "子どもがつきみのゼリーを食べたら硬い金属片が出てきて怖かった",
)


def test_several_alerts_of_one_topic_are_one_incident_and_one_page(world: World) -> None:
    world.post()
    world.people(*FIRST_RUNG).hear("警戒", "#1")
    for text in OTHERS:
        world.passes(minutes=1)
        world.post(text)
    assert len(world.incident.alerts) == 4
    world.is_quiet()


def test_what_joins_after_it_was_taken_on_reaches_the_room_and_wakes_nobody(world: World) -> None:
    world.post()
    world.ito.presses(TAKE)
    world.takes_for_granted()
    world.post(OTHERS[0])
    world.is_quiet()
    world.ito.latest.opens().says("投稿2件")


def test_two_topics_of_one_brand_are_two_incidents(world: World) -> None:
    world.post(category="contamination")
    world.post(category="leak")
    world.people("nakano", "suzuki", "watanabe").hear("警戒", "#1")
    world.people("nakano", "suzuki", "watanabe").hear("警戒", "#2")
    world.ito.hears("警戒", "#1")
    world.ito.is_silent()


def test_taking_on_one_of_two_incidents_leaves_the_other_climbing() -> None:
    steps = ladder(rung("desk", minutes=5), rung("lead", minutes=5))
    with World(climbing(steps)).begun() as world:
        world.post(category="contamination")
        first = world.nakano.hears("警戒", "#1")
        world.post(category="leak")
        world.nakano.hears("警戒", "#2")
        first.then_presses(TAKE)
        world.nakano.hears("事実確認を始めました", "#1")
        world.passes(minutes=5)
        world.sato.hears("警戒", "#2")


def test_each_incident_is_closed_from_its_own_link(world: World) -> None:
    world.post(category="contamination")
    first = world.nakano.hears("警戒", "#1")
    world.post(category="leak")
    second = world.nakano.hears("警戒", "#2")
    second.then_presses(DISMISS, reason="別の会社の名簿でした")
    first.then_presses(TAKE)
    assert [room.incident.status for room in world.rooms] == ["fact_finding", "dismissed"]
    world.takes_for_granted()


def test_a_storm_of_the_same_post_is_one_incident_that_rises_once(world: World) -> None:
    for _ in range(40):
        world.post()
        world.passes(seconds=5)
    assert world.incident.level is Level.CRITICAL
    assert world.incident.spread.posts == 40
    assert len(world.happened("level_raised")) == 1
    sms = [text for text in world.carrier.arrived if text.channel == "sms"]
    assert max(sum(1 for text in sms if text.person == person) for person in FIRST_RUNG) <= 3
    world.takes_for_granted()


def test_the_same_post_found_again_and_again_changes_nothing(world: World) -> None:
    post = world.post()
    world.people(*FIRST_RUNG).hear("警戒")
    version = world.incident.version
    for _ in range(10):
        world.passes(seconds=20)
        world.post(id=post.id, published_at=post.published_at)
    assert world.incident.version == version
    world.is_quiet()


def test_a_post_in_two_feeds_wakes_people_once(world: World) -> None:
    world.post(reposts=0)
    world.people(*FIRST_RUNG).hear("警戒")
    world.post(reposts=0, source="keijiban")
    assert len(world.rooms) == 1
    world.is_quiet()


def test_a_critical_page_overtakes_warnings_that_wait_with_it(world: World) -> None:
    world.loses_the_stream()
    world.post(category="leak")
    world.post(level="critical", category="contamination")
    world.passes(minutes=2)
    order = [text.body[:4] for text in world.carrier.arrived if text.channel == "sms"]
    assert set(order) >= {"【重大】", "【警戒】"}
    assert order == sorted(order, key=lambda head: head != "【重大】")
    world.takes_for_granted()
