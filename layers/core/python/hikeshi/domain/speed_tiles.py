"""Four numbers that say why it had to be fast: growth, delay, corrections and anger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.incidents import Room
from hikeshi.domain.publishing import all_statements
from hikeshi.domain.response_clock import ResponseClock
from hikeshi.domain.timeline import TimelineEntry

WINDOW = timedelta(minutes=10)
LEAST_POSTS = 3
"""Of fewer posts neither a rate nor a share says anything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpeedTiles:
    """The four tiles; what cannot be known is None.

    Attributes
    ----------
    posts : int
        What growth and anger are counted from.
    per_minute, times_normal : float or None
        The fastest ten minutes, and how many times the brand's normal rate that is. Kept posts tell no
        reposts by the minute, so it is never below the highest pace that alerts and pages ever told.
    word_after, reply_after : timedelta or None
        From the post to the first public word; the middle time until people who wrote had their answer.
    replied, unanswered : int
        People who wrote and had theirs, and who have not.
    reversed_verdicts, flagged, put_right : int
        Facts judged anew with another verdict, texts that lost a fact, and texts put out after one of those.
    anger : float or None
        Share of the posts that are written in anger, 0 to 1.
    """

    posts: int
    per_minute: float | None
    times_normal: float | None
    word_after: timedelta | None
    reply_after: timedelta | None
    replied: int
    unanswered: int
    reversed_verdicts: int
    flagged: int
    put_right: int
    anger: float | None

    @property
    def corrections(self) -> int:
        """Return how often something that was said or held had to be taken back."""
        return self.reversed_verdicts + self.flagged


def speed_tiles(
    room: Room,
    *,
    posts: Sequence[AlertedPost],
    timeline: Sequence[TimelineEntry],
    clock: ResponseClock,
    is_angry: Callable[[str], bool],
) -> SpeedTiles:
    """Count the four tiles of an incident; posts are those that its alerts keep."""
    enough = len(posts) >= LEAST_POSTS
    spread = room.incident.spread
    times = [member.post.published_at for member in posts]
    fastest = max(_fastest(times), spread.peak) if enough else None
    normal = spread.normal_per_minute
    angry = sum(1 for member in posts if is_angry(member.post.text))
    answered = [(each.reply, each.taken_at) for each in room.inquiries if each.reply is not None]
    replies = [(reply.at - taken_at).total_seconds() for reply, taken_at in answered]
    said = all_statements(room)
    flagged_at = [each.flagged_at for each in said if each.flagged_at is not None]
    first_flag = min(flagged_at, default=None)
    out = [each.published_at for each in said if each.published_at is not None]
    return SpeedTiles(
        posts=len(posts),
        per_minute=fastest,
        times_normal=fastest / normal if fastest is not None and normal else None,
        word_after=clock.spoken_at - clock.started_at if clock.spoken_at and not clock.waived else None,
        reply_after=timedelta(seconds=median(replies)) if replies else None,
        replied=len(replies),
        unanswered=len(room.inquiries) - len(replies),
        reversed_verdicts=_reversed(timeline),
        flagged=len(flagged_at),
        put_right=sum(1 for at in out if first_flag is not None and at > first_flag),
        anger=angry / len(posts) if enough else None,
    )


def _fastest(times: Iterable[datetime]) -> float:
    """Return the most posts within any ten minutes, per minute."""
    ordered = sorted(times)
    first, most = 0, 0
    for place, at in enumerate(ordered):
        while at - ordered[first] >= WINDOW:
            first += 1
        most = max(most, place - first + 1)
    return most / (WINDOW / timedelta(minutes=1))


def _reversed(timeline: Sequence[TimelineEntry]) -> int:
    """Count verdicts that replaced another one on the same fact."""
    known: dict[str, str] = {}
    count = 0
    for event in (entry.event for entry in timeline if entry.event.kind == "fact_judged"):
        fact, verdict = event.details.get("fact", ""), event.details.get("verdict", "")
        count += known.get(fact, verdict) != verdict
        known[fact] = verdict
    return count
