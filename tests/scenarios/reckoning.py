"""What has to be true of every world when its scenario ends, whatever it was about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hikeshi.domain.incidents import Room
from hikeshi.domain.outbox import Message, OutboxState
from hikeshi.domain.rounds import is_taken
from hikeshi.domain.timeline import first_broken
from hikeshi.services.messages.numbering import number_of
from hikeshi.services.messages.wording import Wording
from tests.scenarios.machines import Execution

if TYPE_CHECKING:
    from tests.scenarios.world import World


def everything_wrong_with(world: World) -> list[str]:
    """Return a sentence for each thing that nobody expected and each promise that was not kept."""
    return [
        *_unexpected_messages(world),
        *_nameless_messages(world),
        *_left_in_the_outbox(world),
        *(f"dead letter: {each}" for each in world.cloud.dead_letters),
        *(f"{each.function} broke at {each.at:%H:%M:%S}: {each.error}" for each in world.cloud.broken),
        *_failed_executions(world),
        *(f"the operator was called: {call.sms}" for call in world.backstage.operator.calls),
        *(wrong for room in world.rooms for wrong in _abandoned(world, room)),
        *(
            f"#{room.incident.number}: the chain of the timeline is broken"
            for room in world.rooms
            if first_broken(world.cloud.incidents.timeline(room.incident.id)) is not None
        ),
    ]


def _unexpected_messages(world: World) -> Iterator[str]:
    yield from (f"unexpected: {text}" for text in world.carrier.arrived if not text.expected)


def _nameless_messages(world: World) -> Iterator[str]:
    """Every message about an incident says which: people have several on their phones."""
    for row in world.rows(OutboxState.SENT):
        message = row.body
        if not isinstance(message, Message) or not message.incident_number:
            continue
        number = number_of(message.incident_number, drill=message.drill, words=Wording())
        if f"#{number}" not in row.sent_text:
            yield f"says not which incident it is about: {row.id}: {row.sent_text}"


def _left_in_the_outbox(world: World) -> Iterator[str]:
    for row in world.rows():
        if row.is_due and row.due_at <= world.now:
            yield f"never sent: {row.id} ({row.state}, {row.last_error})"
        if row.state is OutboxState.FAILED and row.id not in world.pardoned:
            yield f"given up: {row.id} ({row.last_error})"


def _failed_executions(world: World) -> Iterator[str]:
    for execution in world.executions.values():
        if execution.status == "FAILED":
            yield f"{execution.name} failed in {execution.state!r}: {execution.error}"


def _abandoned(world: World, room: Room) -> Iterator[str]:
    """An open incident always waits for something that comes at a certain time."""
    incident = room.incident
    if not incident.status.is_open:
        return
    name = f"#{incident.number}"
    running = [each for each in _lifecycles(world, room) if each.is_running]
    if not running:
        yield f"{name} is open, and no lifecycle runs for it"
        return
    if all(each.pause is None for each in running):
        yield f"{name} is open, and its lifecycle waits for nothing"
    for slot in room.slots:
        if slot.generation != incident.generation or slot.task_token is None or slot.decision is not None:
            continue
        if world.cloud.machines.waits_for(slot.task_token) not in running:
            yield f"{name} asks about {slot.slot}, and nothing waits for the answer"
    if not is_taken(room) and not _has_a_ladder(world, room):
        yield f"{name} was taken on by nobody, and no ladder ever ran"


def _lifecycles(world: World, room: Room) -> list[Execution]:
    return [each for each in world.executions.values() if _is_of(each, room, "incident_lifecycle")]


def _has_a_ladder(world: World, room: Room) -> bool:
    """Tell whether somebody is being looked for, or everybody was asked to the last resort."""
    ladders = [each for each in world.executions.values() if _is_of(each, room, "escalation_ladder")]
    asked_all = any("Page Last Resort" in each.entered for each in ladders)
    without = any("Page Without A Ladder" in each.entered for each in _lifecycles(world, room))
    return asked_all or without or any(each.is_running for each in ladders)


def _is_of(execution: Execution, room: Room, machine: str) -> bool:
    given, incident = execution.given, room.incident
    same = given["incident_id"] == incident.id and given["generation"] == incident.generation
    return same and execution.machine == machine
