"""What people do about a bad post of their own: archive, remove, say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hikeshi.domain.errors import AlreadyDecidedError, NotFoundError, NotReadyError
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.own_posts import OwnPost
from hikeshi.domain.takedowns import address_of
from hikeshi.domain.timeline import TimelineEvent

MOST_OWN_POSTS = 50
"""Posts of our own in one incident."""


def own_post_in(room: Room, post_id: str) -> OwnPost:
    """Look a post of our own up; NotFoundError if there is none."""
    for post in room.own_posts:
        if post.id == post_id:
            return post
    raise NotFoundError("own_post", post_id)


def archive_own_post(room: Room, post: OwnPost) -> Change:
    """Note a post whose copy lies in the archive.

    Raises
    ------
    NotReadyError
        ``own_post_known`` if its address is on the list, ``fewer_own_posts`` if the list is full.
    """
    if any(address_of(known.url) == address_of(post.url) for known in room.own_posts):
        raise NotReadyError(("own_post_known",))
    if len(room.own_posts) >= MOST_OWN_POSTS:
        raise NotReadyError(("fewer_own_posts",))
    numbered = replace(post, number=len(room.own_posts) + 1)
    details = {"wrong": post.wrong, "sha256": post.evidence.sha256}
    event = _event(numbered, "archived", by=post.archived_by, at=post.archived_at, details=details)
    return replace(room, own_posts=(*room.own_posts, numbered)), (event,)


def remove_own_post(room: Room, post_id: str, *, by: str, at: datetime, reason: str, notice: str) -> Change:
    """Record that the post was taken down, why, and what the public will be told.

    Raises
    ------
    NotReadyError
        ``own_post_notice`` if nobody says what the public will be told.
    AlreadyDecidedError
        If it was taken down before.
    """
    known = own_post_in(room, post_id)
    if known.removed_by is not None and known.removed_at is not None:
        raise AlreadyDecidedError(decision="own_post_removed", by=known.removed_by, at=known.removed_at)
    if not notice.strip():
        raise NotReadyError(("own_post_notice",))
    removed = replace(known, removed_by=by, removed_at=at, reason=reason, notice=notice)
    return _put(room, removed, "removed", by=by, at=at, details={"reason": reason})


def announce_own_post(room: Room, post_id: str, *, by: str, at: datetime, where: str) -> Change:
    """Record that the public was told.

    Raises
    ------
    NotReadyError
        ``own_post_removed`` if it still stands.
    AlreadyDecidedError
        If that was recorded before.
    """
    known = own_post_in(room, post_id)
    if known.announced_by is not None and known.announced_at is not None:
        raise AlreadyDecidedError(decision="own_post_announced", by=known.announced_by, at=known.announced_at)
    if known.removed_at is None:
        raise NotReadyError(("own_post_removed",))
    said = replace(known, announced_by=by, announced_at=at, announced_where=where)
    return _put(room, said, "announced", by=by, at=at, details={"where": where})


def _put(room: Room, post: OwnPost, step: str, *, by: str, at: datetime, details: dict[str, str]) -> Change:
    after = replace(room, own_posts=tuple(post if each.id == post.id else each for each in room.own_posts))
    return after, (_event(post, step, by=by, at=at, details=details),)


def _event(post: OwnPost, step: str, *, by: str, at: datetime, details: dict[str, str]) -> TimelineEvent:
    numbered = {"own_post": post.id, "post": str(post.number)}
    return TimelineEvent(kind=f"own_post_{step}", at=at, actor=by, details=numbered | details)
