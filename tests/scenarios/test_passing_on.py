"""Whoever has an incident leaves or goes away: it goes on at once, and nobody asks into an empty room."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hikeshi.adapters.roster_document import CONFIGURED_AT, CONFIGURED_BY
from hikeshi.domain.assessment import Category
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.people import Channel
from hikeshi.domain.rotations import Absence
from hikeshi.domain.standings import Departure
from tests.builders import a_person
from tests.scenarios.failing import ProcessDied
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import TAKE
from tests.scenarios.world import World

TWO_STEPS = ladder(rung("desk", minutes=5), rung("lead", minutes=5))
LONG = ladder(rung("desk", minutes=5), rung("lead", minutes=5), ack_expires_after=timedelta(days=3))


def leaves(world: World, person: str) -> None:
    world.backstage.directory.put(Departure(person_id=person, at=world.now, by="ueda"))
    world.passes(minutes=1, seconds=30)


def goes_away(
    world: World,
    person: str,
    *,
    deputy: str | None = None,
    days: float = 3,
    wait: timedelta = timedelta(minutes=1, seconds=30),
) -> None:
    world.backstage.directory.put(
        Absence(
            id=f"away-{person}-{world.now.isoformat()}",
            person_id=person,
            begins_at=world.now,
            ends_at=world.now + timedelta(days=days),
            made_at=world.now,
            made_by="ueda",
            deputy=deputy,
        )
    )
    world.passes(seconds=wait.total_seconds())


def dies_once_over_a_failure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process that first notes a message which came to nothing die over it."""
    commit, deaths = world.cloud.incidents.commit, iter([True])

    def dying(change: RoomChange) -> Room:
        if any(event.kind == "message_failed" for event in change.events) and next(deaths, False):
            raise ProcessDied("commit")
        return commit(change)

    monkeypatch.setattr(world.cloud.incidents, "commit", dying)


# ---- leaving -----------------------------------------------------------------------------------


def test_when_whoever_has_it_leaves_the_next_round_begins_at_once() -> None:
    steps = ladder(rung("lead", "executive", minutes=5), rung("legal", minutes=5))
    with World(climbing(TWO_STEPS, critical=steps)).begun() as world:
        world.post(level="critical")
        world.sato.hears("重大").then_presses(TAKE)
        world.takes_for_granted()
        leaves(world, "sato")
        assert (world.incident.lead, world.incident.round) == (None, 2)
        world.takahashi.hears("重大")
        assert "担当の方が離れたため" in world.takahashi.mailbox.texts[-1].body
        world.passes(minutes=5)
        world.tanaka.hears("重大").then_presses(TAKE)
        assert world.incident.lead == "tanaka"
        assert [entry.event.details for entry in world.happened("lead_left")] == [{"lead": "sato"}]
        world.takes_for_granted()


def test_somebody_struck_from_the_roster_has_left_too() -> None:
    with World(climbing(TWO_STEPS)).begun() as world:
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        roster = world.configuration.roster
        people = {name: person for name, person in roster.people.items() if name != "nakano"}
        world.publishes(replace(world.configuration, roster=replace(roster, people=people)))
        world.passes(minutes=1)
        world.sato.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()


# ---- going away --------------------------------------------------------------------------------


def test_the_deputy_hears_at_once_that_it_is_theirs_and_is_the_one_who_is_reminded() -> None:
    with World(climbing(LONG)).begun() as world:
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        goes_away(world, "nakano", deputy="tanaka")
        world.tanaka.hears("担当交代：中野 葵さん不在")
        assert world.incident.lead == "tanaka"
        before = len(world.nakano.phone.texts)
        world.passes(hours=5)
        assert any("事実確認" in text.body for text in world.tanaka.phone.texts[1:])
        assert len(world.nakano.phone.texts) == before
        world.takes_for_granted()


def test_without_a_deputy_it_stays_with_whoever_is_away() -> None:
    with World(climbing(LONG)).begun() as world:
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        goes_away(world, "nakano")
        assert world.incident.lead == "nakano"
        world.is_quiet()


def test_whoever_takes_it_on_from_their_holiday_has_it() -> None:
    with World(climbing(LONG, people=[a_person("nakano", deputy="tanaka")])).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        goes_away(world, "nakano")
        world.nakano.presses(TAKE)
        world.passes(minutes=3)
        assert world.incident.lead == "nakano"
        world.takes_for_granted()


def test_somebody_whom_the_roster_marks_absent_for_the_day_after_they_took_it_on_is_followed() -> None:
    with World(climbing(LONG)).begun() as world:
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        roster = world.configuration.roster
        day = Absence(
            id="absence-0",
            person_id="nakano",
            begins_at=world.now.replace(hour=0),
            ends_at=world.now + timedelta(days=2),
            made_at=CONFIGURED_AT,
            made_by=CONFIGURED_BY,
            deputy="tanaka",
        )
        world.publishes(replace(world.configuration, roster=replace(roster, absences=(day,))))
        world.passes(minutes=1)
        world.tanaka.hears("担当交代：中野 葵さん不在")
        assert world.incident.lead == "tanaka"


