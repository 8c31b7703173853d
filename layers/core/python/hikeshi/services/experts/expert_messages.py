"""What an expert is told: that there is a question, behind a link to nothing but that question."""

from __future__ import annotations

from datetime import datetime

from hikeshi.domain.assessment import Level
from hikeshi.domain.consulting import consultation_behind
from hikeshi.domain.experts import Consultation
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.links import EXPERT
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Person, Roster
from hikeshi.services.messages.audience import cause
from hikeshi.services.messages.notices import EVERY_CHANNEL
from hikeshi.services.messages.reaching import deliveries

ASKED, REMINDED, WITHDRAWN = "expert_asked", "expert_reminded", "expert_withdrawn"


def expert_rows(
    incident: Incident, asked: Consultation, moment: str, *, roster: Roster, at: datetime
) -> tuple[OutboxRow, ...]:
    """Make the rows of a message to the expert of a consultation: who asks, and until when, no more.

    All of them carry the link of the consultation, made of its own nonce.
    """
    expert = roster.people.get(asked.expert)
    if expert is None or not expert.active:
        return ()
    planned = deliveries((expert,), urgent=False, level=Level.WARNING, channels=EVERY_CHANNEL, at=at)
    return tuple(
        OutboxRow(
            id=f"{cause(incident, f'expert/{asked.number}/{moment}')}/{expert.id}/{each.way}",
            body=Message(
                person_id=expert.id,
                channel=each.channel,
                nth=each.nth,
                moment=moment,
                level=Level.WARNING,
                incident_id=incident.id,
                incident_number=incident.number,
                generation=incident.generation,
                params=_params(incident, asked, roster),
                link=moment != WITHDRAWN,
                nonce=asked.nonce,
                check_number=asked.check_number if moment != WITHDRAWN else "",
                purpose=EXPERT,
                incident_version=incident.version,
                held=each.held,
                drill=incident.drill,
            ),
            created_at=at,
            due_at=each.due_at,
        )
        for each in planned
    )


def why_not_asked(message: Message, person: Person, room: Room) -> str:
    """Say why a message to an expert need not go out any more; empty if it must."""
    asked = consultation_behind(room, expert=person.id, nonce=message.nonce)
    if asked is None:
        return "no such consultation"
    if message.moment == WITHDRAWN:
        return ""
    return "" if asked.is_waiting else "no longer asked"


def _params(incident: Incident, asked: Consultation, roster: Roster) -> dict[str, str]:
    asker = roster.people.get(asked.asked_by)
    by = f"{asker.department} {asker.name}" if asker is not None else ""
    return {"brand": incident.brand_name, "by": by, "until_at": asked.until.isoformat()}
