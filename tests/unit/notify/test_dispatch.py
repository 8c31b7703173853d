from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.errors import DeliveryError
from hikeshi.domain.incidents import Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import LAST_MAIL_ATTEMPTS, LEASE, MAX_ATTEMPTS, OutboxRow, OutboxState
from hikeshi.domain.people import Channel, Person
from hikeshi.services.messages.dispatch import Outcome, most_urgent_first
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.messages.sweep import sweep
from tests.builders import (
    NOON,
    a_decision,
    a_message,
    a_message_row,
    a_person,
    a_room,
    a_roster,
    a_slot,
    a_workflow_row,
    an_incident,
)
from tests.unit.notify.office import SMS, Office

FALLBACK_ID = SMS.id + "/fallback"


def test_a_row_is_sent_once_and_says_so() -> None:
    office = Office()
    assert office.dispatch() is Outcome.SENT
    (delivery,) = office.sender.delivered
    assert (delivery.person_id, delivery.channel, delivery.urgent) == ("nakano", Channel.SMS, True)
    stored = office.stored()
    assert (stored.state, stored.attempts, stored.parts) == (OutboxState.SENT, 1, 1)
    assert stored.provider_id == "message-1"


def test_the_token_of_the_link_is_not_kept() -> None:
    office = Office()
    office.dispatch()
    token = office.sender.delivered[0].text.rsplit("/", 1)[1]
    assert len(token) == 22
    assert token not in repr(office.outbox.rows)
    assert office.stored().sent_text.endswith("https://r.exmp.jp/…")


def test_a_sent_row_is_not_sent_again() -> None:
    office = Office()
    office.dispatch()
    office.clock.advance(hours=1)
    assert office.dispatch() is Outcome.SKIPPED
    assert len(office.sender.delivered) == 1


def test_a_row_held_by_another_dispatcher_is_left_alone() -> None:
    office = Office()
    office.add()
    office.outbox.claim(SMS, by="another", at=office.clock.now())
    assert office.dispatch() is Outcome.SKIPPED
    assert office.sender.delivered == []


def test_an_order_to_the_workflow_is_not_a_message() -> None:
    office = Office()
    assert office.dispatch(a_workflow_row()) is Outcome.SKIPPED


def test_a_page_is_cancelled_once_somebody_has_taken_it() -> None:
    office = Office()
    office.incidents.put(a_room(slots=(a_slot(Slot.TRIAGE, decision=a_decision()),)))
    assert office.dispatch() is Outcome.CANCELLED
    assert office.stored().last_error == "triage was decided"
    assert office.sender.delivered == []


@pytest.mark.parametrize("status", [IncidentStatus.CLOSED, IncidentStatus.DISMISSED, IncidentStatus.MERGED])
def test_a_page_of_a_finished_incident_is_cancelled_and_its_last_word_is_not(status: IncidentStatus) -> None:
    office = Office()
    office.incidents.put(a_room(incident=an_incident(status=status)))
    assert office.dispatch() is Outcome.CANCELLED
    word = a_message_row(id="word", body=a_message(moment="closed", cancel_when_decided=None))
    assert office.dispatch(word) is Outcome.SENT


def test_what_was_caused_after_the_end_goes_out_although_the_incident_is_over() -> None:
    office = Office()
    closed = an_incident(status=IncidentStatus.CLOSED)
    office.incidents.put(a_room(incident=closed))
    notice = Notice(cause="inc/due", moment="due", params={"news_key": "news.care_check"})
    late, early = (
        notice_rows(each, [a_person()], notice, ids=office.ids, at=NOON)[0]
        for each in (closed, an_incident())
    )
    assert office.dispatch(late) is Outcome.SENT
    assert office.dispatch(replace(early, id="early")) is Outcome.CANCELLED


def test_a_message_of_an_earlier_generation_is_cancelled() -> None:
    office = Office()
    office.incidents.put(a_room(incident=an_incident(generation=2)))
    assert office.dispatch() is Outcome.CANCELLED


def test_a_message_to_somebody_who_left_is_cancelled() -> None:
    office = Office()
    office.roster = a_roster(people={"nakano": a_person("nakano", active=False)})
    assert office.dispatch() is Outcome.CANCELLED


def test_a_message_about_no_incident_carries_no_link() -> None:
    office = Office()
    body = a_message(moment="source_silent", incident_number=0, params={"source": "口コミ広場"})
    assert office.dispatch(replace(SMS, body=body)) is Outcome.SENT
    assert "http" not in office.sender.delivered[0].text


