"""People confirm their addresses, show once a month that they can be reached, and enter their absences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hikeshi.domain.japan_time import JST
from hikeshi.domain.people import Channel
from hikeshi.services.people.contacts import duty_link_rows, verification_rows
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.world import World

FIRST_OF_JUNE = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
DESK = climbing(ladder(rung("desk", minutes=5)))


def asks_to_confirm(world: World, *people: str) -> None:
    """Let the desk ask people to confirm their addresses."""
    wanted = [world.configuration.roster.person(each) for each in people]
    world.backstage.outbox.add(verification_rows(wanted, ids=world.backstage.ids, at=world.now))
    world.agenda.settle()


def test_an_address_is_confirmed_by_the_number_in_the_message_that_reached_it() -> None:
    with World(DESK).begun() as world:
        asks_to_confirm(world, "nakano")
        world.nakano.mailbox.expects("連絡先の確認")
        sms = world.nakano.phone.expects("連絡先の確認")
        page = sms.opens()
        (form,) = page.page.forms
        page.presses(form.button)
        world.passes(minutes=1)
        world.post()
        world.nakano.phone.expects("警戒")
        world.nakano.mailbox.is_silent()


def test_a_machine_that_opens_the_link_confirms_nothing() -> None:
    with World(DESK).begun() as world:
        asks_to_confirm(world, "nakano")
        world.nakano.mailbox.expects("連絡先の確認")
        page = world.nakano.phone.expects("連絡先の確認").opens()
        (form,) = page.page.forms
        page.tries(form.button, check_number="")
        assert not world.backstage.directory.standings().verifications


def test_nobody_is_asked_twice_for_the_same_address() -> None:
    with World(DESK).begun() as world:
        asks_to_confirm(world, "nakano")
        asks_to_confirm(world, "nakano")
        world.nakano.hears("連絡先の確認")


def test_on_the_first_working_day_everybody_shows_that_they_can_be_reached() -> None:
    with World(DESK, starts=FIRST_OF_JUNE).begun() as world:
        world.runs("check_contacts")
        asked = list(world.carrier.arrived)
        assert {text.person for text in asked} == set(world.configuration.roster.people)
        for text in asked:
            if text.person == "sato" and text.channel is Channel.SMS:
                continue
            page = text.opens()
            (form,) = page.page.forms
            page.presses(form.button)
        world.takes_for_granted()
        world.passes(days=1)
        world.runs("check_contacts")
        world.nakano.mailbox.expects("佐藤 花子")


def test_a_contact_test_is_not_repeated_in_the_same_month() -> None:
    with World(DESK, starts=FIRST_OF_JUNE).begun() as world:
        world.runs("check_contacts")
        heard = len(world.carrier.arrived)
        world.runs("check_contacts")
        assert len(world.carrier.arrived) == heard
        world.takes_for_granted()


def test_a_number_that_opted_out_is_told_to_the_desk_and_not_tried_any_more() -> None:
    with World(DESK).begun() as world:
        world.backstage.opt_outs.refused.add(world.configuration.roster.person("sato").phone or "")
        world.runs("check_contacts")
        world.nakano.mailbox.expects("佐藤 花子")
        world.passes(minutes=1)
        world.post()
        world.nakano.hears("警戒")
        world.passes(minutes=5)
        world.takahashi.hears("警戒")


def test_an_absence_that_the_desk_enters_holds_from_the_next_minute_on() -> None:
    with World(climbing(ladder(rung("quality", minutes=5)))).begun() as world:
        nakano = world.configuration.roster.person("nakano")
        world.backstage.outbox.add(duty_link_rows(nakano, ids=world.backstage.ids, at=world.now))
        world.agenda.settle()
        world.nakano.mailbox.expects("当番と不在")
        page = world.nakano.phone.expects("当番と不在").opens()
        form = next(form for form in page.page.forms if form.name == "absences")
        here = world.now.astimezone(JST)
        since, until = (f"{here + timedelta(hours=hours):%Y-%m-%dT%H:%M}" for hours in (0, 8))
        page.presses(form.button, person="ito", since=since, until=until, deputy="")
        world.passes(minutes=1)
        world.post()
        world.yamamoto.hears("警戒")
        world.ito.is_silent()
