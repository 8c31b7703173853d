"""What people do about a bad post of their own; see :mod:`hikeshi.domain.retracting` for the order."""

from __future__ import annotations

from datetime import datetime

from hikeshi.domain import retracting
from hikeshi.domain.actions import Action
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.incidents import Change, Room
from hikeshi.domain.own_posts import OwnPost
from hikeshi.domain.takedowns import is_address
from hikeshi.services.incidents.respond import Responder, act
from hikeshi.services.takedowns.takedown_desk import keep_copy


def archive_own_post(incident_id: str, *, by: Responder, url: str, text: str, wrong: str) -> Room:
    """Keep the post as it stands, so that it may be taken down.

    Raises
    ------
    InvalidFormError
        ``url`` if it is no address on the web.
    """
    post_id = f"own-{by.ids.ulid()}"

    def change(room: Room, at: datetime) -> Change:
        if not is_address(url):
            raise InvalidFormError("an address begins with https:// or http://", field="url", why="address")
        post = OwnPost(
            id=post_id,
            number=0,
            url=url,
            text=text,
            wrong=wrong,
            evidence=keep_copy(by, incident_id, url=url, text=text, posted_at=None, at=at),
            archived_by=by.person.id,
            archived_at=at,
        )
        return retracting.archive_own_post(room, post)

    return act(incident_id, Action.ARCHIVE_OWN_POST, change, by=by)


def remove_own_post(incident_id: str, *, by: Responder, post_id: str, reason: str, notice: str) -> Room:
    """Record that the post was taken down, why, and what the public will be told."""

    def change(room: Room, at: datetime) -> Change:
        return retracting.remove_own_post(room, post_id, by=by.person.id, at=at, reason=reason, notice=notice)

    return act(incident_id, Action.REMOVE_OWN_POST, change, by=by)


def announce_own_post(incident_id: str, *, by: Responder, post_id: str, where: str) -> Room:
    """Record that the public was told."""

    def change(room: Room, at: datetime) -> Change:
        return retracting.announce_own_post(room, post_id, by=by.person.id, at=at, where=where)

    return act(incident_id, Action.ANNOUNCE_OWN_POST, change, by=by)
