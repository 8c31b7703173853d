"""The last word to people who lose sight of an incident: that they do, and that they keep it to themselves.

It tells nothing of the incident and opens nothing. Without it a link that worked an hour ago would open
the page of a link that is none, and its reader would ask around what became of the matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from hikeshi.domain.circles import is_outsider, may_know
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.timeline import TimelineEntry
from hikeshi.services.messages.audience import cause, involved_people, known
from hikeshi.services.messages.discretion import DISCREET
from hikeshi.services.messages.reaching import deliveries

PARTING = "parting"
"""The moment; the only one that goes to people outside of a circle."""


def losing_sight(
    before: Room, after: Incident, timeline: Sequence[TimelineEntry], roster: Roster
) -> tuple[Person, ...]:
    """Return who had to do with an incident and may not know of it any more, whoever has most in hand first.

    Whoever had nothing to do with it hears nothing now either.
    """
    headquarters, incident = before.headquarters, before.incident
    working = [incident.lead or "", *(task.owner for task in before.tasks if task.is_open)]
    seated = headquarters.members if headquarters is not None else ()
    involved = (each.id for each in involved_people(before, timeline, roster))
    people = known((*working, *seated, *incident.reached, *involved), roster)
    lost = (each for each in people if may_know(incident.circle, each) and not may_know(after.circle, each))
    return tuple(lost)


def parting_rows(
    incident: Incident, people: Iterable[Person], *, why: str, press: str, at: datetime
) -> tuple[OutboxRow, ...]:
    """Tell people that they lose sight of an incident.

    Parameters
    ----------
    why : str
        ``restricted`` or ``excluded``.
    press : str
        Tells this occasion from another.
    """
    inside = [each for each in people if not is_outsider(each)]
    planned = deliveries(inside, urgent=False, level=incident.level, channels=(Channel.MAIL,), at=at)
    return tuple(
        OutboxRow(
            id=f"{cause(incident, f'parting/{press}')}/{each.person.id}/{each.way}",
            body=Message(
                person_id=each.person.id,
                channel=each.channel,
                nth=each.nth,
                moment=PARTING,
                level=incident.level,
                incident_id=incident.id,
                incident_number=incident.number,
                generation=incident.generation,
                params={
                    "why_key": f"parting.{why}",
                    "how_key": f"parting.{why}_how",
                    DISCREET: "discreet.parting",
                },
                link=False,
                held=each.held,
                drill=incident.drill,
                incident_version=incident.version,
            ),
            created_at=at,
            due_at=each.due_at,
        )
        for each in planned
    )
