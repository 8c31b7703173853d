"""Gathers the morning's numbers: everything is counted anew, so any day can be told again."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.alerts import Alert
from hikeshi.domain.assessment import Level
from hikeshi.domain.caring import mask_of
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.digest import (
    DAY,
    MOST_INCIDENTS,
    MOST_NOTICES,
    WEEK,
    DayCount,
    Digest,
    NoticedPost,
    OverdueAction,
    OverdueManual,
    Period,
    SilentSource,
    count_of,
    day_until,
    posts_in,
    was_open,
)
from hikeshi.domain.feedback import month_of
from hikeshi.domain.hours import LATE
from hikeshi.domain.incidents import Incident
from hikeshi.domain.japan_time import JST
from hikeshi.domain.manuals import overdue
from hikeshi.domain.masking import MASK
from hikeshi.ports.collecting import SourceStore
from hikeshi.ports.environment import Clock
from hikeshi.ports.feedback import FeedbackStore
from hikeshi.ports.responding import IncidentRepository, Outbox
from hikeshi.ports.scoring import AlertStore, PostCounts
from hikeshi.services.alerts.precision import ALL, precision_by_month
from hikeshi.services.collection.silence import FIRST_AFTER
from hikeshi.services.messages.excerpt import excerpt

LONGEST_INCIDENT = timedelta(days=90)
"""How far back an incident may have been opened that ends or is still open now."""

TEXT_LENGTH = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Digesting:
    """What the digest is gathered from."""

    alerts: AlertStore
    counts: PostCounts
    incidents: IncidentRepository
    sources: SourceStore
    feedback: FeedbackStore
    outbox: Outbox
    configuration: Configuration
    clock: Clock


def digest_at(at: datetime, digesting: Digesting) -> Digest:
    """Return the digest of the twenty-four hours before a moment, with the incidents open at that moment.

    Posts are counted in slices, so the hours end with the last whole one; an incident is open or not.
    """
    period = day_until(at)
    alerts = _alerts(digesting, since=period.since - WEEK)
    incidents = digesting.incidents.opened_since(period.since - WEEK - LONGEST_INCIDENT)
    days = [period, period.earlier(DAY), period.earlier(WEEK)]
    today, day_before, week_before = (_day(each, digesting, alerts, incidents) for each in days)
    among_few = {each.id for each in incidents if each.circle is not None}
    notices = [
        a
        for a in alerts
        if a.level is Level.NOTICE and period.has(a.detected_at) and a.incident_id not in among_few
    ]
    quiet = {each.brand for each in incidents if _protects(each, at=at)}
    notices.sort(key=lambda alert: (-alert.spread, alert.id))
    month = precision_by_month(digesting.feedback.month(month_of(at)))
    still_open = _open(incidents, at=at)
    total = next((row for row in month if row.category is ALL), None)
    return Digest(
        at=at,
        period=period,
        today=replace(today, still_open=sum(was_open(each, at) for each in incidents)),
        day_before=day_before,
        week_before=week_before,
        notices=tuple(_noticed(alert, digesting, quiet) for alert in notices[:MOST_NOTICES]),
        more_notices=max(len(notices) - MOST_NOTICES, 0),
        incidents=tuple(each for each in still_open if each.circle is None)[:MOST_INCIDENTS],
        restricted=sum(each.circle is not None for each in still_open),
        silent=_silent(digesting),
        right=total.right if total else 0,
        false_alarms=total.false_alarms if total else 0,
        overdue=overdue_actions(digesting.incidents, at=at),
        manuals=_manuals(digesting, at=at),
    )


def _day(
    period: Period, digesting: Digesting, alerts: Sequence[Alert], incidents: Sequence[Incident]
) -> DayCount:
    watched = digesting.configuration.watches.brands
    histories = (digesting.counts.history(brand, since=period.since - DAY) for brand in watched)
    posts = sum(posts_in(period, history) for history in histories)
    return count_of(period, posts=posts, alerts=alerts, incidents=incidents)


def _alerts(digesting: Digesting, *, since: datetime) -> list[Alert]:
    """Return what may have been detected since then; a post may be found hours after it was written."""
    brands = digesting.configuration.watches.brands
    return [alert for brand in brands for alert in digesting.alerts.every(brand, since=since - LATE)]


def _protects(incident: Incident, *, at: datetime) -> bool:
    """Tell whether somebody is looked after whom a quotation might name."""
    cared_for = incident.after_care_until is not None and at < incident.after_care_until
    return incident.protects > 0 and (incident.status.is_open or cared_for)


def _noticed(alert: Alert, digesting: Digesting, quiet: Container[str]) -> NoticedPost:
    brand = digesting.configuration.watches.brands.get(alert.brand)
    return NoticedPost(
        brand=brand.name if brand else alert.brand,
        category=alert.category,
        text=MASK if alert.brand in quiet else excerpt(alert.quote, limit=TEXT_LENGTH),
        voices=alert.spread,
    )


def _open(incidents: Sequence[Incident], *, at: datetime) -> tuple[Incident, ...]:
    known = [each for each in incidents if each.status.is_open and each.opened_at <= at]
    return tuple(sorted(known, key=lambda each: (each.level.rank, each.opened_at), reverse=True))


def _silent(digesting: Digesting) -> tuple[SilentSource, ...]:
    """Return the sources that cannot be read, or bring nothing where much is usual."""
    found = []
    for source in digesting.configuration.watches.sources.values():
        cursor, _ = digesting.sources.load(source.id)
        if cursor.failures >= FIRST_AFTER:
            found.append(SilentSource(name=source.name, since=cursor.last_success_at))
        elif cursor.quiet_told_at is not None:
            found.append(SilentSource(name=source.name, since=cursor.last_new_at))
    return tuple(found)


def overdue_actions(incidents: IncidentRepository, *, at: datetime) -> tuple[OverdueAction, ...]:
    """Return the corrective actions that are late, longest first; none that only few may know of."""
    rooms = (incidents.room(incident_id) for incident_id in incidents.still_owing())
    found = [
        OverdueAction(
            number=room.incident.number,
            title=excerpt(mask_of(room)(action.title), limit=TEXT_LENGTH),
            owner=action.owner,
            due_at=action.due_at if action.done_at is None else action.check_at,
        )
        for room in rooms
        if room.incident.circle is None
        for action in room.corrections
        if action.is_overdue(at)
    ]
    return tuple(sorted(found, key=lambda action: (action.due_at, action.number)))


def _manuals(digesting: Digesting, *, at: datetime) -> tuple[OverdueManual, ...]:
    late = overdue(digesting.configuration.manual, at.astimezone(JST).date())
    return tuple(OverdueManual(title=page.title, review_by=page.review_by) for page in late)