def test_the_address_is_looked_up_when_the_message_is_sent() -> None:
    office = Office()
    office.roster = a_roster(people={"nakano": a_person("nakano", phone=None)})
    assert office.dispatch() is Outcome.FAILED
    office.sweep_until_quiet()
    assert [each.channel for each in office.sender.delivered] == [Channel.MAIL]


def test_a_provider_that_is_down_for_a_moment_is_asked_again() -> None:
    office = Office()
    office.sender.failures = 1
    assert office.dispatch() is Outcome.POSTPONED
    office.sweep_until_quiet()
    assert [each.channel for each in office.sender.delivered] == [Channel.SMS]
    assert office.stored().attempts == 2


def test_after_two_failures_the_person_gets_a_mail_with_the_same_link_and_number() -> None:
    office = Office()
    office.sender.failures = MAX_ATTEMPTS
    office.dispatch()
    office.sweep_until_quiet()
    assert office.stored().state is OutboxState.FAILED
    (mail,) = office.sender.delivered
    assert mail.channel is Channel.MAIL
    assert "確認番号 47" in mail.text
    assert len(office.links.grants) == 1
    assert office.incidents.kinds(an_incident().id) == []


def test_a_mail_that_is_the_last_way_is_tried_four_times() -> None:
    office = Office()
    office.sender.failures = MAX_ATTEMPTS + LAST_MAIL_ATTEMPTS - 1
    office.dispatch()
    office.sweep_until_quiet()
    assert [each.channel for each in office.sender.delivered] == [Channel.MAIL]
    assert office.stored(FALLBACK_ID).attempts == LAST_MAIL_ATTEMPTS


def test_a_number_that_takes_no_sms_leaves_mail_as_the_last_way() -> None:
    office = Office()
    deaf = replace(a_person("nakano"), opted_out=frozenset({Channel.SMS}))
    office.roster = replace(office.roster, people={**office.roster.people, "nakano": deaf})
    office.sender.failures = LAST_MAIL_ATTEMPTS - 1
    office.dispatch(MAIL)
    office.sweep_until_quiet()
    assert [each.channel for each in office.sender.delivered] == [Channel.MAIL]
    assert set(office.outbox.rows) == {MAIL.id}


def test_a_number_that_opted_out_is_not_tried_twice() -> None:
    office = Office()
    office.sender.refused.add(str(a_person("nakano").phone))
    assert office.dispatch() is Outcome.FAILED
    assert office.stored().attempts == 1
    assert office.stored(FALLBACK_ID).state is OutboxState.PENDING


def test_a_person_reached_on_neither_channel_is_named_in_the_timeline() -> None:
    office = Office()
    nakano = a_person("nakano")
    office.sender.refused |= {str(nakano.phone), str(nakano.mail)}
    office.dispatch()
    office.sweep_until_quiet()
    assert office.sender.delivered == []
    assert office.incidents.kinds(an_incident().id) == ["message_failed"]
    assert office.stored(FALLBACK_ID).state is OutboxState.FAILED
    assert set(office.outbox.rows) == {SMS.id, FALLBACK_ID}


def test_an_outage_before_the_send_costs_no_attempt() -> None:
    office = Office()
    office.add()

    class Away:
        def room(self, incident_id: str) -> None:
            raise TimeoutError

    for _ in range(10):
        with pytest.raises(TimeoutError):
            office.dispatcher(incidents=Away()).dispatch(SMS)
        office.clock.advance(minutes=1)
    assert office.stored().attempts == 0
    assert office.dispatch() is Outcome.SENT


def test_critical_messages_leave_first_and_then_the_oldest() -> None:
    rows = [
        a_message_row(id="new", due_at=NOON + timedelta(minutes=2)),
        a_message_row(id="old", due_at=NOON),
        a_message_row(
            id="critical", due_at=NOON + timedelta(minutes=3), body=a_message(level=Level.CRITICAL)
        ),
    ]
    assert [row.id for row in most_urgent_first(rows)] == ["critical", "old", "new"]


def test_a_row_that_breaks_does_not_hold_back_the_others() -> None:
    office = Office()
    broken = office.add(a_message_row(id="broken", body=a_message(moment="no such moment")))
    office.add()
    swept = sweep([broken, SMS], office.dispatcher().dispatch, clock=office.clock)
    assert swept.outcomes == {Outcome.SENT: 1}
    assert list(swept.errors) == ["broken"]


