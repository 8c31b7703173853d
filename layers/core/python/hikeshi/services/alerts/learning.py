"""What an incident teaches: dismissed, its posts were a false alarm; closed, they were right.

Of posts that somebody found to be no danger to a life that word holds, however the incident ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.feedback import Feedback, FeedbackVerdict, feedback_on
from hikeshi.domain.incidents import Decision, Incident, Room, Slot
from hikeshi.ports.environment import Clock
from hikeshi.ports.feedback import FeedbackStore
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.alerts.dangers import name_of_text

MAX_ALERTS = 20
MAX_POSTS = 20
"""Posts of one alert that are kept: they are of one text family, and the first say all there is to learn."""


def lessons_of(room: Room, *, alerts: AlertStore) -> tuple[Feedback, ...]:
    """Return what the end of an incident says of its posts; the same whenever it is asked."""
    said, verdict = room.dismissal, FeedbackVerdict.FALSE_ALARM
    if said is None:
        said, verdict = room.slot(Slot.REPORT).decision, FeedbackVerdict.RIGHT
    if said is None:
        return ()
    return tuple(
        _no_danger(each, room.incident) or each
        for each in _words(room.incident.alerts[-MAX_ALERTS:], verdict, said, alerts)
    )


def _no_danger(feedback: Feedback, incident: Incident) -> Feedback | None:
    """Return what was said of a post by whoever found it to be no danger; None if nobody did."""
    name = name_of_text(feedback.post.text)
    said = next((each for each in incident.harmless if name in each.texts), None)
    if said is None:
        return None
    return replace(feedback, verdict=FeedbackVerdict.FALSE_ALARM, reason=said.reason, by=said.by, at=said.at)


def false_alarms(
    alert_ids: Sequence[str],
    *,
    reason: str,
    by: str,
    alerts: AlertStore,
    feedback: FeedbackStore,
    clock: Clock,
) -> tuple[int, tuple[str, ...]]:
    """Record alerts as false; returns the posts that were recorded and the ids that no alert has.

    Unknown ids keep no other from being recorded.
    """
    said = Decision(choice="false_alarm", by=by, at=clock.now(), note=reason)
    recorded, unknown = 0, []
    for alert_id in dict.fromkeys(alert_ids):
        try:
            words = _words([_known(alert_id, alerts)], FeedbackVerdict.FALSE_ALARM, said, alerts)
        except NotFoundError:
            unknown.append(alert_id)
            continue
        recorded += feedback.record(words)
    return recorded, tuple(unknown)


def _known(alert_id: str, alerts: AlertStore) -> str:
    if alerts.alert(alert_id) is None:
        raise NotFoundError("alert", alert_id)
    return alert_id


def _words(
    alert_ids: Iterable[str], verdict: FeedbackVerdict, said: Decision, alerts: AlertStore
) -> tuple[Feedback, ...]:
    """Say it of each post; what was written for a drill teaches nothing."""
    return tuple(
        feedback_on(member, alert_id, verdict=verdict, reason=said.note, by=said.by, at=said.at)
        for alert_id in alert_ids
        for member in alerts.posts(alert_id, limit=MAX_POSTS)
        if not member.post.drill
    )
