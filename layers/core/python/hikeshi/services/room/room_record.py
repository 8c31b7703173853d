"""What happened, and who is on it."""

from __future__ import annotations

from hikeshi.domain.actions import Role
from hikeshi.domain.circles import who_may_know
from hikeshi.domain.timeline import TimelineEntry
from hikeshi.services.messages.audience import involved_people
from hikeshi.services.messages.deliveries import Delivery, counted, deliveries
from hikeshi.services.messages.japanese_time import to_jst
from hikeshi.services.reports.timeline_text import sentence
from hikeshi.services.room.room_models import DeliveriesPanel, DeliveryLine, Moment, Seat, TimelinePanel
from hikeshi.services.room.visit import Visit, shown

MAX_MOMENTS = 60
MAX_DELIVERIES = 60
_QUIET = frozenset({"status_changed", "alert_joined"})
_LOUD = frozenset(
    {
        "level_raised",
        "peril_found",
        "peril_again",
        "peril_held",
        "no_danger_undone",
        "message_failed",
        "roll_unreached",
        "unheard_nobody",
        "unheard_last",
        "escalated",
    }
)
_CALM = frozenset(
    {"acknowledged", "facts_established", "statement_approved", "calm_declared", "report_signed"}
)


def timeline_panel(visit: Visit) -> TimelinePanel:
    """Show what happened, newest first."""
    newest_first = list(reversed(visit.timeline))
    hidden = len(newest_first) - MAX_MOMENTS
    return TimelinePanel(
        moments=tuple(_moment(visit, entry) for entry in newest_first[:MAX_MOMENTS]),
        more=visit.text("page.timeline.more", count=hidden) if hidden > 0 else "",
    )


def _moment(visit: Visit, entry: TimelineEntry) -> Moment:
    event = entry.event
    tone = "quiet" if event.kind in _QUIET else "loud" if event.kind in _LOUD else ""
    if event.kind in _CALM:
        tone = "calm"
    return Moment(
        at=visit.when(event.at),
        machine_at=to_jst(event.at).isoformat(timespec="seconds"),
        text=shown(sentence(event, words=visit.words, roster=visit.configuration.roster), 240),
        tone=tone,
        dated=to_jst(event.at).date() != to_jst(visit.at).date(),
    )


def deliveries_panel(visit: Visit) -> DeliveriesPanel | None:
    """Show who was told, newest first; None before anybody was."""
    found = deliveries(visit.sent, roster=visit.configuration.roster, words=visit.words)
    if not found:
        return None
    hidden = len(found) - MAX_DELIVERIES
    counts = (visit.text("page.delivery.count", state=state, count=n) for state, n in counted(found))
    return DeliveriesPanel(
        lines=tuple(_line(visit, each) for each in found[:MAX_DELIVERIES]),
        summary=visit.text("page.comma").join(counts),
        more=visit.text("page.more", count=hidden) if hidden > 0 else "",
    )


def _line(visit: Visit, delivery: Delivery) -> DeliveryLine:
    return DeliveryLine(
        at=visit.when(delivery.at),
        machine_at=to_jst(delivery.at).isoformat(timespec="seconds"),
        whom=shown(delivery.whom, 40),
        channel=delivery.channel,
        what=delivery.what,
        state=delivery.state,
        tone=delivery.tone,
    )


def seats(visit: Visit) -> tuple[Seat, ...]:
    """List whoever leads, then by department who was called, did something or owns a task.

    Whoever only could be asked is not listed: nobody has told them yet.
    """
    roster, incident = visit.configuration.roster, visit.incident
    involved = who_may_know(incident.circle, involved_people(visit.room, visit.timeline, roster))
    told = {person.id for person in involved}
    found: list[Seat] = []
    if incident.lead is not None:
        found.append(_seat(visit, visit.text("page.figure.lead"), (incident.lead,)))
    roles: list[Role] = [*roster.departments_for(incident.category), *visit.playbook.departments]
    roles += [task.department for task in visit.room.tasks if task.department not in roles]
    seated: set[str] = {incident.lead} if incident.lead is not None else set()
    for role in dict.fromkeys(roles):
        held = [person.id for person in roster.holders(role) if person.id in told]
        owners = [task.owner for task in visit.room.tasks if task.department is role]
        people = tuple(dict.fromkeys(held + owners))
        if people:
            found.append(_seat(visit, visit.text(f"role.{role}"), people))
            seated.update(people)
    others: dict[str, tuple[str, ...]] = {}
    for person in involved:
        if person.id not in seated:
            others[person.department] = (*others.get(person.department, ()), person.id)
    return (*found, *(_seat(visit, department, people) for department, people in others.items()))


def _seat(visit: Visit, role: str, people: tuple[str, ...]) -> Seat:
    names = tuple(
        visit.text("page.you", name=visit.name(person)) if person == visit.reader.id else visit.name(person)
        for person in people
    )
    return Seat(role=role, people=names, mine=visit.reader.id in people)
