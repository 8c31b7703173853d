from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from hikeshi.adapters import outbox_items
from hikeshi.domain.aftercare import end_key
from hikeshi.domain.checking import add_fact
from hikeshi.domain.decisions import reopen, with_slot
from hikeshi.domain.errors import ConcurrentChangeError, NotFoundError
from hikeshi.domain.incidents import Incident, RoomChange, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.publishing import all_statements, draft_statement
from hikeshi.domain.timeline import GENESIS, first_broken
from hikeshi.ports.responding import IncidentRepository
from tests.builders import (
    BRAND,
    NOON,
    a_bulletin,
    a_decision,
    a_fact,
    a_headquarters,
    a_judged_fact,
    a_message_row,
    a_report,
    a_room,
    a_sighting,
    a_slot,
    a_statement,
    a_task,
    a_verified_report,
    a_workflow_row,
    an_inbound_report,
    an_incident,
)
from tests.contract.incident_tables import OPENED, TOPIC, noted, opened, stored, tables
from tests.fakes.responding import InMemoryIncidentRepository


class Repositories:
    """A repository, and a look at the outbox that it writes to."""

    def __init__(self, repository: Any, client: Any = None) -> None:
        self.repository: IncidentRepository = repository
        self._client = client

    def outbox(self) -> dict[str, OutboxRow]:
        if isinstance(self.repository, InMemoryIncidentRepository):
            return self.repository.outbox
        rows = [outbox_items.from_item(item) for item in self._client.scan(TableName="outbox")["Items"]]
        return {row.id: row for row in rows}


@pytest.fixture(params=["fake", "moto"])
def kept(request: pytest.FixtureRequest) -> Iterator[Repositories]:
    if request.param == "fake":
        yield Repositories(InMemoryIncidentRepository())
        return
    with mock_aws():
        client = tables()
        yield Repositories(stored(client), client)


@pytest.fixture
def incidents(kept: Repositories) -> IncidentRepository:
    return kept.repository


def test_numbers_rise_and_never_repeat(incidents: IncidentRepository) -> None:
    assert [incidents.next_number() for _ in range(3)] == [1, 2, 3]


def test_an_unknown_incident_is_not_found(incidents: IncidentRepository) -> None:
    with pytest.raises(NotFoundError):
        incidents.room("inc-unknown")
    assert list(incidents.timeline("inc-unknown")) == []
    assert incidents.topic(BRAND, TOPIC) is None


def test_a_room_comes_back_with_all_that_belongs_to_it(incidents: IncidentRepository) -> None:
    full = a_room(
        facts=(a_fact(), a_judged_fact(id="fact-2", added_at=NOON + timedelta(minutes=6))),
        tasks=(a_task(), a_task(id="1-desk", due_at=NOON + timedelta(minutes=90))),
        statement=a_statement(),
        report=a_report(),
        slots=(a_slot(Slot.FACT_CHECK, task_token="token"), a_slot(decision=a_decision())),
        headquarters=a_headquarters(),
        inbound=(an_inbound_report(), a_verified_report(id="inbound-2")),
        bulletins=(a_bulletin(), a_bulletin(number=2)),
        sightings=(a_sighting(),),
    )
    returned = opened(incidents, full)
    assert incidents.room(full.incident.id) == returned
    assert replace(returned, incident=full.incident) == full
    assert (returned.incident.version, returned.incident.timeline_seq) == (1, 1)


def test_opening_points_the_topic_at_the_incident(incidents: IncidentRepository) -> None:
    room = opened(incidents)
    assert incidents.topic(BRAND, TOPIC) == room.incident.id
    assert incidents.topic(BRAND, "leak") is None


def test_the_second_to_open_a_topic_stores_nothing(kept: Repositories) -> None:
    opened(kept.repository)
    late = a_room(incident=an_incident(id="inc-late"))
    with pytest.raises(ConcurrentChangeError):
        opened(kept.repository, late, outbox=(a_workflow_row(id="late"),))
    with pytest.raises(NotFoundError):
        kept.repository.room("inc-late")
    assert "late" not in kept.outbox()


