"""From a ladder's step to a text on a phone whose link opens, on moto and through the handlers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.sns.models import sns_backends

from functions.dispatch_messages import app as dispatch_messages
from functions.page_step import app as page_step
from hikeshi.domain.incidents import RoomChange
from hikeshi.runtime import bootstrap
from hikeshi.services.links.links import open_link
from tests.builders import a_configuration, a_room, a_roster, an_incident
from tests.composition import forget_what_was_built, use_configuration

REGION = "ap-northeast-1"
TABLES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "incidents": (("by-opened", "kind", "opened_at"),),
    "outbox": (("due", "due_kind", "due_at"), ("by-incident", "about", "created_at")),
    "links": (),
    "upkeep": (),
}


def make_table(client: Any, name: str, indexes: tuple[tuple[str, str, str], ...]) -> None:
    keys = {"pk", "sk", *(key for _, *pair in indexes for key in pair)}
    optional: dict[str, Any] = {}
    if indexes:
        optional["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index,
                "KeySchema": [
                    {"AttributeName": first, "KeyType": "HASH"},
                    {"AttributeName": second, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, first, second in indexes
        ]
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in sorted(keys)],
        **optional,
    )


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tables, the topic and the key that the two functions need."""
    with mock_aws():
        dynamodb = boto3.client("dynamodb", region_name=REGION)
        for name, indexes in TABLES.items():
            make_table(dynamodb, name, indexes)
        topic = boto3.client("sns", region_name=REGION).create_topic(Name="messages")["TopicArn"]
        secrets = boto3.client("secretsmanager", region_name=REGION)
        secret = secrets.create_secret(Name="link-keys", SecretString='{"key": "invented for this test"}')
        variables = {
            "ENVIRONMENT": "test",
            "INCIDENTS_TABLE": "incidents",
            "OUTBOX_TABLE": "outbox",
            "LINKS_TABLE": "links",
            "CONFIG_BUCKET": "config",
            "DIRECTORY_TABLE": "directory",
            "UPKEEP_TABLE": "upkeep",
            "LINK_KEYS_SECRET": secret["ARN"],
            "MESSAGES_TOPIC_ARN": topic,
            "LINK_BASE_URL": "https://r.exmp.jp/",
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        forget_what_was_built()
        use_configuration(monkeypatch, a_configuration)
        yield
    forget_what_was_built()


def texts() -> list[tuple[str, str]]:
    sent = sns_backends["123456789012"][REGION].sms_messages
    return [(phone, text) for phone, text, *_ in sent.values()]


@pytest.mark.usefixtures("stack")
def test_a_paged_person_gets_one_text_whose_link_opens_for_them_alone() -> None:
    incidents = bootstrap.incident_repository("incidents", "outbox")
    room = a_room(incident=an_incident(title="商品に虫の写真"))
    incidents.open(RoomChange(before=None, after=room, events=()), topic="contamination", replacing=None)
    place = {"incident_id": room.incident.id, "generation": 1, "level": "warning", "position": 1}

    assert page_step.lambda_handler(dict(place), None)["acknowledged"] is False
    assert page_step.lambda_handler(dict(place), None)["acknowledged"] is False
    assert dispatch_messages.lambda_handler({}, None)["sent"] == 2
    assert dispatch_messages.lambda_handler({}, None)["sent"] == 0

    ((phone, text),) = texts()
    assert phone == a_roster().person("sato").phone
    found = re.fullmatch(
        r"【警戒】#128 商品に虫の写真 5件/分\n確認番号(\d\d)\nhttps://r\.exmp\.jp/([1-9A-Za-z]{22})", text
    )
    assert found is not None
    opened = open_link(
        found[2],
        links=bootstrap.link_store("links"),
        keys=bootstrap.key_ring(boto3.client("secretsmanager").list_secrets()["SecretList"][0]["ARN"]),
        roster=a_roster(),
        environment="test",
        at=bootstrap.clock().now(),
    )
    assert (opened.person.id, opened.incident_id) == ("sato", room.incident.id)
    assert opened.grant.check_number == found[1]
    assert [entry.event.kind for entry in incidents.timeline(room.incident.id)] == ["paged"]
