"""Both keep the promise of who is watched over: it begins and ends in the commit of the incident."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters.watched_people import DynamoDbWatchedPeople, SqsExposureReports
from hikeshi.domain.care import Consent
from hikeshi.domain.caring import open_track, record_consent, revoke_consent
from hikeshi.domain.errors import DeliveryError
from hikeshi.domain.exposure import Exposed
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.ports.responding import IncidentRepository
from hikeshi.ports.watching import WatchedPeople
from hikeshi.runtime.payloads_lifecycle import QUEUED, ExposureReport
from tests.builders import NOON, a_room, an_incident
from tests.contract.incident_tables import stored, tables
from tests.fakes.environment import FrozenClock
from tests.fakes.responding import InMemoryIncidentRepository
from tests.fakes.watching import RoomsWatchedPeople

Kept = tuple[IncidentRepository, Callable[[], WatchedPeople], FrozenClock]


@pytest.fixture(params=["fake", "moto"])
def kept(request: pytest.FixtureRequest) -> Iterator[Kept]:
    clock = FrozenClock(NOON)
    if request.param == "fake":
        rooms = InMemoryIncidentRepository()
        yield rooms, lambda: RoomsWatchedPeople(incidents=rooms, clock=clock), clock
        return
    with mock_aws():
        client = tables()
        yield (
            stored(client),
            lambda: DynamoDbWatchedPeople(client=client, table="incidents", clock=clock),
            clock,
        )


def agreed(incidents: IncidentRepository, number: int = 1) -> Room:
    incident = an_incident(id=f"inc-{number:026d}", number=number)
    room, events = open_track(a_room(incident=incident), by="kato", at=NOON)
    consent = Consent(
        terms=("早乙女翔太",),
        how="面談",
        taken_by="kato",
        recorded_at=NOON,
        until=NOON + timedelta(days=30),
    )
    room, more = record_consent(room, "care-01", consent)
    return incidents.commit(RoomChange(before=None, after=room, events=(*events, *more)))


def test_s3_6_only_those_who_agreed_are_watched_over(kept: Kept) -> None:
    incidents, people, _ = kept
    room = agreed(incidents)
    without, events = open_track(
        a_room(incident=an_incident(id=f"inc-{2:026d}", number=2)), by="kato", at=NOON
    )
    incidents.commit(RoomChange(before=None, after=without, events=events))
    (watched,) = people().current()
    assert (watched.incident_id, watched.track) == (room.incident.id, "care-01")
    assert (watched.brand, watched.terms) == (room.incident.brand, ("早乙女翔太",))


def test_s3_6_the_watch_ends_with_the_commit_that_takes_the_consent_back(kept: Kept) -> None:
    incidents, people, _ = kept
    room = agreed(incidents)
    revoked, events = revoke_consent(room, "care-01", by="kato", at=NOON)
    incidents.commit(RoomChange(before=room, after=revoked, events=events))
    assert list(people().current()) == []


def test_s3_6_the_watch_ends_when_its_time_is_over(kept: Kept) -> None:
    incidents, people, clock = kept
    agreed(incidents)
    clock.advance(days=29)
    assert len(people().current()) == 1
    clock.advance(days=1)
    assert list(people().current()) == []


def test_s3_6_other_readers_of_the_index_do_not_meet_the_people(kept: Kept) -> None:
    incidents, _, _ = kept
    room = agreed(incidents)
    assert [each.id for each in incidents.opened_since(NOON - timedelta(days=1))] == [room.incident.id]


@mock_aws
def test_it_asks_the_table_once_a_minute() -> None:
    client, clock = tables(), FrozenClock(NOON)
    people = DynamoDbWatchedPeople(client=client, table="incidents", clock=clock)
    assert list(people.current()) == []
    agreed(stored(client))
    assert list(people.current()) == []
    clock.advance(minutes=1)
    assert len(people.current()) == 1


EXPOSED = Exposed(
    incident_id=f"inc-{1:026d}",
    track="care-01",
    post="ab" * 16,
    source="kuchikomi",
    url="https://sns.example.jp/1",
    evidence="s3://a/b.json",
    sha256="cd" * 32,
    captured_at=NOON,
)


@mock_aws
def test_a_find_travels_in_the_queue_of_the_incidents_and_is_read_there() -> None:
    sqs = boto3.client("sqs", region_name="ap-northeast-1")
    url = sqs.create_queue(QueueName="incidents")["QueueUrl"]
    SqsExposureReports(client=sqs, queue_url=url).report(EXPOSED)
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    read = QUEUED.validate_json(message["Body"])
    assert isinstance(read, ExposureReport)
    assert Exposed(**read.exposed.model_dump()) == EXPOSED
    assert set(json.loads(message["Body"])["exposed"]) == {*EXPOSED.__dataclass_fields__}


@mock_aws
def test_a_queue_that_is_gone_is_an_error_that_says_so() -> None:
    sqs = boto3.client("sqs", region_name="ap-northeast-1")
    reports = SqsExposureReports(client=sqs, queue_url="https://sqs.ap-northeast-1.amazonaws.com/1/none")
    with pytest.raises(DeliveryError):
        reports.report(replace(EXPOSED, track="care-02"))