def test_after_a_lapse_the_deputy_is_called_and_not_whoever_is_away_beside_them() -> None:
    steps = ladder(rung("legal", minutes=5), rung("hr", minutes=5), ack_expires_after=timedelta(minutes=30))
    with World(climbing(steps)).begun() as world:
        world.post()
        world.tanaka.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        goes_away(world, "tanaka", deputy="kato")
        world.kato.hears("担当交代：田中 翠さん不在")
        before = len(world.tanaka.phone.texts)
        world.passes(minutes=32)
        assert world.happened("acknowledgement_expired")
        world.kato.hears("警戒")
        assert len(world.tanaka.phone.texts) == before
        world.takes_for_granted()


def test_a_deputy_who_cannot_be_reached_after_all_makes_the_next_round_begin() -> None:
    with World(climbing(LONG)).begun() as world:
        for channel in Channel:
            world.never_delivers(channel, to="tanaka")
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        goes_away(world, "nakano", deputy="tanaka")
        assert (world.incident.lead, world.incident.round) == (None, 2)
        world.passes(minutes=6)
        world.sato.hears("警戒").then_presses(TAKE)
        for channel in Channel:
            world.gave_up("tanaka", channel)
        world.takes_for_granted()


def test_a_deputy_who_cannot_be_reached_does_not_keep_it_because_the_level_rises() -> None:
    steps = ladder(rung("desk", "executive", minutes=5), rung("lead", minutes=5))
    with World(climbing(LONG, critical=steps)).begun() as world:
        for channel in Channel:
            world.breaks(f"{channel.value} to tanaka")
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        goes_away(world, "nakano", deputy="tanaka", wait=timedelta(minutes=1, seconds=20))
        assert [entry.event.details["lead"] for entry in world.happened("passed_on")] == ["tanaka"]
        world.post(level="critical")
        world.people("nakano", "takahashi").hear("重大", "警戒から")
        world.passes(minutes=2)
        assert (world.incident.lead, world.incident.round) == (None, 2)
        world.takahashi.hears("重大").then_presses(TAKE)
        assert world.incident.lead == "takahashi"
        for channel in Channel:
            world.gave_up("tanaka", channel)
        world.takes_for_granted()


def test_a_sender_that_dies_before_it_notes_a_deputy_who_never_heard_leaves_it_to_the_audit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with World(climbing(LONG)).begun() as world:
        for channel in Channel:
            world.never_delivers(channel, to="tanaka")
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        dies_once_over_a_failure(world, monkeypatch)
        goes_away(world, "nakano", deputy="tanaka")
        assert [entry.event.details["lead"] for entry in world.happened("passed_on")] == ["tanaka"]
        world.passes(minutes=3)
        assert (world.incident.lead, world.incident.round) == (None, 2)
        world.sato.hears("警戒").then_presses(TAKE)
        kinds = [entry.event.kind for entry in world.timeline]
        since = kinds.index("passed_on")
        assert kinds[since : since + 3] == ["passed_on", "message_failed", "lead_left"]
        for channel in Channel:
            world.gave_up("tanaka", channel)
        world.takes_for_granted()


def test_it_goes_past_a_deputy_who_may_not_know_to_the_next_who_may() -> None:
    with World(climbing(LONG, people=[a_person("suzuki", deputy="kato")])).begun() as world:
        world.post(category=Category.HARASSMENT)
        world.sato.hears("関係者限りの案件").then_presses(TAKE)
        world.takes_for_granted()
        goes_away(world, "sato", deputy="suzuki")
        world.kato.hears("担当交代")
        assert world.incident.lead == "kato"


def test_whoever_took_it_on_from_one_absence_is_followed_in_the_next() -> None:
    company = climbing(ladder(rung("desk", minutes=5), ack_expires_after=timedelta(days=7)))
    with World(company).begun() as world:
        world.post()
        world.nakano.hears("警戒")
        goes_away(world, "nakano", days=0.2)
        world.nakano.presses(TAKE)
        world.passes(days=1)
        assert world.incident.lead == "nakano"
        world.takes_for_granted()
        goes_away(world, "nakano", deputy="tanaka")
        world.tanaka.hears("担当交代：中野 葵さん不在")
        assert world.incident.lead == "tanaka"


def test_the_deputy_can_hand_it_back_within_ten_minutes() -> None:
    with World(climbing(LONG)).begun() as world:
        world.post()
        world.nakano.hears("警戒").then_presses(TAKE)
        world.takes_for_granted()
        goes_away(world, "nakano", deputy="tanaka")
        world.tanaka.hears("担当交代").then_presses("担当を取り消す")
        assert (world.incident.lead, world.incident.round) == (None, 2)
        world.takes_for_granted()
