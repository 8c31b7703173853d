"""How quiet an incident is now, from the posts of its alerts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.calming import Heard, Quiet
from hikeshi.domain.calming import quiet_of as measure
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.drills import brand_meant
from hikeshi.domain.incidents import Incident
from hikeshi.domain.pace import MEDIA_WEIGHT
from hikeshi.domain.pulse import KEPT
from hikeshi.domain.sources import WatchList
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.alerts.dangers import perils_among, standing_among

MOST_ALERTS = 10
"""The first alerts of an incident that are read, and as many of the later ones: those heard of last."""

_LOOKED_AT = 50
_GRAVE = 5
MOST_GRAVE = 20
"""Alerts that still put a life at risk of which an incident about one reads the posts, at least."""

_SOUGHT_AMONG = 150
"""Alerts between the first and the latest among which these are sought."""

MOST_READ = 1_000
"""Posts of one alert that are read; of a larger one they are a sample, since their keys are digests."""

_MINUTE = timedelta(minutes=1)

Member = tuple[Alert, Sequence[AlertedPost]]
Members = Sequence[Member]


def quiet_now(incident: Incident, *, alerts: AlertStore, configuration: Configuration, at: datetime) -> Quiet:
    """Read the incident's alerts and measure them."""
    return quiet_of(incident, read(incident, alerts), configuration=configuration, at=at)


def read(incident: Incident, alerts: AlertStore) -> Members:
    """Read alerts of an incident with their posts: the first, then of the later ones the latest heard of.

    The first tell how it began, but of a long incident none of them need be loud any more. Whatever is said
    since, the latest that put a life at risk are read as well: what they hold is told to the police. Of an
    incident about a life those are read that still put it at risk, wherever they stand: only of what is
    read can anybody say that it is no danger.
    """
    find = standing_among if incident.perils else _found
    first, later = incident.alerts[:MOST_ALERTS], incident.alerts[MOST_ALERTS:]
    latest = sorted(find(later[-_LOOKED_AT:], alerts), key=_heard_of_at, reverse=True)
    grave = [alert for alert in latest if alert.peril is not None][:_GRAVE]
    chosen = {alert.id: alert for alert in (*find(first, alerts), *latest[:MOST_ALERTS], *grave)}
    members = {each.id: (each, alerts.posts(each.id, limit=MOST_READ)) for each in chosen.values()}
    if incident.perils:
        between = standing_among(later[:-_LOOKED_AT][: -_SOUGHT_AMONG - 1 : -1], alerts)
        members |= _still_grave(incident, members, chain(latest, between), alerts)
    return list(members.values())


def _still_grave(
    incident: Incident, members: Mapping[str, Member], others: Iterable[Alert], alerts: AlertStore
) -> dict[str, Member]:
    """Read further alerts until so many are known that still put a life at risk."""
    found: dict[str, Member] = {}
    wanted = MOST_GRAVE - sum(bool(perils_among(*each, incident.harmless)) for each in members.values())
    for alert in others:
        if len(found) >= wanted:
            break
        if not alert.perils or alert.id in members:
            continue
        posts = alerts.posts(alert.id, limit=MOST_READ)
        if perils_among(alert, posts, incident.harmless):
            found[alert.id] = (alert, posts)
    return found


def quiet_of(incident: Incident, members: Members, *, configuration: Configuration, at: datetime) -> Quiet:
    """Measure the posts of an incident; an exercise need not wait for the hours."""
    brand = configuration.watches.brands.get(brand_meant(incident.brand))
    usual = brand.normal_per_minute if brand else 0.0
    return measure(
        (voice for alert, posts in members for voice in _heard(alert, posts, configuration.watches)),
        normal_per_minute=incident.spread.normal_per_minute or usual,
        wanted=timedelta() if incident.drill else configuration.calm_after,
        since=_last_alarm(incident, [alert for alert, _ in members]),
        at=at,
    )


def _found(ids: Iterable[str], alerts: AlertStore) -> Iterator[Alert]:
    found = (alerts.alert(alert_id) for alert_id in ids)
    return (alert for alert in found if alert is not None)


def _heard_of_at(alert: Alert) -> datetime:
    """Return when the last post or repost came."""
    return max(alert.last_post_at, alert.pulse.until or alert.last_post_at)


def _last_alarm(incident: Incident, alerts: Iterable[Alert]) -> datetime:
    """Return when it last alarmed: as it began, with its newest alert or as its level rose."""
    began = max(incident.first_post_at, incident.detected_at)
    risen = incident.raised_at or began
    return max(began, risen, *(alert.detected_at for alert in alerts))


def _heard(alert: Alert, posts: Sequence[AlertedPost], watches: WatchList) -> Iterator[Heard]:
    """Yield each post, and beside it the reposts of the alert's last half hour: older ones left no time."""
    share = max(alert.posts / len(posts), 1.0) if posts else 1.0
    for kept in posts:
        source = watches.sources.get(kept.post.source)
        press = source is not None and source.weight >= MEDIA_WEIGHT
        yield Heard(at=kept.post.published_at, voices=share, press=press)
    yield from _reposts(alert, [kept.post.published_at for kept in posts])


def _reposts(alert: Alert, published: Iterable[datetime]) -> Iterator[Heard]:
    pulse = alert.pulse
    if pulse.until is None:
        return
    minutes = [moment.replace(second=0, microsecond=0) for moment in published]
    for age in range(KEPT):
        minute = pulse.until - age * _MINUTE
        more = pulse.voices(until=minute, minutes=1) - minutes.count(minute)
        if more > 0:
            yield Heard(at=minute, voices=more)
