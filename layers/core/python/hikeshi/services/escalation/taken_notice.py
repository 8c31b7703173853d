"""Word that somebody has it, with what each reader is asked to do next: the same as on their page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hikeshi.domain.actions import CHECKING, Action
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.incidents import Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Person
from hikeshi.ports.environment import Ids
from hikeshi.services.escalation.roll_call import missing
from hikeshi.services.incidents.standing import standing
from hikeshi.services.messages.notices import Notice, notice_rows


def taken_rows(
    room: Room,
    people: Iterable[Person],
    *,
    cause: str,
    by: str,
    decided_at: datetime,
    configuration: Configuration,
    ids: Ids,
    at: datetime,
) -> tuple[OutboxRow, ...]:
    """Tell people who has it; ``by`` is a name."""
    rows: list[OutboxRow] = []
    for person in people:
        params = {"by": by, "decided_at": decided_at.isoformat()}
        if key := _asked_of(person, room, configuration):
            params["ask_key"] = key
        notice = Notice(cause=cause, moment="acknowledged", params=params)
        rows += notice_rows(room.incident, (person,), notice, ids=ids, at=at)
    return tuple(rows)


def _asked_of(person: Person, room: Room, configuration: Configuration) -> str:
    """Return the key of what the page would ask of a person; empty if only the page can tell."""
    if person in missing(room.incident, configuration):
        return "page.ask.confirm"
    if standing(room) not in CHECKING:
        return ""
    playbook = configuration.playbooks.of(room.incident)
    return "ask.fact_check" if playbook.permits(person, Action.JUDGE_FACT) else "ask.nothing"
