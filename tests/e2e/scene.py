"""What an end-to-end test works with: the stack, its people, and the ways posts get in."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.domain.configuration import Configuration
from infra.local.browsing import LinkBrowser
from infra.local.emptying import TABLES
from infra.local.feed import FeedFile
from infra.local.home import Home, StackState
from infra.local.people import Inbox, Player, wait_for
from infra.local.stack import client, push
from tests.e2e.devices import Devices

LONG_AGO = "2026-01-01T00:00:00.000000+00:00"


class Scene:
    """One test's view of the stack."""

    def __init__(self, home: Home, state: StackState, http: httpx.Client) -> None:
        self.home = home
        self.state = state
        self.http = http
        self.inbox = Inbox(state.inbox_url, http)
        self.browser = LinkBrowser(http)
        self.devices = Devices(self.inbox)
        self.feed = FeedFile(home.feed)

    @property
    def document(self) -> ConfigurationDocument:
        """The configuration as it is published now."""
        return ConfigurationDocument.from_json(self.home.configuration.read_bytes())

    @property
    def configuration(self) -> Configuration:
        return self.document.to_configuration()

    def publish(self, document: ConfigurationDocument) -> None:
        push(self.state, self.home, document)

    def player(self, person: str) -> Player:
        return Player(person, inbox=self.inbox, browser=self.browser)

    def client(self, service: str) -> Any:
        return client(self.state, service)

    def ask(self, target: str, service: str, body: dict[str, Any]) -> Any:
        """Call an action of a JSON service as it is on the wire; the emulator's owner need not sign."""
        credential = f"test/20260101/{self.state.region}/{service}/aws4_request"
        answer = self.http.post(
            self.state.endpoint_url,
            json=body,
            headers={
                "x-amz-target": target,
                "content-type": "application/x-amz-json-1.1",
                "authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0",
            },
        )
        answer.raise_for_status()
        return answer.json()

    def function(self, part: str) -> str:
        """The full name of a function."""
        pages = self.client("lambda").get_paginator("list_functions").paginate()
        return next(
            str(f["FunctionName"])
            for p in pages
            for f in p["Functions"]
            if f"-{part}Function-" in f["FunctionName"]
        )

    def items(self, table: str) -> list[dict[str, Any]]:
        """Every item of a table, in a stable order."""
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=self.state.outputs[table])
        found = (item for page in pages for item in page["Items"])
        return sorted(found, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Every item of every table."""
        return {table: self.items(table) for table in TABLES}

    def incidents(self) -> list[dict[str, Any]]:
        """The heads of all incidents."""
        return [
            item
            for item in self.items("IncidentsTable")
            if item["sk"]["S"] == "META" and item["pk"]["S"].startswith("INCIDENT#")
        ]

    def timeline(self) -> list[str]:
        """Kinds of everything that happened in all incidents, in order."""
        rows = [item for item in self.items("IncidentsTable") if item["sk"]["S"].startswith("TIMELINE#")]
        return [row["event"]["M"]["kind"]["S"] for row in rows]

    def call_webhook(self, posts: Sequence[dict[str, Any]]) -> httpx.Response:
        """Hand posts in at the front door, signed."""
        secret = self.client("secretsmanager").get_secret_value(
            SecretId=self.state.outputs["IngestKeysSecret"]
        )
        key = json.loads(secret["SecretString"])["key"].encode()
        body = json.dumps(posts, ensure_ascii=False).encode()
        at = str(int(time.time()))
        signature = hmac.new(key, at.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "x-hikeshi-timestamp": at,
            "x-hikeshi-signature": signature,
            "content-type": "application/json",
        }
        return self.http.post(f"{self.state.api_url}/ingest", content=body, headers=headers)

    def wait_until(self, true: Callable[[], bool], *, what: str, seconds: float = 75) -> None:
        wait_for(lambda: True if true() else None, seconds=seconds, what=what)

    def run(self, function_part: str) -> None:
        """Run a scheduled function now, as its schedule would."""
        self.client("lambda").invoke(FunctionName=self.function(function_part), Payload=b"{}")

    def collect(self) -> None:
        """Let the minute between two reads of the feed pass, and read it."""
        for row in self.items("SourcesTable"):
            if row["sk"]["S"] == "CURSOR":
                self.client("dynamodb").update_item(
                    TableName=self.state.outputs["SourcesTable"],
                    Key={"pk": row["pk"], "sk": row["sk"]},
                    UpdateExpression="SET last_attempt_at = :then",
                    ExpressionAttributeValues={":then": {"S": LONG_AGO}},
                )
        self.run("FetchPosts")

    def let_waiting_messages_go(self) -> None:
        """Let the pause before a second try pass, and run the sweep that would come within the minute."""
        database, table = self.client("dynamodb"), self.state.outputs["OutboxTable"]
        for row in self.items("OutboxTable"):
            if "due_kind" in row:
                database.update_item(
                    TableName=table,
                    Key={"pk": row["pk"], "sk": row["sk"]},
                    UpdateExpression="SET due_at = :then",
                    ExpressionAttributeValues={":then": {"S": LONG_AGO}},
                )
        self.run("DispatchMessages")

    def running_executions(self) -> list[str]:
        """Names of the state machines with a running execution, one for each."""
        states = self.client("stepfunctions")
        running = []
        for machine in ("IncidentLifecycleArn", "EscalationLadderArn"):
            arn = self.state.outputs[machine]
            found = states.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]
            running += [machine for _ in found]
        return running

    @contextmanager
    def schedules_stopped(self) -> Iterator[None]:
        """Stop what runs by itself every minute, so that only the test acts."""
        scheduler = self.client("scheduler")
        names = [found["Name"] for found in scheduler.list_schedules()["Schedules"]]
        running = [name for name in names if scheduler.get_schedule(Name=name)["State"] == "ENABLED"]
        for name in running:
            self.set_schedule(name, State="DISABLED")
        try:
            yield
        finally:
            for name in running:
                self.set_schedule(name, State="ENABLED")

    @contextmanager
    def at_once(self, function_part: str) -> Iterator[None]:
        """Let the schedule of a day come due now, and put it back."""
        pages = self.client("scheduler").get_paginator("list_schedules").paginate()
        arn = self.function(function_part)
        (name,) = (
            found["Name"] for p in pages for found in p["Schedules"] if found["Target"]["Arn"].endswith(arn)
        )
        held = self.client("scheduler").get_schedule(Name=name)
        self.set_schedule(name, State="ENABLED", ScheduleExpression="rate(1 minute)")
        try:
            yield
        finally:
            self.set_schedule(name, State=held["State"], ScheduleExpression=held["ScheduleExpression"])

    def set_schedule(self, name: str, **changes: str) -> None:
        """Change a schedule; what is not given is kept, which an update of its own would not do."""
        scheduler = self.client("scheduler")
        held = scheduler.get_schedule(Name=name)
        keys = ("ScheduleExpression", "ScheduleExpressionTimezone", "FlexibleTimeWindow", "Target", "State")
        kept = {key: held[key] for key in keys if key in held}
        scheduler.update_schedule(Name=name, **kept | changes)

    @contextmanager
    def throttling_lifted(self) -> Iterator[None]:
        """Let any number of requests through, so that each of them reaches the function."""
        gateway, api = self.client("apigateway"), self.state.outputs["ApiId"]
        held = gateway.get_stage(restApiId=api, stageName="live")["methodSettings"]

        def set_to(limits: dict[str, tuple[float, int]]) -> None:
            operations = [
                {"op": "replace", "path": f"/{method}/throttling/{name}", "value": str(value)}
                for method, pair in limits.items()
                for name, value in zip(("rateLimit", "burstLimit"), pair, strict=True)
            ]
            gateway.update_stage(restApiId=api, stageName="live", patchOperations=operations)

        set_to(dict.fromkeys(held, (10_000.0, 5_000)))
        try:
            yield
        finally:
            set_to({m: (s["throttlingRateLimit"], s["throttlingBurstLimit"]) for m, s in held.items()})

    def settle(self, *, seconds: float = 100) -> None:
        """Wait until nothing is on its way: no row due, no post queued, no new message."""

        def count() -> int | None:
            due = [row for row in self.items("OutboxTable") if "due_kind" in row]
            return None if due or self._queued() else len(self.inbox.messages())

        def quiet() -> bool:
            first = count()
            time.sleep(1.5)
            return first is not None and first == count()

        self.wait_until(quiet, what="quiet", seconds=seconds)

    def _queued(self) -> int:
        sqs = self.client("sqs")
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        total = 0
        for queue in ("PostsQueueUrl", "IncidentsQueueUrl"):
            answer = sqs.get_queue_attributes(QueueUrl=self.state.outputs[queue], AttributeNames=names)
            total += sum(int(answer["Attributes"][name]) for name in names)
        return total


@contextmanager
def policy_without(scene: Scene, role_part: str, sid: str) -> Iterator[None]:
    """Take one statement out of a role's policy for a while."""
    iam = scene.client("iam")
    pages = iam.get_paginator("list_roles").paginate()
    role = next(r["RoleName"] for p in pages for r in p["Roles"] if f"-{role_part}Role-" in r["RoleName"])
    name = iam.list_role_policies(RoleName=role)["PolicyNames"][0]
    policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    reduced = {**policy, "Statement": [s for s in policy["Statement"] if s.get("Sid") != sid]}
    assert len(reduced["Statement"]) == len(policy["Statement"]) - 1
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(reduced))
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))