def test_a_topic_moves_on_only_from_where_it_was_seen(incidents: IncidentRepository) -> None:
    first = opened(incidents).incident.id
    second = RoomChange(before=None, after=a_room(incident=an_incident(id="inc-2")), events=(OPENED,))
    with pytest.raises(ConcurrentChangeError):
        incidents.open(second, topic=TOPIC, replacing="inc-other")
    incidents.open(second, topic=TOPIC, replacing=first)
    assert incidents.topic(BRAND, TOPIC) == "inc-2"


def test_a_commit_stores_the_difference_and_chains_the_timeline(incidents: IncidentRepository) -> None:
    room = opened(incidents)
    after, events = add_fact(room, a_fact())
    room = incidents.commit(RoomChange(before=room, after=after, events=events))
    room = incidents.commit(noted(room))
    timeline = incidents.timeline(room.incident.id)
    assert [entry.event.kind for entry in timeline] == ["opened", "fact_added", "status_changed"]
    assert timeline[0].previous == GENESIS
    assert first_broken(timeline) is None
    assert (room.incident.version, room.incident.timeline_digest) == (3, timeline[-1].digest)
    assert incidents.room(room.incident.id) == room


def test_a_commit_on_an_old_version_changes_nothing(kept: Repositories) -> None:
    room = opened(kept.repository)
    newer = kept.repository.commit(noted(room))
    stale = replace(noted(room, kind="stale"), outbox=(a_workflow_row(id="stale"),))
    with pytest.raises(ConcurrentChangeError):
        kept.repository.commit(stale)
    assert kept.repository.room(room.incident.id) == newer
    assert [e.event.kind for e in kept.repository.timeline(room.incident.id)] == ["opened", "status_changed"]
    assert "stale" not in kept.outbox()


def test_outbox_rows_are_stored_with_the_change(kept: Repositories) -> None:
    room = opened(kept.repository, outbox=(a_workflow_row(),))
    kept.repository.commit(replace(noted(room), outbox=(a_message_row(),)))
    assert kept.outbox() == {row.id: row for row in (a_workflow_row(), a_message_row())}


def test_outbox_rows_that_exist_are_left_as_they_are(kept: Repositories) -> None:
    room = opened(kept.repository, outbox=(a_workflow_row(), a_message_row(id="first")))
    again = (a_workflow_row(attempts=7), a_message_row(id="second"), a_message_row(id="first", attempts=7))
    room = kept.repository.commit(replace(noted(room), outbox=again))
    assert room.incident.version == 2
    assert {id_: row.attempts for id_, row in kept.outbox().items()} == {
        a_workflow_row().id: 0,
        "first": 0,
        "second": 0,
    }


def test_every_version_of_a_statement_is_kept_over_drafts_and_generations(
    incidents: IncidentRepository,
) -> None:
    room = opened(incidents, a_room(incident=an_incident(status=IncidentStatus.CLOSED, closed_at=NOON)))
    for text in ("一", "二", "三"):
        after, events = draft_statement(room, a_statement(text=text))
        room = incidents.commit(RoomChange(before=room, after=after, events=events))
    after, events = reopen(room, at=NOON + timedelta(days=1), why="新しい投稿")
    room = incidents.commit(RoomChange(before=room, after=after, events=events))
    after, events = draft_statement(room, a_statement(text="四"))
    incidents.commit(RoomChange(before=room, after=after, events=events))
    again = incidents.room(room.incident.id)
    assert again.statement is not None
    kept = [(each.generation, each.version, each.text) for each in all_statements(again)]
    assert kept == [(1, 1, "一"), (1, 2, "二"), (1, 3, "三"), (2, 1, "四")]


def test_a_reopened_incident_starts_without_statement_and_report(incidents: IncidentRepository) -> None:
    closed = an_incident(status=IncidentStatus.CLOSED, closed_at=NOON)
    room = opened(incidents, a_room(incident=closed, statement=a_statement(), report=a_report()))
    after, events = reopen(room, at=NOON + timedelta(days=1), why="新しい投稿")
    incidents.commit(RoomChange(before=room, after=after, events=events))
    again = incidents.room(room.incident.id)
    assert (again.statement, again.report, again.incident.generation) == (None, None, 2)
    spoken = replace(again, statement=a_statement(text="改めてお知らせします。"))
    incidents.commit(RoomChange(before=again, after=spoken, events=()))
    assert incidents.room(room.incident.id).statement == spoken.statement


