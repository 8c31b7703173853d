"""After-care: a check is asked for every week, its end is told, and what comes back ends it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hikeshi.domain.decisions import reopen
from hikeshi.domain.incidents import RoomChange
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.owing import owes
from hikeshi.services.audit.audit import audit
from tests.builders import NOON, a_room, an_incident
from tests.unit.audit.night import Night

MONTH = timedelta(days=30)


def in_after_care() -> Night:
    night = Night()
    closed = an_incident(
        status=IncidentStatus.CLOSED, closed_at=NOON, after_care_until=NOON + MONTH, lead="sato"
    )
    night.incidents.put(a_room(incident=closed))
    return night


def days_pass(night: Night, count: int) -> None:
    for _ in range(count):
        night.clock.advance(hours=24)
        at = night.clock.now()
        night.clock.advance(minutes=-at.minute % 15)
        audit(night.auditor)


def test_s0_22_a_check_is_asked_for_every_week_until_after_care_ends() -> None:
    night = in_after_care()
    days_pass(night, 29)
    assert Counter(night.kinds) == {"care_check_reminded": 4}
    days_pass(night, 2)
    assert Counter(night.kinds) == {"care_check_reminded": 4, "care_ended": 1}
    told = {message.params["news_key"] for message in night.incidents.messages()}
    assert told == {"news.care_check", "news.care_ended"}
    assert not owes(night.room)
    days_pass(night, 60)
    assert len(night.kinds) == 5


def test_s0_22_what_comes_back_ends_after_care_and_the_next_end_begins_it_anew() -> None:
    night = in_after_care()
    days_pass(night, 8)
    room = night.room
    opened, events = reopen(room, at=night.clock.now(), why="新しい投稿がありました")
    night.incidents.commit(RoomChange(before=room, after=opened, events=events))
    assert not owes(night.room)
    days_pass(night, 2)
    assert night.kinds.count("care_check_reminded") == 1
