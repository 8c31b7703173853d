from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters.dynamodb_drills import DynamoDbDrills
from hikeshi.domain.drills import Drill, Mark, Scenario, ScenarioPost, Targets, Wave
from hikeshi.ports.drills import Drills
from tests.builders import NOON
from tests.fakes.drills import InMemoryDrills

LATER = NOON + timedelta(minutes=3)
POST = ScenarioPost(
    id="larva", text="{brand}に虫", author="momiji", after=timedelta(seconds=30), reposts=4, media=("photo",)
)
WAVES = (
    Wave(id="first", about="はじまり", at=timedelta(), posts=(POST,)),
    Wave(
        id="harsh",
        about="批判",
        at=timedelta(minutes=10),
        when=(Mark.ACKNOWLEDGED,),
        unless=(Mark.STATEMENT,),
        follows="first",
        posts=(POST,),
    ),
)
DRILL = Drill(
    id="20260513-125700-larva",
    scenario=Scenario(
        id="larva",
        name="虫",
        summary="虫がいました。",
        lasts=timedelta(hours=1),
        waves=WAVES,
        targets=Targets(facts=timedelta(minutes=20)),
    ),
    brand="tsukimi",
    brand_name="つきみ製菓",
    people=("sato", "chat:ops"),
    started_at=NOON,
)


@pytest.fixture(params=["fake", "moto"])
def drills(request: pytest.FixtureRequest) -> Iterator[Drills]:
    if request.param == "fake":
        yield InMemoryDrills()
        return
    with mock_aws():
        client = boto3.client("dynamodb", region_name="ap-northeast-1")
        client.create_table(
            TableName="upkeep",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        )
        yield DynamoDbDrills(client=client, table="upkeep")


def test_a_drill_comes_back_as_it_was_started(drills: Drills) -> None:
    assert drills.start(DRILL)
    assert drills.drill(DRILL.id) == DRILL
    assert drills.drill("another") is None


def test_a_drill_is_started_once(drills: Drills) -> None:
    drills.start(DRILL)
    assert not drills.start(replace(DRILL, everyone=True))
    assert drills.drill(DRILL.id) == DRILL


def test_the_latest_drill_comes_first(drills: Drills) -> None:
    later = replace(DRILL, id="20260613-090000-larva")
    for drill in (later, DRILL):
        drills.start(drill)
    assert [drill.id for drill in drills.recent()] == [later.id, DRILL.id]
    assert [drill.id for drill in drills.recent(limit=1)] == [later.id]


def test_each_note_leaves_the_others_as_they_are(drills: Drills) -> None:
    drills.start(DRILL)
    drills.note_posted(DRILL.id, until=NOON)
    drills.end(DRILL.id, at=LATER)
    drills.note_posted(DRILL.id, until=LATER)
    drills.note_told(DRILL.id, at=LATER)
    assert drills.drill(DRILL.id) == replace(DRILL, posted_until=LATER, ended_at=LATER, told_at=LATER)


def test_a_drill_that_is_over_stays_over_since_then(drills: Drills) -> None:
    drills.start(DRILL)
    drills.end(DRILL.id, at=NOON)
    drills.end(DRILL.id, at=LATER)
    ended = drills.drill(DRILL.id)
    assert ended is not None
    assert ended.ended_at == NOON
