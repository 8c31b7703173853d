"""Nobody answers a question: it is asked again, and again, and never given up."""

from __future__ import annotations

from tests.scenarios import stories
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import CALM, TAKE
from tests.scenarios.world import World


def test_nobody_taking_it_on_for_an_hour_reminds_everybody_who_was_paged_and_the_last_resort() -> None:
    steps = ladder(rung("desk", minutes=5), rung("lead", minutes=5))
    with World(climbing(steps)).begun() as world:
        world.post()
        world.passes(minutes=59)
        world.takes_for_granted()
        world.passes(minutes=1)
        world.people("nakano", "sato", "takahashi").hear("担当の決定", "#1")
        world.passes(minutes=59, seconds=59)
        world.is_quiet()
        world.passes(seconds=1)
        world.people("nakano", "sato", "takahashi").hear("担当の決定", "#1")


def test_a_reminder_carries_a_link_that_still_takes_the_incident_on(world: World) -> None:
    world.post()
    world.passes(hours=1)
    world.takahashi.phone.texts[-1].says("担当の決定").then_presses(TAKE)
    assert world.incident.lead == "takahashi"
    world.takes_for_granted()


def test_taking_it_on_ends_the_reminders(world: World) -> None:
    world.post()
    world.passes(minutes=50)
    world.tanaka.presses(TAKE)
    world.takes_for_granted()
    world.passes(minutes=70)
    assert not [t for t in world.carrier.arrived if "担当の決定" in t.body]


def test_the_lead_is_reminded_of_the_facts_in_the_rhythm_of_that_question(world: World) -> None:
    stories.taken_on(world)
    world.passes(hours=3, minutes=59, seconds=59)
    quiet_until = len(world.carrier.arrived)
    world.passes(days=2)
    reminders = [text for text in world.carrier.arrived[quiet_until:] if "事実確認の回答待ち" in text.body]
    assert {text.person for text in reminders} >= {"sato"}
    world.takes_for_granted()


def test_a_calm_that_nobody_declares_is_asked_for_every_day(world: World) -> None:
    stories.responded(world)
    world.passes(hours=23, minutes=59)
    world.takes_for_granted()
    world.passes(minutes=1)
    world.sato.hears("沈静化", "#1")
    world.passes(hours=24)
    world.sato.hears("沈静化", "#1")
    world.sato.presses(CALM, basis="一日、新しい投稿がありません")
    world.takes_for_granted()


def test_a_report_that_nobody_signs_is_asked_for_of_all_who_may(world: World) -> None:
    stories.reported(world)
    world.passes(days=2, hours=23, minutes=59)
    world.takes_for_granted()
    world.passes(minutes=1)
    world.people("sato", "suzuki", "tanaka").hear("報告書の承認", "#1")


def test_an_incident_left_alone_for_ten_days_still_asks(world: World) -> None:
    stories.taken_on(world)
    world.passes(days=10)
    latest = max(text.at for text in world.carrier.arrived)
    assert (world.now - latest).total_seconds() < 24 * 3600
    world.takes_for_granted()
