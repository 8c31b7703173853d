"""What an incident teaches: dismissed, its posts were a false alarm; closed, they were right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.feedback import Feedback, FeedbackVerdict, feedback_on
from hikeshi.domain.incidents import Decision, Room, Slot
from hikeshi.ports.environment import Clock
from hikeshi.ports.feedback import FeedbackStore
from hikeshi.ports.scoring import AlertStore

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
    return _words(room.incident.alerts[-MAX_ALERTS:], verdict, said, alerts)


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
