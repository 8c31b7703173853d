"""Which alert a post belongs to: the one with its text, the one most like it, or a new one.

The id of an alert is derived from brand and text, so that two processes that meet the same text at once
write the same record and one of them finds out; near-identical texts are found by signature among the
brand's recent alerts. Arrival order decides only which text leads, never how many are counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.alerts import QUOTE_LENGTH, Alert, AlertedPost
from hikeshi.domain.assessment import Assessment, Axes
from hikeshi.domain.posts import Post
from hikeshi.domain.similarity import SAME_FAMILY, family_of, likeness, signature_of
from hikeshi.ports.scoring import AlertStore

_LOOKED_AT = 3
"""Alike alerts that are asked whether they hold the post already."""

_LED = "この投稿から始まりました"
_SAME_TEXT = "本文が同じです"
_ALIKE = "本文が{percent}%一致しています"


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """The alert that a post belongs to, why, and the repost count already seen for it there."""

    alert: Alert
    why: str
    seen: int | None

    @property
    def is_new(self) -> bool:
        """Tell whether the alert is not stored yet."""
        return self.alert.version == 0


def alert_id_for(brand: str, text: str) -> str:
    """Return the id that every process gives to the alert led by this text."""
    digest = hashlib.sha256(f"{brand}\x00{family_of(text)}".encode()).hexdigest()
    return f"alert-{digest[:32]}"


def find_home(
    post: Post,
    assessment: Assessment,
    *,
    brand: str,
    alerts: AlertStore,
    window: timedelta,
    at: datetime,
) -> Home:
    """Find or make the alert of a post."""
    alert_id = alert_id_for(brand, post.text)
    led = alerts.alert(alert_id)
    if led is not None:
        seen = alerts.reposts_of(led.id, post.key)
        return Home(alert=led, why=led.why_grouped if seen is not None else _SAME_TEXT, seen=seen)
    signature = signature_of(post.text)
    alike = _alike(signature, alerts.recent(brand, since=at - window))
    for near, _ in alike:
        seen = alerts.reposts_of(near.id, post.key)
        if seen is not None:
            return Home(alert=near, why=near.why_grouped, seen=seen)
    if alike:
        near, share = alike[0]
        return Home(alert=near, why=_ALIKE.format(percent=int(share * 100)), seen=None)
    return Home(
        alert=_led_by(post, assessment, alert_id=alert_id, brand=brand, signature=signature, at=at),
        why=_LED,
        seen=None,
    )


def counted(home: Home, member: AlertedPost, *, new_author: bool) -> Alert:
    """Count the post in its alert; a repost count lower than one seen before adds nothing."""
    more_reposts = max(0, member.post.reposts - (home.seen or 0))
    grown = home.alert.add(member, new_author=new_author, more_reposts=more_reposts, is_new=home.seen is None)
    return replace(grown, axes=_higher(home.alert.axes, member.assessment.axes))


def _alike(signature: tuple[int, ...], recent: Sequence[Alert]) -> list[tuple[Alert, float]]:
    shares = ((alert, likeness(signature, alert.signature)) for alert in recent)
    found = sorted(
        ((alert, share) for alert, share in shares if share >= SAME_FAMILY),
        key=lambda pair: (-pair[1], pair[0].id),
    )
    return found[:_LOOKED_AT]


def _higher(known: Axes, latest: Axes) -> Axes:
    return Axes(
        importance=max(known.importance, latest.importance),
        impact=max(known.impact, latest.impact),
        urgency=max(known.urgency, latest.urgency),
    )


def _led_by(
    post: Post,
    assessment: Assessment,
    *,
    alert_id: str,
    brand: str,
    signature: tuple[int, ...],
    at: datetime,
) -> Alert:
    return Alert(
        id=alert_id,
        brand=brand,
        category=assessment.category,
        crisis_type=assessment.crisis_type,
        level=assessment.level,
        score=assessment.score,
        axes=assessment.axes,
        reasons=assessment.reasons,
        quote=" ".join(post.text.split())[:QUOTE_LENGTH],
        has_media=bool(post.media),
        source=post.source,
        signature=signature,
        why_grouped=_LED,
        first_post_at=post.published_at,
        last_post_at=post.published_at,
        detected_at=at,
    )
