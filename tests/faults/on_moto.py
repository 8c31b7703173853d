"""The real adapters on moto behind the functions, with the clients that are deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from hikeshi.adapters import outbox_items
from hikeshi.adapters.dynamodb_alerts import DynamoDbAlertStore
from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.adapters.dynamodb_links import DynamoDbLinkStore
from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
from hikeshi.adapters.dynamodb_send_logs import DynamoDbSendLogs
from hikeshi.adapters.secrets_keys import SecretsManagerKeyRing
from hikeshi.adapters.sns_sender import SnsSender
from hikeshi.adapters.stepfunctions import StepFunctionsWorkflow
from hikeshi.domain.assessment import Level
from hikeshi.domain.incidents import Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Channel, Person
from hikeshi.runtime.bootstrap.shared import client
from tests.builders import a_roster, an_alert
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.messaging import Delivery
from tests.faults.calls import CallFate

TABLES: Mapping[str, tuple[str, ...]] = {
    "incidents": ("kind", "opened_at"),
    "outbox": ("due_kind", "due_at"),
    "alerts": ("brand", "last_post_at"),
    "links": (),
}
INDEXES = {"incidents": "by-opened", "outbox": "due", "alerts": "by-brand"}
ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/machine"
DEFINITION = '{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}'


class OnMoto:
    """Everything that a run touches, made anew."""

    def __init__(self, fate: CallFate, clock: FrozenClock) -> None:
        self._fate = fate
        self._refused: set[str] = set()
        fate.refuses = self._refusal
        ids = SequenceIds(start=5_000)
        dynamodb = client("dynamodb")
        with fate.at_rest():
            self._make_tables(dynamodb)
            topic = client("sns", attempts=1).create_topic(Name="messages")["TopicArn"]
            secret = client("secretsmanager").create_secret(
                Name="link-keys", SecretString='{"key": "invented for this test"}'
            )["ARN"]
            self._machines = {
                name: client("stepfunctions").create_state_machine(
                    name=name, definition=DEFINITION, roleArn=ROLE
                )["stateMachineArn"]
                for name in ("lifecycle", "ladder")
            }
        self._alerts = DynamoDbAlertStore(client=dynamodb, table="alerts", ids=ids)
        self._incidents = DynamoDbIncidentRepository(
            client=dynamodb, table="incidents", outbox_table="outbox", ids=ids, pause=lambda _seconds: None
        )
        self._ports = {
            "outbox": DynamoDbOutbox(client=dynamodb, table="outbox", ids=ids),
            "logs": DynamoDbSendLogs(client=dynamodb, table="outbox"),
            "incidents": self._incidents,
            "alerts": self._alerts,
            "links": DynamoDbLinkStore(client=dynamodb, table="links"),
            "keys": SecretsManagerKeyRing(client=client("secretsmanager"), secret_id=secret, clock=clock),
            "sender": SnsSender(client=client("sns", attempts=1), topic_arn=topic),
            "workflow": StepFunctionsWorkflow(
                client=client("stepfunctions"),
                lifecycle_arn=self._machines["lifecycle"],
                ladder_arn=self._machines["ladder"],
            ),
        }
        with fate.at_rest():
            self._alerts.save(an_alert(version=0), None)

    @property
    def adapters(self) -> set[str]:
        """Names of the modules that the ports are from."""
        return {type(port).__module__.rsplit(".", 1)[-1] for port in self._ports.values()}

    def port(self, name: str) -> Any | None:
        return self._ports.get(name)

    def rows(self) -> Mapping[str, OutboxRow]:
        found = [item for item in self._items("outbox") if item["sk"]["S"] == outbox_items.SORT_KEY]
        return {row.id: row for row in map(outbox_items.from_item, found)}

    def rooms(self) -> Sequence[Room]:
        heads = [item for item in self._items("incidents") if item["sk"]["S"] == "META"]
        with self._fate.at_rest():
            return [self._incidents.room(item["pk"]["S"].removeprefix("INCIDENT#")) for item in heads]

    def delivered(self) -> Sequence[Delivery]:
        return [_delivery(effect.asked) for effect in self._fate.effects if effect.operation == "sns.Publish"]

    def started(self, machine: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for effect in self._fate.effects:
            started = effect.operation.endswith(".StartExecution")
            if started and effect.asked["stateMachineArn"] == self._machines[machine]:
                found.setdefault(effect.asked["name"], effect.asked["input"])
        return found

    def answers(self) -> Sequence[str]:
        sent = [e.asked["output"] for e in self._fate.effects if e.operation.endswith(".SendTaskSuccess")]
        return list(dict.fromkeys(sent))

    def make_critical(self, alert_id: str) -> None:
        with self._fate.at_rest():
            alert = self._alerts.alert(alert_id)
            if alert is None:
                raise LookupError(alert_id)
            self._alerts.save(replace(alert, level=Level.CRITICAL), None)

    def opt_out(self, person: Person) -> None:
        self._refused.add(str(person.phone))

    def _refusal(self, operation: str, asked: dict[str, Any]) -> str | None:
        opted_out = operation == "sns.Publish" and asked.get("PhoneNumber") in self._refused
        return "OptedOut" if opted_out else None

    @staticmethod
    def _items(table: str) -> list[Any]:
        """Look into moto itself: a scan of every table at every turn would be most of a run."""
        held = dynamodb_backends[ACCOUNT]["ap-northeast-1"].tables[table]
        return [{name: _plain(value) for name, value in item.attrs.items()} for item in held.all_items()]

    @staticmethod
    def _make_tables(dynamodb: Any) -> None:
        for table, indexed in TABLES.items():
            keys = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
            more: dict[str, Any] = {}
            if indexed:
                kinds = zip(indexed, ("HASH", "RANGE"), strict=True)
                schema = [{"AttributeName": name, "KeyType": kind} for name, kind in kinds]
                index = {
                    "IndexName": INDEXES[table],
                    "KeySchema": schema,
                    "Projection": {"ProjectionType": "ALL"},
                }
                more["GlobalSecondaryIndexes"] = [index]
            dynamodb.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=keys,
                AttributeDefinitions=[
                    {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", *indexed)
                ],
                **more,
            )


def _plain(value: Any) -> Any:
    """Return an attribute as the wire has it."""
    if not isinstance(value, DynamoType):
        return value
    held = value.value
    if isinstance(held, dict):
        return {value.type: {name: _plain(each) for name, each in held.items()}}
    return {value.type: [_plain(each) for each in held] if isinstance(held, list) else held}


def _delivery(asked: dict[str, Any]) -> Delivery:
    phone = asked.get("PhoneNumber")
    person = next(
        (each.id for each in a_roster().people.values() if each.phone == phone),
        asked.get("MessageAttributes.entry.1.Value.StringValue", ""),
    )
    return Delivery(
        person_id=person,
        channel=Channel.SMS if phone else Channel.MAIL,
        subject=asked.get("Subject", ""),
        text=asked["Message"],
        urgent=False,
    )
