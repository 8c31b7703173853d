"""Why people are called before the ladder comes to them: what a message to them says of it.

Whoever is called at night first asks why it is them, and whether somebody has it. Both stand in the
message: that somebody turned to the next one (上申) and who, or what did not happen in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hikeshi.domain.incidents import Room
from hikeshi.domain.people import Person, Roster
from hikeshi.domain.rounds import has_confirmed, is_taken
from hikeshi.domain.timeline import TimelineEntry

_NEW_ROUNDS = frozenset({"reopened", "acknowledgement_expired", "acknowledgement_undone", "lead_left"})
"""Events after which everybody is asked anew, also who answered before."""


PASSED_ON = "called.passed_on"
"""Why whoever stands in for the lead is called: what was the lead's is theirs."""


def tells_of_passing_on(params: Mapping[str, str]) -> bool:
    """Tell whether a call says that an incident is its reader's now."""
    return params.get("called_key") == PASSED_ON


def called_by(person: Person, room: Room, roster: Roster) -> dict[str, str]:
    """Say that somebody turned to the next one, by title and name."""
    by = " ".join(filter(None, (person.title, person.name)))
    return {"called_key": "called.up", "called_why_key": "called_why.up", "by": by} | _asked(room, roster)


def called_since(kind: str, room: Room, roster: Roster) -> dict[str, str]:
    """Say what did not happen in time: ``stage_overran`` or ``stood_still``."""
    return {"called_key": f"called.{kind}", "called_why_key": f"called_why.{kind}"} | _asked(room, roster)


def who_answered(room: Room, timeline: Iterable[TimelineEntry] = ()) -> frozenset[str]:
    """Return who need not be called again: who has it, who confirmed, who did anything in this round."""
    incident = room.incident
    acted: set[str] = set()
    for entry in timeline:
        if entry.event.kind in _NEW_ROUNDS:
            acted.clear()
        else:
            acted.add(entry.event.actor)
    confirmed = {each.by for each in incident.confirmed if has_confirmed(incident, each.by)}
    lead = {incident.lead} if incident.lead and incident.expired_at is None else set()
    return frozenset(acted | confirmed | lead)


def _asked(room: Room, roster: Roster) -> dict[str, str]:
    """Say what is asked: to take it on as long as nobody has it, and then to join whoever does."""
    if not is_taken(room):
        return {"do_key": "called.untaken"}
    lead = roster.people.get(room.incident.lead or "")
    return {"do_key": "called.join"} if lead is None else {"do_key": "called.join_lead", "lead": lead.name}