def test_slots_of_generations_stay_apart(incidents: IncidentRepository) -> None:
    first = a_slot(decision=a_decision())
    room = opened(incidents, a_room(slots=(first,)))
    after = with_slot(room, a_slot(generation=2, task_token="second"))
    incidents.commit(RoomChange(before=room, after=after, events=()))
    assert set(incidents.room(room.incident.id).slots) == {
        first,
        a_slot(generation=2, task_token="second"),
    }


def test_recent_lists_the_newest_first(incidents: IncidentRepository) -> None:
    for number in (1, 3, 2):
        incident = an_incident(
            id=f"inc-{number}", number=number, opened_at=NOON + timedelta(minutes=number), brand=f"b{number}"
        )
        opened(incidents, a_room(incident=incident))
    listed: list[Incident] = list(incidents.recent(limit=2))
    assert [incident.number for incident in listed] == [3, 2]


def test_incidents_of_a_period_come_oldest_first(incidents: IncidentRepository) -> None:
    opened = {}
    for number in range(3):
        at = NOON + timedelta(minutes=number)
        incident = an_incident(id=f"inc-{number}", number=number, opened_at=at)
        change = RoomChange(before=None, after=a_room(incident=incident), events=(OPENED,))
        opened[number] = incidents.open(change, topic=f"topic-{number}", replacing=None).incident
    found = incidents.opened_since(NOON + timedelta(minutes=1))
    assert [incident.id for incident in found] == [opened[1].id, opened[2].id]


def test_what_is_over_is_no_longer_open(incidents: IncidentRepository) -> None:
    rooms = []
    for number in range(2):
        incident = an_incident(id=f"inc-{number}", opened_at=NOON + timedelta(minutes=number))
        change = RoomChange(before=None, after=a_room(incident=incident), events=(OPENED,))
        rooms.append(incidents.open(change, topic=f"topic-{number}", replacing=None))
    assert incidents.still_open() == ["inc-0", "inc-1"]
    closed = replace(rooms[0].incident, status=IncidentStatus.CLOSED)
    over = incidents.commit(
        RoomChange(before=rooms[0], after=replace(rooms[0], incident=closed), events=(OPENED,))
    )
    assert incidents.still_open() == ["inc-1"]
    again = replace(over.incident, status=IncidentStatus.REOPENED)
    incidents.commit(RoomChange(before=over, after=replace(over, incident=again), events=(OPENED,)))
    assert incidents.still_open() == ["inc-0", "inc-1"]


def test_an_incident_in_after_care_is_found_until_it_owes_nothing_more(incidents: IncidentRepository) -> None:
    change = RoomChange(before=None, after=a_room(incident=an_incident(id="inc-0")), events=(OPENED,))
    room = incidents.open(change, topic="topic-0", replacing=None)
    assert incidents.still_owing() == []
    closed = replace(room.incident, status=IncidentStatus.CLOSED, after_care_until=NOON + timedelta(days=30))
    room = incidents.commit(RoomChange(before=room, after=replace(room, incident=closed), events=(OPENED,)))
    assert (incidents.still_open(), incidents.still_owing()) == ([], ["inc-0"])
    ended = replace(room.incident, reminded=(end_key(room.incident),))
    incidents.commit(RoomChange(before=room, after=replace(room, incident=ended), events=(OPENED,)))
    assert incidents.still_owing() == []


def test_s2_6_a_brand_is_restless_until_its_incident_is_called_calm(kept: Repositories) -> None:
    change = RoomChange(before=None, after=a_room(incident=an_incident(id="inc-0")), events=(OPENED,))
    room = kept.repository.open(change, topic="topic-0", replacing=None)
    assert kept.repository.restless_brands() == {BRAND}
    calm = replace(room.incident, status=IncidentStatus.REPORTING)
    kept.repository.commit(RoomChange(before=room, after=replace(room, incident=calm), events=(OPENED,)))
    assert kept.repository.restless_brands() == frozenset()


def test_one_of_many_writers_at_once_wins_each_version(kept: Repositories) -> None:
    room = opened(kept.repository)
    barrier = threading.Barrier(4)

    def write(number: int) -> bool:
        barrier.wait()
        try:
            kept.repository.commit(noted(room, kind=f"writer_{number}"))
        except ConcurrentChangeError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(write, range(4)))
    assert won.count(True) == 1
    assert len(kept.repository.timeline(room.incident.id)) == 2
