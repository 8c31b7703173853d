"""Items of feeds, of whatever format, as posts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from hikeshi.domain.plain_text import plain, plain_line
from hikeshi.domain.posts import MAX_TEXT, Post
from hikeshi.domain.sources import Source

MAX_ID = 512
MAX_AUTHOR = 200
MAX_URL = 2_000
MAX_COUNT = 10**10
MAX_MEDIA = 20
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

_DIGITS = re.compile(r"\s{0,99}[0-9]{1,18}\s{0,99}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """What a feed says of one item, already plain text."""

    id: str = ""
    link: str = ""
    title: str = ""
    body: str = ""
    author: str = ""
    published_at: datetime | None = None
    reposts: object = 0
    likes: object = 0
    followers: object = 0
    media: tuple[str, ...] = ()


def to_post(item: Item, source: Source, *, at: datetime) -> Post | None:
    """Turn an item into a post; None if it says nothing, or more than a post may hold."""
    text = plain(_joined(item.title, item.body))
    if not text or len(text) > MAX_TEXT:
        return None
    url = plain_line(item.link)
    return Post(
        id=_stable_id(item, text),
        source=source.id,
        text=text,
        published_at=_clamped(item.published_at, at),
        fetched_at=at,
        brand=source.brand,
        url=url if url.lower().startswith(("http://", "https://")) and len(url) <= MAX_URL else None,
        author=plain_line(item.author)[:MAX_AUTHOR] or None,
        followers=_count(item.followers),
        reposts=_count(item.reposts),
        likes=_count(item.likes),
        media=tuple(dict.fromkeys(item.media))[:MAX_MEDIA],
    )


def _joined(title: str, body: str) -> str:
    """Put title and body together, once: short posts often have their own beginning as a title."""
    title, body = title.strip(), body.strip()
    beginning = plain_line(title.removesuffix("…").removesuffix("..."))
    if not body or not beginning or plain_line(body[: 2 * len(title)]).startswith(beginning):
        return body or title
    return f"{title}\n{body}"


def _stable_id(item: Item, text: str) -> str:
    """Return the item's own id, else its link, else a digest of what it says."""
    own = plain_line(item.id) or plain_line(item.link)
    if own and len(own) <= MAX_ID:
        return own
    return "sha256:" + hashlib.sha256((own or text).encode()).hexdigest()


def _clamped(published_at: datetime | None, at: datetime) -> datetime:
    if published_at is None or published_at < EARLIEST:
        return at
    return min(published_at, at)


def _count(value: object) -> int:
    """Read a count that a feed gives as text or number; what is no count counts nothing."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return 0
    return min(value, MAX_COUNT)
