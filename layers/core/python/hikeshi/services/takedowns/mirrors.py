"""Copies of posts that were asked about, found at other addresses: each proposes a request of its own.

Only what people asked a site to take down is looked for, and only among the posts of the same incident;
whether a copy is asked about is for a person to say.
"""

from __future__ import annotations

from collections.abc import Sequence

from hikeshi.domain.actions import Role
from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.facts import Proof
from hikeshi.domain.incidents import Room
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.removing import known_addresses, propose_mirrors
from hikeshi.domain.similarity import CONTAINED, SAME_FAMILY, containment, likeness, signature_of
from hikeshi.domain.takedowns import MIRRORED, Takedown, TakedownState, address_of
from hikeshi.domain.timeline import SYSTEM, TimelineEvent
from hikeshi.services.incidents.alert_joining import Joining
from hikeshi.services.messages.audience import cause, holders_of
from hikeshi.services.messages.notices import Notice, notice_rows
from hikeshi.services.takedowns.takedown_text import platform_of

MOST_POSTS = 500
"""Posts of one alert that are compared."""

MOST_PROPOSED = 20
"""Proposals that wait for a person at any time."""

MOST_TEXT = 2000


def with_mirrors(
    room: Room, joining: Joining
) -> tuple[Room, tuple[TimelineEvent, ...], tuple[OutboxRow, ...]]:
    """Propose a request for each copy among the posts of the alert that joins; tell PR and legal."""
    asked = [each for each in room.takedowns if each.state in MIRRORED]
    if not asked:
        return room, (), ()
    posts = joining.alerts.posts(joining.alert.id, limit=MOST_POSTS)
    after, events = propose_mirrors(room, mirrors_among(room, asked, posts, joining))
    if not events:
        return room, (), ()
    first = events[0].details["takedown"]
    notice = Notice(
        cause=cause(room.incident, f"{first}/proposed"),
        moment="status",
        params={"news_key": "news.takedown_mirror", "ask_key": "ask.takedown_mirror"},
    )
    people = holders_of((Role.PR, Role.LEGAL), joining.configuration.roster)
    return after, events, notice_rows(room.incident, people, notice, ids=joining.ids, at=joining.at)


def mirrors_among(
    room: Room, asked: Sequence[Takedown], posts: Sequence[AlertedPost], joining: Joining
) -> tuple[Takedown, ...]:
    """Return a proposal for each post that repeats a text, at an address nobody asked about yet."""
    signed = [(each, signature_of(each.passage)) for each in asked]
    seen = set(known_addresses(room))
    room_left = MOST_PROPOSED - sum(1 for each in room.takedowns if each.state is TakedownState.PROPOSED)
    found: list[Takedown] = []
    for kept in posts:
        url = kept.post.url
        if url is None or address_of(url) in seen or len(found) >= room_left:
            continue
        signature = signature_of(kept.post.text)
        original = next((each for each, signed_as in signed if _repeats(signature, signed_as)), None)
        if original is not None:
            seen.add(address_of(url))
            found.append(_proposal(kept, url, original, joining))
    return tuple(found)


def _repeats(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return likeness(one, other) >= SAME_FAMILY or containment(one, other) >= CONTAINED


def _proposal(kept: AlertedPost, url: str, original: Takedown, joining: Joining) -> Takedown:
    """Return a request that nobody made yet; the evidence is the copy that was kept when it was found."""
    evidence = Proof(
        title=url,
        uri=kept.evidence.uri,
        sha256=kept.evidence.sha256,
        kept_by=SYSTEM,
        kept_at=kept.evidence.captured_at,
    )
    return Takedown(
        id=f"takedown-{joining.ids.ulid()}",
        number=0,
        url=url,
        platform=platform_of(url),
        ground=original.ground,
        passage=kept.post.text[:MOST_TEXT],
        evidence=evidence,
        requested_by=SYSTEM,
        requested_at=joining.at,
        posted_at=kept.post.published_at,
        mirror_of=original.id,
        state=TakedownState.PROPOSED,
    )
