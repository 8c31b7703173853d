"""The same channel twice in a person's order: an SMS now, a mail after three minutes, an SMS after ten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from hikeshi.domain.caps import DEFAULT_CAPS
from hikeshi.domain.chats import Chat, ChatKind
from hikeshi.domain.japan_time import JST
from hikeshi.domain.outbox import Message, OutboxRow, OutboxState
from hikeshi.domain.people import Channel, Person, Way
from hikeshi.domain.quiet_hours import QuietHours
from hikeshi.services.messages.chat_posts import posts_of
from hikeshi.services.messages.dispatch import Outcome
from hikeshi.services.messages.notices import Notice, notice_rows
from tests.builders import (
    NOON,
    a_decision,
    a_message,
    a_message_row,
    a_person,
    a_room,
    a_roster,
    a_slot,
    an_incident,
)
from tests.fakes.crashing import CrashError, CrashPlan
from tests.fakes.environment import SequenceIds
from tests.fakes.messaging import InMemoryOutbox
from tests.unit.notify.office import Office

AT = NOON + timedelta(minutes=1)
TEN = timedelta(minutes=10)
NOW = Way(channel=Channel.SMS)
TWICE = (NOW, Way(channel=Channel.MAIL, delay=timedelta(minutes=3)), Way(channel=Channel.SMS, delay=TEN))
AGAIN = Way(channel=Channel.SMS, delay=TEN)
INCIDENT = an_incident()
CHAT = Chat(name="ops", kind=ChatKind.SLACK, secret="hikeshi/chat/ops")


def told(person: Person, *, moment: str = "page") -> tuple[OutboxRow, ...]:
    notice = Notice(cause="cause", moment=moment, cancel_when_decided=INCIDENT.question, step="1/warning/0")
    return notice_rows(INCIDENT, (person,), notice, ids=SequenceIds(), at=AT)


def ids(rows: Iterable[OutboxRow]) -> list[str]:
    return [row.id for row in rows]


class Twice(Office):
    """The office, with 中野 who is paged twice by SMS; the caps are the caller's matter."""

    def __init__(self, *ways: Way, **changes: Any) -> None:
        super().__init__()
        self.configured = replace(self.configured, caps=())
        self.person = a_person("nakano", urgent=ways or TWICE, **changes)
        self.roster = a_roster(people={"nakano": self.person})
        self.rows = told(self.person)
        self.outbox.add(self.rows)
        self.clock.set(AT)

    def passes(self, minutes: float, **ports: Any) -> None:
        """Let time pass in steps of fifteen seconds, and sweep in each."""
        for _ in range(round(minutes * 4)):
            self.sweep(**ports)
            self.clock.advance(seconds=15)

    def heard(self) -> list[str]:
        return [each.channel.value for each in self.sender.delivered]


# ---- the rows ---------------------------------------------------------------------------------------


def test_each_way_has_a_row_of_its_own_and_single_ways_keep_their_ids() -> None:
    rows = told(a_person("nakano", urgent=TWICE))
    assert ids(rows) == ["cause/nakano/sms", "cause/nakano/mail", "cause/nakano/sms-2"]
    assert [row.due_at - AT for row in rows] == [timedelta(), timedelta(minutes=3), TEN]


def test_both_texts_carry_the_same_link_and_number() -> None:
    first, _, again = (row.body for row in told(a_person("nakano", urgent=TWICE)))
    assert isinstance(again, Message)
    assert replace(again, nth=1) == first


@pytest.mark.parametrize("moment", ["page", "acknowledged"])
def test_no_two_rows_ever_have_one_id(moment: str) -> None:
    person = a_person("nakano", urgent=TWICE, normal=(NOW, AGAIN, replace(AGAIN, delay=TEN * 2)))
    rows = told(person, moment=moment)
    assert len(set(ids(rows))) == len(rows)
    assert ids(rows)[-1] == "cause/nakano/sms-2"


def test_what_would_come_at_the_same_moment_is_one_message() -> None:
    assert ids(told(a_person("nakano", urgent=(NOW, NOW)))) == ["cause/nakano/sms"]


