"""Which of an incident's alerts and posts a report counts, reads and shows.

All alerts are counted; the posts of the gravest, the newest and the one that began it are read, as many as
a draft can afford. With :data:`MOST_COUNTED` alerts that is :data:`MOST_COUNTED` / 100 reads of heads and
:data:`MOST_READ` queries of a thousand posts at most, however long the incident was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.ports.scoring import AlertRecords

MOST_COUNTED = 2_000
"""Alerts that are counted, the latest that joined; the report tells how many more there were."""

MOST_READ = 40
"""Alerts whose posts are read."""

MOST_POSTS = 5_000
"""Posts after which no more alerts are read."""

MOST_OF_ONE = 1_000

Shown = TypeVar("Shown", Alert, AlertedPost)


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """What a report knows of the posts of an incident.

    Attributes
    ----------
    alerts : tuple of Alert
        Everything that is counted, without the alerts whose posts went into another.
    posts : tuple of AlertedPost
        Those that were read, first published first.
    uncounted : int
        Alerts beyond :data:`MOST_COUNTED`.
    """

    alerts: tuple[Alert, ...] = ()
    posts: tuple[AlertedPost, ...] = ()
    uncounted: int = 0

    @property
    def total(self) -> int:
        """How many posts there are, read or not."""
        return max(sum(alert.posts for alert in self.alerts), len(self.posts))


def gathered(alert_ids: Sequence[str], records: AlertRecords) -> Gathered:
    """Count the alerts of an incident and read the posts of those that tell most."""
    counted = alert_ids[-MOST_COUNTED:]
    alerts = tuple(alert for alert in records.heads(counted) if alert.merged_into is None)
    posts: list[AlertedPost] = []
    for alert in _telling(alerts):
        if len(posts) < MOST_POSTS:
            posts += records.posts(alert.id, limit=MOST_OF_ONE)
    return Gathered(
        alerts=alerts,
        posts=tuple(sorted(posts, key=lambda member: (member.post.published_at, member.post.key))),
        uncounted=len(alert_ids) - len(counted),
    )


def shown_alerts(alerts: Sequence[Alert], most: int) -> tuple[Alert, ...]:
    """Return the alerts that a list shows, in the order in which they began."""
    return tuple(sorted(_chosen(alerts, most), key=lambda alert: (alert.first_post_at, alert.id)))


def shown_posts(posts: Sequence[AlertedPost], most: int) -> tuple[AlertedPost, ...]:
    """Return the posts that a list shows, in the order in which they were written."""
    return tuple(sorted(_chosen(posts, most), key=lambda each: (each.post.published_at, each.post.key)))


def _telling(alerts: Sequence[Alert]) -> Sequence[Alert]:
    """Return what is worth reading, the first and the gravest in front: a few may fill the measure."""
    return _chosen(alerts, MOST_READ)


def _chosen(these: Sequence[Shown], most: int) -> list[Shown]:
    """Choose the first, then the gravest for two thirds of the room, then the newest."""
    if not these:
        return []
    gravest: list[Shown] = sorted(these, key=_gravity, reverse=True)
    first: list[Shown] = sorted(these, key=_time)[:1]
    kept: dict[str, Shown] = {}
    for each in first + gravest[: most * 2 // 3]:
        kept[_key(each)] = each
    for each in sorted(these, key=_time, reverse=True):
        if len(kept) == most:
            break
        kept.setdefault(_key(each), each)
    return list(kept.values())


def _gravity(each: Alert | AlertedPost) -> tuple[int, int, int, str]:
    if isinstance(each, Alert):
        return each.level.rank, each.score, each.spread, each.id
    return each.assessment.level.rank, each.assessment.score, each.post.reposts, each.post.key


def _time(each: Alert | AlertedPost) -> tuple[str, str]:
    """Order alerts by their beginning: the newest is the one that began last."""
    at = each.first_post_at if isinstance(each, Alert) else each.post.published_at
    return at.isoformat(), _key(each)


def _key(each: Alert | AlertedPost) -> str:
    return each.id if isinstance(each, Alert) else each.post.key
