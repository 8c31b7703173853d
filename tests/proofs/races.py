"""Twenty-five hands on one incident in the same second: people who press, and ladders whose time is up.

Whoever stores a decision first has it. Everybody else must be told who that was, the waiting workflow
must hear of it once, and no step of the ladder may page anybody afterwards. Each person presses one kind of
button, and nobody stands over the others: whoever has an incident, or leads them, may still find it false.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from hikeshi.adapters import outbox_items
from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.adapters.environment import SystemIds
from hikeshi.domain.errors import AlreadyDecidedError, ConcurrentChangeError, IllegalTransitionError
from hikeshi.domain.incidents import RoomChange, Slot
from hikeshi.domain.outbox import OutboxRow, WorkflowOrder
from hikeshi.domain.timeline import first_broken
from hikeshi.services.escalation.page import LadderPlace, Paging, page_step
from hikeshi.services.incidents import respond
from hikeshi.services.incidents.lifecycle import Asking, request_decision
from hikeshi.services.incidents.respond import Responder
from tests.builders import NOON, a_room, an_incident
from tests.fakes.environment import FrozenClock
from tests.fakes.stage import Stage

HANDS = 25
TIMEOUTS = 2
ROUNDS_A_TABLE = 50
PATIENCE_SECONDS = 60.0
"""After which a hand that never came ends the round instead of keeping all others waiting."""

INCIDENTS, OUTBOX = "race-incidents", "race-outbox"
PRESSED_AT = NOON + timedelta(minutes=4)


def make_tables(client: Any) -> None:
    """Make the two tables of the race, anew if they are there: reading all of them is part of a round."""
    for table in (INCIDENTS, OUTBOX):
        with suppress(client.exceptions.ResourceNotFoundException):
            client.delete_table(TableName=table)
        client.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
        )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one person was told: that they have it, or who has; empty if they have to press again."""

    person: str
    told: str


@dataclass(kw_only=True)
class Race:
    """Rounds over the stored repository, with threads that start together."""

    client: Any
    _ids: SystemIds = field(default_factory=SystemIds)
    _rounds: int = 0

    def rounds(self, count: int) -> Iterator[list[str]]:
        """Run rounds; yields what was wrong with each, in words."""
        with ThreadPoolExecutor(HANDS) as pool:
            for number in range(count):
                if number % ROUNDS_A_TABLE == 0:
                    make_tables(self.client)
                self._rounds += 1
                yield self._round(pool, f"inc-{self._rounds:026d}")

    def _round(self, pool: ThreadPoolExecutor, incident_id: str) -> list[str]:
        incidents = self._repository()
        room = a_room(incident=an_incident(id=incident_id, number=self._rounds))
        incidents.commit(RoomChange(before=None, after=room, events=()))
        stage = Stage(clock=FrozenClock(PRESSED_AT))
        configuration, clock = stage.configuration, stage.clock
        asking = Asking(incidents=incidents, configuration=configuration, clock=clock, ids=self._ids)
        request_decision(incident_id, Slot.TRIAGE, f"token-{incident_id}", asking)
        people = tuple(configuration.roster.people)
        start = threading.Barrier(HANDS, timeout=PATIENCE_SECONDS)

        def press(number: int) -> Outcome:
            place = number % len(people)
            person = configuration.roster.people[people[place]]
            by = replace(
                stage.by(person.id),
                person=replace(person, roles=configuration.roster.person("suzuki").roles),
                incidents=self._repository(),
                ids=self._ids,
            )
            act = _acts()[place % len(_acts())]
            start.wait()
            return Outcome(person=person.id, told=_told(incident_id, act, by))

        def run_out(number: int) -> None:
            paging = Paging(
                incidents=self._repository(), configuration=configuration, clock=clock, ids=self._ids
            )
            place = LadderPlace(
                incident_id=incident_id, generation=1, level=room.incident.level, position=number
            )
            start.wait()
            page_step(place, paging=paging)

        pages = [pool.submit(run_out, number) for number in range(TIMEOUTS)]
        presses = [pool.submit(press, number) for number in range(HANDS - TIMEOUTS)]
        for page in pages:
            page.result()
        return self._wrong(incident_id, [pressed.result() for pressed in presses])

    def _wrong(self, incident_id: str, outcomes: list[Outcome]) -> list[str]:
        incidents = self._repository()
        decision = incidents.room(incident_id).slot(Slot.TRIAGE).decision
        timeline = incidents.timeline(incident_id)
        kinds = [entry.event.kind for entry in timeline]
        decided = [place for place, kind in enumerate(kinds) if kind in ("acknowledged", "dismissed")]
        winner = decision.by if decision else ""
        answers = [json.loads(order.payload)["by"] for order in self._orders(incident_id)]
        strangers = {outcome.told for outcome in outcomes} - {winner}
        checks = {
            "not one decision": len(decided) != 1,
            f"somebody was told of {sorted(strangers)}": bool(strangers),
            "the workflow does not hear of the winner once": answers != [winner],
            "somebody was paged after the decision": "paged" in kinds[decided[0] if decided else 0 :],
            "the timeline is broken": first_broken(timeline) is not None,
        }
        return [f"{incident_id}: {what}; {winner} won" for what, applies in checks.items() if applies]

    def _orders(self, incident_id: str) -> Iterator[WorkflowOrder]:
        pages = self.client.get_paginator("scan").paginate(
            TableName=OUTBOX,
            FilterExpression="contains(pk, :id)",
            ExpressionAttributeValues={":id": {"S": incident_id}},
        )
        for item in (found for page in pages for found in page["Items"]):
            row: OutboxRow = outbox_items.from_item(item)
            if isinstance(row.body, WorkflowOrder) and row.body.task_token:
                yield row.body

    def _repository(self) -> DynamoDbIncidentRepository:
        return DynamoDbIncidentRepository(
            client=self.client, table=INCIDENTS, outbox_table=OUTBOX, ids=self._ids
        )


Act = Callable[[str, Responder], object]


def _acts() -> tuple[Act, ...]:
    return (
        lambda incident_id, by: respond.acknowledge(incident_id, by=by),
        lambda incident_id, by: respond.acknowledge(incident_id, by=by),
        lambda incident_id, by: respond.dismiss(incident_id, by=by, reason="確かめました"),
    )


def _told(incident_id: str, act: Act, by: Responder) -> str:
    """Press until there is an answer: a page that asks to press again names nobody."""
    for _ in range(HANDS):
        try:
            act(incident_id, by)
        except AlreadyDecidedError as error:
            return error.by
        except ConcurrentChangeError:
            continue
        except IllegalTransitionError:
            return ""
        return by.person.id
    return ""