def test_what_quiet_hours_hold_to_one_moment_is_one_message() -> None:
    ends = AT + timedelta(hours=8)
    quiet = QuietHours(begins=_on_the_clock(AT - TEN), ends=_on_the_clock(ends))
    person = a_person("nakano", normal=(NOW, AGAIN), quiet=quiet)
    (row,) = told(person, moment="acknowledged")
    assert (row.id, row.due_at) == ("cause/nakano/sms", ends)


def test_the_first_in_time_has_the_plain_id_wherever_it_stands() -> None:
    rows = told(a_person("nakano", urgent=(AGAIN, NOW)))
    assert {row.id: row.due_at for row in rows} == {
        "cause/nakano/sms": AT,
        "cause/nakano/sms-2": AT + TEN,
    }


def test_a_room_of_a_chat_hears_of_both_once() -> None:
    posts = posts_of(told(a_person("nakano", urgent=TWICE)), (CHAT,))
    assert len({post.id for post in posts}) == 1


# ---- what is sent -------------------------------------------------------------------------------------


def test_whoever_does_not_answer_hears_three_times() -> None:
    office = Twice()
    office.passes(9)
    assert office.heard() == ["sms", "mail"]
    office.passes(30)
    assert office.heard() == ["sms", "mail", "sms"]


def test_an_answer_cancels_what_is_still_to_come() -> None:
    office = Twice()
    office.passes(1)
    office.incidents.put(a_room(slots=(a_slot(decision=a_decision()),)))
    office.passes(30)
    assert office.heard() == ["sms"]
    assert office.stored("cause/nakano/sms-2").state is OutboxState.CANCELLED


def test_a_first_sms_that_needed_both_its_sends_leaves_none_for_the_second() -> None:
    office = Twice()
    office.sender.failures = 1
    office.passes(30)
    assert office.heard() == ["sms", "mail"]
    assert office.stored("cause/nakano/sms-2").last_error == "sent 2 times already"


def test_the_second_is_sent_once_whatever_becomes_of_it() -> None:
    office = Twice()
    office.passes(9)
    office.sender.failures = 1
    office.passes(30)
    assert office.heard() == ["sms", "mail"]
    assert office.stored("cause/nakano/sms-2").state is OutboxState.FAILED
    assert office.incidents.kinds(INCIDENT.id) == []


def test_a_number_that_takes_nothing_is_not_tried_again_and_the_record_says_so_at_once() -> None:
    office = Twice(NOW, AGAIN, mail=None)
    office.sender.refused.add(str(office.person.phone))
    office.passes(1)
    assert "message_failed" in office.incidents.kinds(INCIDENT.id)
    office.passes(30)
    assert office.incidents.kinds(INCIDENT.id).count("message_failed") == 1
    assert office.stored("cause/nakano/sms-2").state is OutboxState.CANCELLED


def test_a_number_that_takes_nothing_leads_to_the_mail_once() -> None:
    office = Twice(NOW, AGAIN)
    office.sender.refused.add(str(office.person.phone))
    office.passes(30)
    assert office.heard() == ["mail"]
    assert office.incidents.kinds(INCIDENT.id) == []


def test_a_mail_that_fails_after_the_first_sms_wakes_nobody_else() -> None:
    office = Twice()
    office.sender.refused.add(str(office.person.mail))
    office.passes(30)
    assert office.heard() == ["sms", "sms"]
    assert office.incidents.kinds(INCIDENT.id) == []


# ---- called again in between ---------------------------------------------------------------------------


def called_again(office: Twice, *, created_at: datetime, state: OutboxState, **body: Any) -> None:
    """Let 中野 be called by SMS after the page, a text that has come or comes."""
    made = replace(a_message(person_id="nakano", moment="page"), **body)
    row = a_message_row(id="again", body=made, created_at=created_at, due_at=created_at)
    office.add(replace(row, state=state))


@pytest.mark.parametrize("moment", ["page", "called_in", "roll_call", "level_raised", "peril"])
@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.BUNDLED, OutboxState.CLAIMED])
def test_the_second_is_not_used_when_a_newer_call_went_out_or_goes(moment: str, state: OutboxState) -> None:
    office = Twice()
    office.passes(9)
    called_again(office, created_at=AT + timedelta(minutes=5), state=state, moment=moment)
    office.clock.set(AT + TEN)
    office.sweep()
    assert office.stored("cause/nakano/sms-2").last_error == "called again since"


