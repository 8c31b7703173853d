"""What ``score_posts`` takes and answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hikeshi.domain.errors import InvalidPostError
from hikeshi.domain.posts import Post
from hikeshi.services.collection import post_payload


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuedPosts:
    """The posts of a batch of queue messages; the same post may be in it twice.

    Attributes
    ----------
    posts : tuple of Post
        Each once.
    messages : mapping of str to tuple of str
        The ids of the messages that carry a post, by post key.
    unreadable : mapping of str to str
        Why a message holds no post, by message id.
    """

    posts: tuple[Post, ...]
    messages: Mapping[str, tuple[str, ...]]
    unreadable: Mapping[str, str]

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> QueuedPosts:
        """Read the records of an SQS event; of two copies of a post the one with more reposts counts."""
        posts: dict[str, Post] = {}
        messages: dict[str, tuple[str, ...]] = {}
        unreadable: dict[str, str] = {}
        for record in event["Records"]:
            message_id: str = record["messageId"]
            try:
                post = post_payload.decode(record["body"])
            except InvalidPostError as error:
                unreadable[message_id] = str(error)
                continue
            known = posts.get(post.key)
            if known is None or post.reposts > known.reposts:
                posts[post.key] = post
            messages[post.key] = (*messages.get(post.key, ()), message_id)
        return cls(posts=tuple(posts.values()), messages=messages, unreadable=unreadable)

    def answer(self, failed: Iterable[str]) -> dict[str, Any]:
        """Return the messages that have to come again: those of failed posts and the unreadable ones."""
        again = [message for key in failed for message in self.messages[key]]
        return {"batchItemFailures": [{"itemIdentifier": m} for m in (*again, *self.unreadable)]}
