"""Whether an alert is about an incident that is there already, and what it asks of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from hikeshi.domain.alerts import Alert
from hikeshi.domain.assessment import Level
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.incidents.alert_joining import Joining

_TRIPLED = 3
_LATEST = 20


class Standing(StrEnum):
    """How an alert stands to an incident."""

    PART_OF_IT = "part_of_it"
    BACK_AGAIN = "back_again"
    SETTLED = "settled"
    ANOTHER_MATTER = "another_matter"


def standing_of(room: Room, joining: Joining) -> Standing:
    """Tell how the alert stands to the incident.

    An open incident takes posts of its topic within the grouping window, and its own alerts always. A
    closed one comes back when there is news after the close, or a life at risk that nobody knew of; one of
    a drill that is over never does. A dismissed one stays dismissed for the alerts that somebody looked
    at, until their level or spread shows that it was no false alarm; an alert that nobody saw then is
    another matter, since silence about it would rest on nobody's word.
    """
    incident, alert = room.incident, joining.alert
    own = alert.id in incident.alerts
    if incident.status is IncidentStatus.MERGED:
        return Standing.ANOTHER_MATTER
    if incident.status.is_open:
        return Standing.PART_OF_IT if own or _is_near(incident, joining) else Standing.ANOTHER_MATTER
    if joining.at > _watched_until(room, joining):
        return Standing.ANOTHER_MATTER
    if incident.status is IncidentStatus.DISMISSED:
        if not own:
            return Standing.ANOTHER_MATTER
        return Standing.BACK_AGAIN if was_no_false_alarm(incident, joining) else Standing.SETTLED
    is_over = incident.status is IncidentStatus.CALLED_OFF
    is_news = _endangers(incident, joining) or _is_news(incident, alert, own=own)
    back = not is_over and alert.level.at_least(Level.WARNING) and is_news
    return Standing.BACK_AGAIN if back else Standing.SETTLED


def was_no_false_alarm(incident: Incident, joining: Joining) -> bool:
    """Tell whether a dismissed alert rose above what was dismissed, or spread three times as far.

    That it puts a life at risk, which nobody knew when it was dismissed, says so as well.
    """
    alert = joining.alert
    if not alert.level.at_least(Level.WARNING):
        return False
    if _endangers(incident, joining):
        return True
    before = incident.spread.posts + incident.spread.reposts
    now = sum(member.spread for member in joining.members(incident))
    return alert.level.rank > incident.level.rank or now >= _TRIPLED * max(before, 1)


def _endangers(incident: Incident, joining: Joining) -> bool:
    """Tell whether the alert puts a life at risk that the incident did not know of."""
    return not set(joining.perils_in(incident)).issubset(incident.perils)


def _is_near(incident: Incident, joining: Joining) -> bool:
    """Tell whether the alert's posts lie within the grouping window of the incident's."""
    alert, window = joining.alert, joining.configuration.grouping_window
    known: Sequence[Alert] = joining.load(incident.alerts[-_LATEST:])
    first = min((each.first_post_at for each in known), default=incident.first_post_at)
    last = max((each.last_post_at for each in known), default=incident.first_post_at)
    return alert.first_post_at <= last + window and alert.last_post_at >= first - window


def _is_news(incident: Incident, alert: Alert, *, own: bool) -> bool:
    """Tell whether something came after the close: a post, or an alert that nobody saw before."""
    closed_at = incident.closed_at or incident.opened_at
    newest = alert.last_post_at if own else max(alert.last_post_at, alert.detected_at)
    return newest > closed_at


def _watched_until(room: Room, joining: Joining) -> datetime:
    incident = room.incident
    if incident.after_care_until is not None:
        return incident.after_care_until
    ended = [slot.decision.at for slot in room.slots if slot.decision is not None]
    return max(ended, default=incident.opened_at) + joining.configuration.after_care