@pytest.mark.parametrize(
    ("changes", "minutes", "state"),
    [
        ({}, 0, OutboxState.SENT),
        ({}, 5, OutboxState.FAILED),
        ({}, 5, OutboxState.CANCELLED),
        ({}, 12, OutboxState.PENDING),
        ({"channel": Channel.MAIL}, 5, OutboxState.SENT),
        ({"person_id": "ito"}, 5, OutboxState.SENT),
        ({"moment": "status"}, 5, OutboxState.SENT),
        ({"generation": 2}, 5, OutboxState.SENT),
        ({"incident_id": "inc-7", "incident_number": 7}, 5, OutboxState.SENT),
    ],
    ids=[
        "no newer",
        "failed",
        "cancelled",
        "comes later",
        "by mail",
        "somebody else",
        "not a call",
        "reopened",
        "another incident",
    ],
)
def test_the_second_is_used_when_nothing_newer_calls_them_on_that_channel(
    changes: dict[str, Any], minutes: int, state: OutboxState
) -> None:
    office = Twice()
    office.passes(9)
    called_again(office, created_at=AT + timedelta(minutes=minutes), state=state, **changes)
    office.clock.set(AT + TEN)
    office.sweep()
    assert office.stored("cause/nakano/sms-2").state is OutboxState.SENT


def test_whoever_has_no_second_way_costs_no_look_at_what_else_went_out() -> None:
    class Unasked(InMemoryOutbox):
        def about(self, incident_id: str | None, *, limit: int = 500) -> Sequence[OutboxRow]:
            raise AssertionError(incident_id)

    office = Twice(NOW, Way(channel=Channel.MAIL, delay=timedelta(minutes=3)))
    office.passes(30, outbox=Unasked(office.outbox.rows))
    assert office.heard() == ["sms", "mail"]


# ---- caps ---------------------------------------------------------------------------------------------


def test_the_second_takes_its_place_under_the_caps() -> None:
    office = Twice()
    office.configured = replace(office.configured, caps=DEFAULT_CAPS)
    office.passes(30)
    log = office.logs.log("nakano", Channel.SMS)
    assert [sending.row_id for sending in log.sendings] == ["cause/nakano/sms", "cause/nakano/sms-2"]


def test_a_first_one_that_waited_until_the_second_was_due_is_all_that_goes() -> None:
    office = Twice(NOW, AGAIN)
    office.configured = replace(office.configured, caps=DEFAULT_CAPS)
    for minutes in range(5):
        log = office.logs.log("nakano", Channel.SMS)
        when = AT - timedelta(minutes=4 - minutes, seconds=1)
        assert office.logs.save(log.counted(f"other-{minutes}", (), caps=DEFAULT_CAPS, at=when))
    office.passes(30)
    assert len(office.sender.delivered) == 1
    assert office.stored("cause/nakano/sms-2").state is OutboxState.CANCELLED


def test_the_second_never_travels_in_another_text() -> None:
    office = Twice(NOW, AGAIN)
    office.passes(1)
    office.clock.set(AT + TEN)
    office.incident(7)
    waited = office.row(7, moment="page")
    office.outbox.rows[waited.id] = replace(waited, waited=True)
    assert office.dispatch(office.stored(waited.id)) is Outcome.SENT
    assert office.stored("cause/nakano/sms-2").state is OutboxState.PENDING


# ---- whatever dies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [True, False])
def test_no_death_at_any_moment_sends_more_than_two_sms_or_misses_the_person(first: bool) -> None:
    moment, died = 0, True
    while died:
        moment += 1
        office = Twice()
        if not first:
            office.passes(9)
        plan = CrashPlan(at=moment)
        ports = {"outbox": plan.around(office.outbox), "sender": plan.around(office.sender)}
        died = _dies(office, ports)
        office.clock.advance(minutes=1)
        office.passes(30)
        assert 1 <= office.heard().count("sms") <= 2
        assert "mail" in office.heard()
        assert not [row for row in office.outbox.rows.values() if row.is_due]
    assert moment > 10


def _dies(office: Twice, ports: dict[str, Any]) -> bool:
    try:
        office.passes(12, **ports)
    except CrashError:
        return True
    return False


def _on_the_clock(moment: datetime) -> time:
    return moment.astimezone(JST).time()
