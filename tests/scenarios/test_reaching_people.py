"""How each person wants to be reached, and who is there at all: quiet hours, order, absences, duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.people import Channel, Way
from hikeshi.domain.quiet_hours import QuietHours
from hikeshi.domain.rotations import Absence, Rotation, ShiftOverride
from hikeshi.domain.standings import Departure, OptOut, Verification, address_digest
from tests.builders import NOON, a_person
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.stories import TAKE
from tests.scenarios.world import World

NIGHT = QuietHours(begins=time(22), ends=time(7))
ELEVEN_AT_NIGHT = datetime(2026, 5, 13, 14, 0, tzinfo=UTC)
TWO_STEPS = ladder(rung("desk", minutes=5), rung("lead", minutes=5))


def until_seven(world: World) -> timedelta:
    return datetime(2026, 5, 13, 22, 0, tzinfo=UTC) - world.now


# ---- quiet hours -------------------------------------------------------------------------------


def test_a_warning_that_would_reach_nobody_else_wakes_even_whoever_sleeps() -> None:
    sleeper = a_person("nakano", quiet=NIGHT)
    with World(climbing(TWO_STEPS, people=[sleeper]), starts=ELEVEN_AT_NIGHT).begun() as world:
        world.post()
        world.nakano.hears("警戒")


def test_a_warning_lets_the_sleeper_sleep_while_somebody_awake_is_paged_beside_them() -> None:
    steps = ladder(rung("desk", "lead", minutes=5), ack_expires_after=timedelta(days=1))
    sleeper = a_person("nakano", quiet=NIGHT)
    with World(climbing(steps, people=[sleeper]), starts=ELEVEN_AT_NIGHT).begun() as world:
        world.post()
        world.sato.hears("警戒")
        world.nakano.is_silent()
        world.sato.presses(TAKE)
        world.takes_for_granted()
        world.passes(hours=8, minutes=2)
        assert not any("【警戒】" in text.body for text in world.nakano.phone.texts)
        world.takes_for_granted()


def test_s0_6_what_is_critical_wakes_everybody() -> None:
    steps = ladder(rung("desk", "lead", minutes=5))
    sleeper = a_person("nakano", quiet=NIGHT)
    with World(climbing(steps, people=[sleeper]), starts=ELEVEN_AT_NIGHT).begun() as world:
        world.post(level="critical")
        world.people("nakano", "sato").hear("重大")


def test_a_page_held_for_a_sleeper_arrives_at_seven_if_nobody_has_taken_it_on() -> None:
    steps = ladder(rung("desk", "lead", minutes=600), rung("legal", minutes=600))
    sleeper = a_person("nakano", quiet=NIGHT)
    with World(climbing(steps, people=[sleeper]), starts=ELEVEN_AT_NIGHT).begun() as world:
        world.post()
        world.takes_for_granted()
        world.passes(seconds=until_seven(world).total_seconds() - 1)
        assert not world.nakano.phone.texts
        world.passes(minutes=1, seconds=1)
        assert any("警戒" in text.body for text in world.nakano.phone.texts)
        world.takes_for_granted()


def test_news_that_is_not_urgent_waits_for_the_morning() -> None:
    steps = ladder(rung("desk", "lead", minutes=5), ack_expires_after=timedelta(days=1))
    sleeper = a_person("nakano", quiet=NIGHT)
    starts = ELEVEN_AT_NIGHT - timedelta(hours=1, minutes=2)
    with World(climbing(steps, people=[sleeper]), starts=starts).begun() as world:
        world.post()
        world.people("nakano", "sato").hear("警戒")
        world.passes(minutes=4)
        world.sato.presses(TAKE)
        world.sato.hears("事実確認を始めました")
        world.nakano.is_silent()
        world.passes(hours=9)
        assert any("佐藤 花子さんが担当します" in text.body for text in world.nakano.phone.texts)
        world.takes_for_granted()


def test_a_rung_of_sleepers_alone_is_woken_whole_rather_than_not_at_all() -> None:
    sleepers = [a_person(each, quiet=NIGHT) for each in ("nakano", "sato")]
    steps = ladder(rung("desk", "lead", minutes=5))
    with World(climbing(steps, people=sleepers), starts=ELEVEN_AT_NIGHT).begun() as world:
        world.post()
        world.people("nakano", "sato").hear("警戒")


# ---- order and delays --------------------------------------------------------------------------


def test_somebody_who_wants_the_mail_first_gets_the_sms_only_after_their_delay() -> None:
    ways = (Way(channel=Channel.MAIL), Way(channel=Channel.SMS, delay=timedelta(minutes=3)))
    patient = a_person("nakano", urgent=ways)
    with World(climbing(TWO_STEPS, people=[patient])).begun() as world:
        world.post()
        world.nakano.mailbox.expects("警戒")
        world.passes(minutes=2, seconds=59)
        world.nakano.phone.is_silent()
        world.passes(minutes=1)
        world.nakano.phone.expects("警戒")


def test_somebody_who_wants_a_second_sms_gets_it_unless_somebody_has_taken_it_on() -> None:
    ways = (
        Way(channel=Channel.SMS),
        Way(channel=Channel.MAIL, delay=timedelta(minutes=3)),
        Way(channel=Channel.SMS, delay=timedelta(minutes=10)),
    )
    steps = ladder(rung("desk", "lead", minutes=30))
    with World(climbing(steps, people=[a_person("nakano", urgent=ways)])).begun() as world:
        world.post()
        world.nakano.phone.expects("警戒")
        world.sato.hears("警戒")
        world.passes(minutes=4)
        world.nakano.mailbox.expects("警戒")
        world.passes(minutes=5, seconds=59)
        world.is_quiet()
        world.passes(minutes=1, seconds=1)
        world.nakano.phone.expects("警戒").then_presses(TAKE)
        world.takes_for_granted()
    with World(climbing(steps, people=[a_person("nakano", urgent=ways)])).begun() as world:
        world.post()
        world.sato.presses(TAKE)
        world.takes_for_granted()
        world.passes(minutes=12)
        world.is_quiet()


@pytest.mark.parametrize("minutes", [5, 10])
def test_a_second_sms_is_not_sent_to_somebody_whom_the_next_call_has_reached(minutes: int) -> None:
    ways = (
        Way(channel=Channel.SMS),
        Way(channel=Channel.MAIL, delay=timedelta(minutes=3)),
        Way(channel=Channel.SMS, delay=timedelta(minutes=10)),
    )
    steps = ladder(rung("lead", minutes=minutes), repeats=2)
    with World(climbing(steps, people=[a_person("sato", urgent=ways)])).begun() as world:
        world.post(level="critical")
        for _ in range(3):
            world.sato.phone.expects("重大")
            world.sato.phone.is_silent()
            world.passes(minutes=minutes)
        world.takahashi.hears("重大")
        world.sato.phone.is_silent()
        world.passes(minutes=10 - minutes, seconds=30)
        world.sato.phone.expects("重大")
        for _ in range(3):
            world.sato.mailbox.expects("重大")
        world.passes(minutes=15)


def test_a_delayed_sms_is_not_sent_once_somebody_has_taken_it_on() -> None:
    ways = (Way(channel=Channel.MAIL), Way(channel=Channel.SMS, delay=timedelta(minutes=3)))
    patient = a_person("nakano", urgent=ways)
    with World(climbing(TWO_STEPS, people=[patient])).begun() as world:
        world.post()
        world.nakano.mailbox.expects("警戒").then_presses(TAKE)
        world.takes_for_granted()
        world.passes(minutes=6)
        assert not any("警戒" in text.body for text in world.nakano.phone.texts)
        world.takes_for_granted()


def test_urgent_and_ordinary_messages_go_where_each_was_wished() -> None:
    chooser = a_person("nakano", urgent=(Way(channel=Channel.SMS),), normal=(Way(channel=Channel.MAIL),))
    with World(climbing(ladder(rung("desk", "pr", minutes=5)), people=[chooser])).begun() as world:
        world.post()
        world.nakano.phone.expects("警戒")
        world.nakano.mailbox.is_silent()
        world.suzuki.hears("警戒").then_presses(TAKE)
        world.suzuki.hears("事実確認を始めました")
        world.nakano.mailbox.expects("鈴木 健さんが担当します")
        world.nakano.phone.is_silent()


# ---- confirmed and refused addresses -----------------------------------------------------------


def test_only_confirmed_addresses_are_used_once_there_is_one() -> None:
    with World(climbing(TWO_STEPS)).begun() as world:
        mail = address_digest("nakano@example.jp")
        world.backstage.directory.put(
            Verification(person_id="nakano", channel=Channel.MAIL, digest=mail, at=NOON)
        )
        world.passes(minutes=1)
        world.post()
        world.nakano.mailbox.expects("警戒")
        world.nakano.phone.is_silent()


def test_a_confirmation_of_an_older_number_confirms_nothing() -> None:
    with World(climbing(TWO_STEPS)).begun() as world:
        older = address_digest("+819000009999")
        world.backstage.directory.put(
            Verification(person_id="nakano", channel=Channel.SMS, digest=older, at=NOON)
        )
        world.passes(minutes=1)
        world.post()
        world.nakano.hears("警戒")


def test_a_number_known_to_have_opted_out_is_not_tried() -> None:
    with World(climbing(TWO_STEPS)).begun() as world:
        phone = address_digest(world.configuration.roster.person("nakano").phone or "")
        world.backstage.directory.put(OptOut(person_id="nakano", channel=Channel.SMS, digest=phone, at=NOON))
        world.passes(minutes=1)
        world.post()
        world.nakano.mailbox.expects("警戒")
        world.nakano.phone.is_silent()


# ---- absences, departures ----------------------------------------------------------------------


def an_absence(person: str, *, hours: float = 8, deputy: str | None = None) -> Absence:
    return Absence(
        id=f"absence-{person}",
        person_id=person,
        begins_at=NOON,
        ends_at=NOON + timedelta(hours=hours),
        made_at=NOON,
        made_by="nakano",
        deputy=deputy,
    )


def test_an_absence_sends_the_deputy_and_its_end_brings_the_person_back() -> None:
    with World(climbing(ladder(rung("quality", minutes=5)))).begun() as world:
        world.backstage.directory.put(an_absence("ito", hours=2))
        world.passes(minutes=1)
        world.post()
        world.yamamoto.hears("警戒")
        world.ito.is_silent()
        world.yamamoto.presses(TAKE)
        world.takes_for_granted()
        world.passes(hours=2)
        world.post(category="misconduct")
        world.ito.hears("警戒", "#2")
        world.takes_for_granted()


def test_an_absence_with_a_deputy_of_its_own_sends_that_one() -> None:
    with World(climbing(ladder(rung("quality", minutes=5)))).begun() as world:
        world.backstage.directory.put(an_absence("ito", deputy="suzuki"))
        world.passes(minutes=1)
        world.post()
        world.suzuki.hears("警戒")


def test_an_absence_that_would_leave_nobody_asks_the_absent_one_after_all() -> None:
    with World(climbing(ladder(rung("desk", minutes=5)))).begun() as world:
        world.backstage.directory.put(an_absence("nakano"))
        world.passes(minutes=1)
        world.post()
        world.nakano.hears("警戒")


def test_whoever_is_away_can_still_take_an_incident_on_from_their_link() -> None:
    with World(climbing(TWO_STEPS)).begun() as world:
        world.post()
        text = world.nakano.hears("警戒")
        world.backstage.directory.put(an_absence("nakano"))
        world.passes(minutes=1)
        text.then_presses(TAKE)
        assert world.incident.lead == "nakano"
        world.takes_for_granted()


def test_a_departure_takes_everything_away_within_a_minute() -> None:
    with World(climbing(TWO_STEPS)).begun() as world:
        world.post()
        text = world.nakano.hears("警戒")
        world.backstage.directory.put(Departure(person_id="nakano", at=world.now, by="sato"))
        world.passes(minutes=1)
        assert text.opens().status == 404
        world.passes(minutes=4)
        world.sato.hears("警戒")
        world.nakano.is_silent()


def test_a_directory_that_cannot_be_read_keeps_nobody_from_being_paged() -> None:
    with World(climbing(TWO_STEPS)).begun() as world:
        world.backstage.directory.down = True
        world.passes(minutes=2)
        world.post()
        world.nakano.hears("警戒")


# ---- rotations ---------------------------------------------------------------------------------

MONDAY_NINE = datetime(2026, 5, 11, 0, 0, tzinfo=UTC)
WEEKLY = Rotation(id="night", name="夜間当番", people=("suzuki", "tanaka", "kato"), starts_at=MONDAY_NINE)


def on_rotation(**changes: object) -> World:
    configuration = climbing(ladder(rung(minutes=5, rotations=("night",)), rung("lead", minutes=5)))
    rotation = replace(WEEKLY, **changes)  # type: ignore[arg-type]  # fields of Rotation
    roster = replace(configuration.roster, rotations={"night": rotation})
    return World(replace(configuration, roster=roster))


def test_the_person_on_call_is_paged_and_hands_over_on_monday_at_nine() -> None:
    with on_rotation().begun() as world:
        world.post()
        world.suzuki.hears("警戒", "#1").then_presses(TAKE)
        world.takes_for_granted()
        world.agenda.run_until(MONDAY_NINE + timedelta(days=7, seconds=-30))
        world.takes_for_granted()
        world.post(category="leak")
        world.suzuki.hears("警戒", "#2")
        world.passes(seconds=30)
        world.post(category="defect")
        world.tanaka.hears("警戒", "#3")
        world.takes_for_granted()


def test_an_override_puts_somebody_else_on_call_for_its_time_only() -> None:
    override = ShiftOverride(
        id="swap",
        rotation_id="night",
        person_id="yamada",
        begins_at=NOON,
        ends_at=NOON + timedelta(hours=1),
        made_at=NOON,
        made_by="nakano",
    )
    with on_rotation().begun() as world:
        world.backstage.directory.put(override)
        world.passes(minutes=1)
        world.post()
        world.yamada.hears("警戒", "#1").then_presses(TAKE)
        world.takes_for_granted()
        world.passes(hours=1)
        world.post(category="leak")
        world.suzuki.hears("警戒", "#2")
        world.takes_for_granted()


def test_somebody_on_call_who_is_away_is_followed_by_the_next_in_turn() -> None:
    with on_rotation().begun() as world:
        world.backstage.directory.put(an_absence("suzuki"))
        world.passes(minutes=1)
        world.post()
        world.tanaka.hears("警戒")


def test_a_rotation_fills_its_seat_alone() -> None:
    configuration = climbing(TWO_STEPS)
    rotation = replace(WEEKLY, role=Role.DESK.value)
    roster = replace(configuration.roster, rotations={"night": rotation})
    with World(replace(configuration, roster=roster)).begun() as world:
        world.post()
        world.suzuki.hears("警戒")
        world.nakano.is_silent()
