"""In whose hands the incident is: the press that can be undone, the roll-call, and when it lapses."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain.actions import Action
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.rounds import Undoable, has_confirmed, is_taken, undoable
from hikeshi.services.escalation.expiry import acknowledgement_expires_at, allowed
from hikeshi.services.escalation.roll_call import confirmations, on_the_roll, out_of_reach
from hikeshi.services.incidents.handover import EXPIRY_CHOICES, may_set_expiry, may_undo
from hikeshi.services.room.action_pages import SPOTS
from hikeshi.services.room.page_models import Gate
from hikeshi.services.room.room_models import Call, ExpiryPanel, RollCallEntry, RollCallPanel, Undo
from hikeshi.services.room.visit import Visit

_CLOSED = Gate(open=False)
_NAMED = 3


def undo(visit: Visit) -> Undo | None:
    """Offer to take the last press back while its ten minutes run, to those who may."""
    found = undoable(visit.room, at=visit.at)
    if found is None or not visit.gate(Action.UNDO).open or not may_undo(found, visit.reader):
        return None
    who = {"by": visit.name(found.by), "at": visit.when(found.at)}
    # While facts are checked the line above says who has it and since when.
    said = visit.phase is IncidentStatus.FACT_FINDING
    minutes = _minutes_left(found, visit.at)
    return Undo(
        path=visit.base + SPOTS[Action.UNDO].path,
        sentence="" if said else visit.text(f"page.undo.{found.choice}", **who),
        button=visit.text(f"page.undo.{found.choice}_button", minutes=minutes),
        of=found.at.isoformat(),
    )


def call_again(visit: Visit) -> tuple[str, Call] | None:
    """Ask for somebody in a later round, while nobody has it: a sentence and the button."""
    incident = visit.incident
    if incident.round == 1 or is_taken(visit.room) or not visit.gate(Action.ACKNOWLEDGE).open:
        return None
    path = visit.base + SPOTS[Action.ACKNOWLEDGE].path
    if incident.lead is None:
        return visit.text("page.ask.undone"), Call(label=visit.text("action.acknowledge"), path=path)
    span = visit.lasting(visit.at - (incident.last_move_at or incident.opened_at))
    if incident.lead == visit.reader.id:
        sentence, label = visit.text("page.ask.still_yours", span=span), visit.text("page.take.still")
    else:
        lead = visit.name(incident.lead)
        sentence = visit.text("page.ask.take_over", lead=lead, span=span)
        label = visit.text("page.take.over")
    return sentence, Call(label=label, path=path)


def calling(visit: Visit) -> str:
    """Say who is being called in a later round, the latest first, and when the next ones are.

    Empty in the first round, where the page asks for somebody anyway, and once somebody has it.
    """
    incident = visit.incident
    if incident.round == 1 or is_taken(visit.room) or not visit.phase.is_open:
        return ""
    if not incident.reached:
        return visit.text("page.calling_begins")
    latest, earlier = incident.reached[: -_NAMED - 1 : -1], incident.reached[:-_NAMED]
    names = visit.text("page.comma").join(visit.name(each) for each in latest)
    if earlier:
        names = visit.text("page.names_more", names=names, count=len(earlier))
    if incident.next_page_at is None:
        return visit.text("page.calling_last", names=names)
    return visit.text("page.calling", names=names, at=visit.when(incident.next_page_at))


def roll_call_panel(visit: Visit) -> RollCallPanel | None:
    """Show who of the roll has confirmed, and offer it to the reader who has not."""
    incident = visit.incident
    seen = {known.by: known.at for known in confirmations(incident)}
    people = on_the_roll(incident, visit.configuration)
    roll = [person.id for person in people]
    if not roll and not seen:
        return None
    unheard = out_of_reach(people, incident, visit.sent)
    entries = tuple(
        RollCallEntry(
            name=visit.text("page.you", name=visit.name(each))
            if each == visit.reader.id
            else visit.name(each),
            state=visit.text("page.roll_call.confirmed", at=visit.when(seen[each]))
            if each in seen
            else visit.text("page.roll_call.unreached" if each in unheard else "page.roll_call.waiting"),
            tone="calm" if each in seen else "late" if each in unheard else "wait",
        )
        for each in dict.fromkeys((*roll, *seen))
    )
    asked = visit.reader.id in roll and not has_confirmed(incident, visit.reader.id)
    gate = visit.gate(Action.CONFIRM) if asked else _CLOSED
    return RollCallPanel(
        entries=entries,
        progress=visit.text("page.roll_call.progress", done=len(seen), total=len(entries)),
        confirm=visit.form(Action.CONFIRM, gate=gate),
    )


def expiry_panel(visit: Visit) -> ExpiryPanel | None:
    """Show when somebody is looked for again unless something moves, and offer to change it."""
    at = acknowledgement_expires_at(visit.room, visit.configuration)
    if at is None:
        return None
    after = allowed(visit.room, visit.configuration)
    gate = visit.gate(Action.SET_EXPIRY) if may_set_expiry(visit.room, visit.reader) else _CLOSED
    return ExpiryPanel(
        sentence=visit.text("page.expiry.now", span=visit.lasting(after), at=visit.when(at)),
        choices=tuple((_minutes(each), visit.lasting(each)) for each in sorted({*EXPIRY_CHOICES, after})),
        chosen=_minutes(after),
        form=visit.form(Action.SET_EXPIRY, gate=gate),
    )


def _minutes(span: timedelta) -> str:
    return str(int(span.total_seconds() // 60))


def _minutes_left(found: Undoable, at: datetime) -> int:
    return max(1, -int(-(found.until - at).total_seconds() // 60))
