"""Paging a step with people as they are: who gets a row, when it falls due, and that nobody is forgotten."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel, Way
from hikeshi.domain.quiet_hours import QuietHours
from hikeshi.domain.rotations import Rotation
from hikeshi.domain.standings import Departure, OptOut, Standings, address_digest
from hikeshi.services.escalation.page import LadderPlace, Paging, page_step
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.people.directory import effective
from tests.builders import NOON, a_configuration, a_person, a_room, a_roster, an_incident
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.responding import InMemoryIncidentRepository

MIDDAY = QuietHours(begins=time(12), ends=time(14))
"""NOON is 12:57 in Tokyo."""

AFTERWARDS = NOON + timedelta(minutes=63)


def paged(
    *, position: int = 1, level: Level = Level.WARNING, standings: Standings | None = None, **roster: Any
) -> list[OutboxRow]:
    """Page a step of the ladder at NOON; step 1 is the lead alone, step 0 the desk and the departments."""
    incidents = InMemoryIncidentRepository()
    incidents.put(a_room(incident=an_incident(level=level)))
    configuration = a_configuration(roster=a_roster(**roster))
    paging = Paging(
        incidents=incidents,
        configuration=effective(configuration, standings or Standings(), at=NOON),
        clock=FrozenClock(NOON),
        ids=SequenceIds(),
    )
    place = LadderPlace(incident_id=an_incident().id, generation=1, level=level, position=position)
    page_step(place, paging=paging)
    return sorted(incidents.outbox.values(), key=lambda row: row.id)


def told(rows: list[OutboxRow]) -> dict[tuple[str, str], tuple[timedelta, bool]]:
    bodies = [(row, row.body) for row in rows]
    return {
        (body.person_id, body.channel.value): (row.due_at - NOON, body.held)
        for row, body in bodies
        if isinstance(body, Message)
    }


def test_whoever_sleeps_is_told_afterwards_if_somebody_else_is_awake() -> None:
    found = told(paged(position=0, people={"ito": a_person("ito", quiet=MIDDAY)}))
    assert found["ito", "sms"] == (AFTERWARDS - NOON, True)
    assert found["nakano", "sms"] == (timedelta(0), False)


def test_a_step_on_which_everybody_sleeps_is_woken_whole() -> None:
    found = told(paged(people={"sato": a_person("sato", quiet=MIDDAY)}))
    assert found == {("sato", "sms"): (timedelta(0), False), ("sato", "mail"): (timedelta(0), False)}


def test_what_is_critical_wakes_everybody() -> None:
    found = told(paged(position=0, level=Level.CRITICAL, people={"ito": a_person("ito", quiet=MIDDAY)}))
    assert {held for _, held in found.values()} == {False}


def test_a_second_channel_waits_as_its_owner_chose_under_the_same_link() -> None:
    ways = (Way(channel=Channel.SMS), Way(channel=Channel.MAIL, delay=timedelta(minutes=3)))
    rows = paged(people={"sato": a_person("sato", urgent=ways)})
    assert told(rows) == {
        ("sato", "sms"): (timedelta(0), False),
        ("sato", "mail"): (timedelta(minutes=3), False),
    }
    bodies = [row.body for row in rows]
    assert len({(b.nonce, b.check_number) for b in bodies if isinstance(b, Message)}) == 1


def test_whoever_is_on_call_is_paged_alone() -> None:
    rotation = Rotation(
        id="lead", name="本部長当番", people=("suzuki", "sato"), starts_at=NOON, role=Role.LEAD.value
    )
    assert {person for person, _ in told(paged(rotations={"lead": rotation}))} == {"suzuki"}


def test_a_step_of_which_everybody_left_falls_through_to_the_next() -> None:
    gone = Standings(departures=(Departure(person_id="sato", at=NOON, by="nakano"),))
    assert {person for person, _ in told(paged(standings=gone))} == {"takahashi"}


def test_a_step_whose_only_number_refuses_texts_falls_through_to_the_next() -> None:
    digest = address_digest("+819000001002")
    refused = Standings(opt_outs=(OptOut(person_id="sato", channel=Channel.SMS, digest=digest, at=NOON),))
    found = told(paged(standings=refused, people={"sato": a_person("sato", mail=None)}))
    assert {person for person, _ in found} == {"takahashi"}


def test_news_to_somebody_asleep_wait_and_are_marked_as_held() -> None:
    notice = Notice(cause="news", moment="status", params={"news_key": "news.response"})
    sleeper = a_person("sato", quiet=MIDDAY)
    rows = notice_rows(an_incident(), [sleeper], notice, ids=SequenceIds(), at=NOON)
    assert {(row.due_at, row.body.held) for row in rows if isinstance(row.body, Message)} == {
        (AFTERWARDS, True)
    }
