"""Who was called a moment ago, or is next: a roll-call and a word of what is late leave them alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.incidents import Room
from hikeshi.domain.timeline import GENESIS, TimelineEntry, TimelineEvent, chain
from hikeshi.services.escalation.lately import TOGETHER, WAITED_FOR, called_about_now
from tests.builders import NOON, a_configuration, a_room, an_escalation_policy, an_incident
from tests.scenarios.policies import ladder, rung

LADDER = ladder(rung(Role.DESK, minutes=5), rung(Role.LEAD, minutes=5))
CONFIGURATION = a_configuration(escalation=an_escalation_policy(ladders={Level.WARNING: LADDER}))
SECOND = timedelta(seconds=1)


def happened(kind: str, *, ago: timedelta, **details: str) -> tuple[TimelineEntry, ...]:
    event = TimelineEvent(kind=kind, at=NOON - ago, details=details)
    return chain((event,), after_seq=0, after_digest=GENESIS)


def around_noon(room: Room, timeline: tuple[TimelineEntry, ...] = ()) -> frozenset[str]:
    return called_about_now(room, timeline, CONFIGURATION, at=NOON)


def climbing(*paged: str, next_in: timedelta | None, **changes: object) -> Room:
    next_page_at = None if next_in is None else NOON + next_in
    return a_room(incident=an_incident(paged=paged, next_page_at=next_page_at, **changes))


@pytest.mark.parametrize("kind", ["paged", "roll_called"])
def test_whoever_was_called_in_these_minutes_is_among_them_and_then_no_more(kind: str) -> None:
    room = climbing(next_in=None)
    assert around_noon(room, happened(kind, ago=TOGETHER, people="sato,ito")) == {"sato", "ito"}
    assert around_noon(room, happened(kind, ago=TOGETHER + SECOND, people="sato")) == set()


def test_what_calls_nobody_makes_nobody_called() -> None:
    room = climbing(next_in=None)
    assert around_noon(room, happened("fact_added", ago=SECOND, people="sato")) == set()


def test_whom_the_ladder_pages_next_is_among_them() -> None:
    assert around_noon(climbing("1/warning/0", next_in=TOGETHER)) == {"sato"}
    assert around_noon(climbing("1/warning/0", "1/warning/1", next_in=TOGETHER)) == {"takahashi", "tanaka"}
    assert around_noon(climbing("1/warning/0", next_in=TOGETHER + SECOND)) == set()


def test_a_page_that_should_have_come_long_ago_is_not_waited_for() -> None:
    assert around_noon(climbing("1/warning/0", next_in=-TOGETHER)) == {"sato"}
    assert around_noon(climbing("1/warning/0", next_in=-TOGETHER - SECOND)) == set()


def test_who_asks_says_how_soon_is_soon() -> None:
    room = climbing("1/warning/0", next_in=WAITED_FOR)
    assert called_about_now(room, (), CONFIGURATION, at=NOON, soon=WAITED_FOR) == {"sato"}
    assert called_about_now(room, (), CONFIGURATION, at=NOON, soon=WAITED_FOR - SECOND) == set()


def test_nobody_is_next_once_somebody_has_it() -> None:
    room = climbing("1/warning/0", next_in=SECOND)
    taken = replace(room, incident=replace(room.incident, answered=(room.incident.question,)))
    assert around_noon(taken) == set()


def test_everybody_involved_has_heard_of_a_rise() -> None:
    paged = TimelineEvent(kind="paged", at=NOON - timedelta(hours=1), details={"people": "nakano,ito"})
    rose = TimelineEvent(kind="level_raised", at=NOON, details={"from": "warning", "to": "critical"})
    timeline = chain((paged, rose), after_seq=0, after_digest=GENESIS)
    assert around_noon(climbing(next_in=None), timeline) == {"nakano", "ito"}


def test_so_have_those_whom_the_new_level_calls_first() -> None:
    rose = TimelineEvent(kind="level_raised", at=NOON, details={"from": "notice", "to": "warning"})
    timeline = chain((rose,), after_seq=0, after_digest=GENESIS)
    assert around_noon(climbing("1/warning/0", next_in=None), timeline) == {"nakano"}