def test_what_does_not_fit_into_the_time_is_left_for_the_next_sweep() -> None:
    office = Office()
    people = ("nakano", "sato", "suzuki", "tanaka", "ito")
    rows = [a_message_row(id=person, body=a_message(person_id=person)) for person in people]
    for row in rows:
        office.add(row)

    def slowly(row: OutboxRow) -> Outcome:
        office.clock.advance(seconds=9)
        return office.dispatcher().dispatch(row)

    swept = sweep(rows, slowly, clock=office.clock)
    assert (swept.outcomes, swept.left) == ({Outcome.SENT: 3}, 2)


# ---- every place where a process can die -------------------------------------------------------


class DiedError(Exception):
    """The process ended here."""


class Fate:
    """Counts the moments of a run, over all restarts, and strikes at the chosen ones.

    Every call to the outside has two: before it, and after it took effect with its answer unread.
    """

    def __init__(self, *strikes: int) -> None:
        self.strikes, self.moment = strikes, -1

    def strikes_now(self) -> bool:
        self.moment += 1
        return self.moment in self.strikes

    def over(self, port: Any, *, dies: type[Exception] = DiedError) -> Any:
        return _Struck(port, self, dies)


class _Struck:
    def __init__(self, port: Any, fate: Fate, dies: type[Exception]) -> None:
        self._port, self._fate, self._dies = port, fate, dies

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            if self._fate.strikes_now():
                raise self._dies(f"before {name}")
            answer = getattr(self._port, name)(*args, **kwargs)
            if self._fate.strikes_now():
                raise self._dies(f"after {name}")
            return answer

        return call


def run(fate: Fate, *, provider_dies: bool, row: OutboxRow = SMS, office: Office | None = None) -> Office:
    """Send one row, restarting after every death, until nothing is due any more."""
    office = office or Office()
    office.add(row)
    ports = {
        "outbox": fate.over(office.outbox),
        "incidents": fate.over(office.incidents),
        "links": fate.over(office.links),
        "logs": fate.over(office.logs),
        "sender": fate.over(office.sender, dies=DiedError if provider_dies else DeliveryError),
    }
    for _ in range(14):
        for due in office.outbox.due("message", at=office.clock.now()):
            try:
                office.dispatcher(**ports).dispatch(due)
            except DiedError:
                break
        office.clock.advance(seconds=LEASE.total_seconds() + 15)
    return office


MAIL = a_message_row(id="mail", body=a_message(channel=Channel.MAIL))


def every_schedule(
    play: Callable[[Fate], Office], *, faults: int
) -> Iterator[tuple[tuple[int, ...], Office]]:
    """Yield every run with up to so many faults, each of which strikes.

    A fault set later than a run ever comes to is the same run with one fault less, and is left out.
    """
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        strikes = waiting.pop()
        fate = Fate(*strikes)
        yield strikes, play(fate)
        if len(strikes) < faults:
            following = strikes[-1] + 1 if strikes else 0
            waiting += [(*strikes, moment) for moment in range(following, fate.moment + 1)]


@pytest.mark.parametrize("row", [SMS, MAIL], ids=["sms", "mail"])
@pytest.mark.parametrize("provider_dies", [True, False], ids=["crash", "lost reply"])
def test_no_crash_or_lost_reply_loses_a_message_or_sends_it_more_than_twice(
    row: OutboxRow, provider_dies: bool
) -> None:
    missed, most, played = [], 0, 0
    for strikes, office in every_schedule(
        lambda fate: run(fate, provider_dies=provider_dies, row=row), faults=3
    ):
        played += 1
        if not office.sender.delivered:
            missed.append(strikes)
        most = max(most, *(sum(d.channel is c for d in office.sender.delivered) for c in Channel))
    assert played > 2_000
    assert missed == []
    assert most <= MAX_ATTEMPTS


def test_without_faults_there_is_exactly_one_message() -> None:
    assert len(run(Fate(), provider_dies=True).sender.delivered) == 1


def test_a_person_with_one_channel_is_not_missed_either() -> None:
    one_channel: Person = a_person("nakano", mail=None)

    def play(fate: Fate) -> Office:
        office = Office()
        office.roster = a_roster(people={"nakano": one_channel})
        return run(fate, provider_dies=True, office=office)

    for strikes, office in every_schedule(play, faults=1):
        assert office.sender.delivered, strikes
