"""What an alert changes in the incident that it joins."""

from __future__ import annotations

from dataclasses import replace

from hikeshi.domain.actions import SPEAKING
from hikeshi.domain.clock_marks import ClockMarks
from hikeshi.domain.decisions import raise_level, reopen
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.kinds import follow_scoring
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.phrases import phrase
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.ports.responding import IncidentRepository
from hikeshi.services.incidents.alert_joining import Joining, same_count
from hikeshi.services.incidents.endangering import endangered, warning_rows, work_rows
from hikeshi.services.incidents.executions import lifecycle_row, roll_call_rows
from hikeshi.services.incidents.further_threats import word_of_further
from hikeshi.services.incidents.raising import Raising, page_difference
from hikeshi.services.incidents.reopening import Standing
from hikeshi.services.messages.audience import involved_people
from hikeshi.services.takedowns.mirrors import with_mirrors


def joined(
    room: Room, joining: Joining, *, standing: Standing, incidents: IncidentRepository
) -> RoomChange | None:
    """Return what to store, or None if the incident knows it all already.

    Reopened: a new generation with its own execution. Raised: whoever the new level asks for and was not
    reached before is paged at once, and everybody else is told (:mod:`hikeshi.services.incidents.raising`).
    A life at risk that the incident did not know of is told to all at once, and what protects it is worked
    on beside all else (:mod:`hikeshi.services.incidents.endangering`); of one more alert that puts a life at
    risk all hear as well (:mod:`hikeshi.services.incidents.further_threats`).
    """
    after, events = _with_alert(room, joining)
    rows: tuple[OutboxRow, ...] = ()
    if standing is Standing.BACK_AGAIN:
        after, reopened = reopen(after, at=joining.at, why=_why_again(room, joining))
        # The clock runs anew, from the post that brought the matter back.
        marks = ClockMarks(posted_at=min(joining.alert.last_post_at, joining.at), found_at=joining.at)
        after = replace(after, incident=replace(after.incident, clock=marks))
        events += reopened
    if standing is not Standing.SETTLED:
        after = _counted(after, joining)
        after, judged = _typed(after, joining)
        events += judged
        after, found = endangered(after, joining)
        events += found
        after, raised = raise_level(
            after, joining.alert.level, at=joining.at, why=_why_raised(after, joining)
        )
        events += raised
        if standing is Standing.BACK_AGAIN:
            rows = (
                lifecycle_row(after.incident, at=joining.at),
                *roll_call_rows(after.incident, joining.configuration, at=joining.at),
            )
        elif raised:
            paged = page_difference(after, _raising(after, raised[0], joining, incidents))
            after, events, rows = paged.room, (*events, *paged.events), paged.outbox
        elif found:
            rows = _warning(after, joining, incidents)
        elif joining.alert.id not in room.incident.alerts and (perils := joining.perils_in(room.incident)):
            noted, rows = word_of_further(after, perils[0], joining, incidents=incidents)
            events += noted
        rows += work_rows(room, after, joining, told=rows) if found else ()
    after, proposed, told = with_mirrors(after, joining)
    events, rows = (*events, *proposed), (*rows, *told)
    if after == room:
        return None
    return RoomChange(before=room, after=after, events=events, outbox=rows)


def _with_alert(room: Room, joining: Joining) -> tuple[Room, tuple[TimelineEvent, ...]]:
    incident, alert = room.incident, joining.alert
    if alert.id in incident.alerts:
        # An older copy may be found later: the matter is as old as its first post.
        earliest = min(incident.first_post_at, alert.first_post_at)
        return replace(room, incident=replace(incident, first_post_at=earliest)), ()
    hours = round(joining.configuration.grouping_window.total_seconds() / 3600)
    why = phrase("why.same_topic", category=incident.category, hours=hours)
    if joining.perils_in(incident):
        why = phrase("why.same_peril", hours=hours)
    event = TimelineEvent(kind="alert_joined", at=joining.at, details={"alert": alert.id, "why": why})
    changed = replace(
        incident,
        alerts=(*incident.alerts, alert.id),
        first_post_at=min(incident.first_post_at, alert.first_post_at),
    )
    return replace(room, incident=changed), (event,)


def _counted(room: Room, joining: Joining) -> Room:
    spread = joining.spread_of(room.incident)
    if same_count(spread, room.incident.spread):
        return room
    sources = joining.sources_of(room.incident)
    return replace(room, incident=replace(room.incident, spread=spread, sources=sources))


def _typed(room: Room, joining: Joining) -> tuple[Room, tuple[TimelineEvent, ...]]:
    """Let a graver alert say what type of crisis it is, as long as nobody works by the playbook yet."""
    graver = joining.alert.level.rank > room.incident.level.rank
    if not graver or room.incident.status in SPEAKING:
        return room, ()
    return follow_scoring(room, joining.alert.crisis_type, at=joining.at)


def _warning(room: Room, joining: Joining, incidents: IncidentRepository) -> tuple[OutboxRow, ...]:
    timeline = incidents.timeline(room.incident.id)
    return warning_rows(room, involved_people(room, timeline, joining.configuration.roster), joining)


def _why_raised(room: Room, joining: Joining) -> str:
    alert, spread = joining.alert, room.incident.spread
    counts = {"posts": spread.posts, "reposts": spread.reposts}
    return phrase("why.level", category=alert.category, level=alert.level, **counts)


def _why_again(room: Room, joining: Joining) -> str:
    incident = room.incident
    if incident.status is not IncidentStatus.DISMISSED:
        return phrase("why.again")
    level = joining.alert.level
    if level.rank > incident.level.rank:
        return phrase("why.dismissed_rose", **{"from": incident.level, "to": level})
    before = incident.spread.posts + incident.spread.reposts
    after = sum(alert.spread for alert in joining.members(incident))
    return phrase("why.dismissed_spread", before=before, after=after)


def _raising(room: Room, raised: TimelineEvent, joining: Joining, incidents: IncidentRepository) -> Raising:
    configuration = joining.configuration
    return Raising(
        raised=raised,
        involved=involved_people(room, incidents.timeline(room.incident.id), configuration.roster),
        configuration=configuration,
        ids=joining.ids,
        at=joining.at,
    )
