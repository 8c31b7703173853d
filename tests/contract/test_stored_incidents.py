"""What only the stored repository has to stand: lost replies, torn reads, the size of a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws

from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.domain.incidents import RoomChange
from tests.builders import (
    BRAND,
    a_fact,
    a_judged_fact,
    a_message_row,
    a_room,
    a_slot,
    a_workflow_row,
)
from tests.contract.incident_tables import TOPIC, noted, opened, stored, tables
from tests.fakes.environment import SequenceIds


class LosesReplies:
    """A client whose next transaction lands, while its answer never arrives; botocore tries again."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.lose = False
        self.between: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: Any) -> Any:
        answer = self._client.transact_write_items(**request)
        if self.lose:
            self.lose = False
            if self.between:
                self.between()
            return self._client.transact_write_items(**request)
        return answer


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    with mock_aws():
        yield tables()


def test_a_lost_reply_counts_as_success(dynamodb: Any) -> None:
    client = LosesReplies(dynamodb)
    incidents = stored(client)
    client.lose = True
    room = opened(incidents, outbox=(a_workflow_row(),))
    client.lose = True
    room = incidents.commit(replace(noted(room), outbox=(a_message_row(),)))
    assert incidents.room(room.incident.id) == room
    assert room.incident.version == 2
    assert len(incidents.timeline(room.incident.id)) == 2


def test_a_lost_reply_counts_as_success_even_if_others_wrote_since(dynamodb: Any) -> None:
    client = LosesReplies(dynamodb)
    incidents, others = (
        stored(client),
        DynamoDbIncidentRepository(
            client=dynamodb, table="incidents", outbox_table="outbox", ids=SequenceIds(start=1000)
        ),
    )
    room = opened(incidents)
    client.lose = True
    client.between = lambda: others.commit(noted(others.room(room.incident.id), kind="another"))
    incidents.commit(noted(room, kind="ours"))
    assert [e.event.kind for e in incidents.timeline(room.incident.id)] == ["opened", "ours", "another"]


def test_an_answer_that_never_comes_is_raised_for_the_caller_to_repeat(dynamodb: Any) -> None:
    class TimesOut(LosesReplies):
        def transact_write_items(self, **request: Any) -> Any:
            raise ReadTimeoutError(endpoint_url="https://dynamodb.ap-northeast-1.amazonaws.com")

    with pytest.raises(ReadTimeoutError):
        opened(stored(TimesOut(dynamodb)))


def test_a_read_in_the_middle_of_a_commit_is_repeated(dynamodb: Any) -> None:
    incidents = stored(dynamodb)
    room = opened(incidents, a_room(facts=(a_fact(),)))
    before = [
        item for item in dynamodb.scan(TableName="incidents")["Items"] if item["sk"]["S"] == "FACT#fact-1"
    ]
    after = replace(room, facts=(a_judged_fact(),))
    incidents.commit(RoomChange(before=room, after=after, events=()))
    whole = incidents.room(room.incident.id)

    torn = [before[0]]
    query = incidents._query

    def half_way(incident_id: str, condition: str, bound: str) -> Any:
        for item in query(incident_id, condition, bound):
            yield torn.pop() if torn and item["sk"]["S"] == "FACT#fact-1" else item

    incidents._query = half_way  # type: ignore[method-assign]  # the one place where time can be cut
    assert incidents.room(room.incident.id) == whole
    assert torn == []


def test_a_change_beyond_one_transaction_is_refused_by_name(dynamodb: Any) -> None:
    incidents = stored(dynamodb)
    facts = tuple(a_fact(id=f"fact-{number}") for number in range(98))
    with pytest.raises(ValueError, match="101 items, one transaction takes 100"):
        opened(incidents, a_room(facts=facts))
    assert incidents.topic(BRAND, TOPIC) is None


def test_every_item_names_the_commit_that_wrote_it(dynamodb: Any) -> None:
    room = a_room(facts=(a_fact(),), slots=(a_slot(),))
    opened(stored(dynamodb), room, outbox=(a_workflow_row(),))
    items = dynamodb.scan(TableName="incidents")["Items"] + dynamodb.scan(TableName="outbox")["Items"]
    assert len({item["writer"]["S"] for item in items}) == 1
    assert {item["sk"]["S"] for item in items} == {
        "META",
        "FACT#fact-1",
        "SLOT#001#triage",
        "TIMELINE#000001",
        "POINTER",
        "ROW",
    }
