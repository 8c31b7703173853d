"""RSS and Atom through feedparser, behind the gate.

Beside the standard elements, an entry may say how a post is doing in the namespace
``urn:hikeshi:post``, prefix ``hikeshi``: ``reposts``, ``likes``, ``followers`` (numbers) and
``media`` (kinds, separated by commas).
"""

from __future__ import annotations

import calendar
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser

from hikeshi.adapters.feeds.html_text import media_in, text_of
from hikeshi.adapters.feeds.items import Item
from hikeshi.adapters.feeds.xml_gate import admit
from hikeshi.domain.errors import InvalidFeedError

_KINDS = {"image": "photo", "video": "video", "audio": "audio"}
_PARSER_FAULTS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


def read_items(body: bytes, content_type: str) -> tuple[list[Item], int]:
    """Read the items of an RSS or Atom feed, and count those that were too broken to read.

    Raises
    ------
    FetchError
        If the feed has too many items.
    InvalidFeedError
        If it is not a feed.
    """
    admitted = admit(body, content_type)
    try:
        feed = feedparser.parse(
            admitted.content,
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _PARSER_FAULTS as fault:
        # Twenty years of feeds have not shown it every hostile one: its faults are the feed's.
        raise InvalidFeedError(f"the feed cannot be parsed ({type(fault).__name__})") from fault
    if not feed.version:
        raise InvalidFeedError("neither RSS nor Atom")
    # Plain dictionaries: feedparser's own answers one key with the value of another.
    return [_item(dict(entry)) for entry in feed.entries], admitted.dropped


def _item(entry: dict[str, Any]) -> Item:
    bodies = entry.get("content") or [entry.get("summary_detail") or {}]
    html = "\n".join(str(body.get("value", "")) for body in bodies)
    return Item(
        id=str(entry.get("id", "")),
        link=str(entry.get("link", "")),
        title=_words(entry.get("title_detail") or {}),
        body="\n".join(_words(body) for body in bodies),
        author=str(entry.get("author", "")),
        published_at=_moment(entry.get("published_parsed") or entry.get("updated_parsed")),
        reposts=entry.get("hikeshi_reposts", 0),
        likes=entry.get("hikeshi_likes", 0),
        followers=entry.get("hikeshi_followers", 0),
        media=(*_attached(entry), *media_in(html)),
    )


def _words(detail: Any) -> str:
    value = str(detail.get("value", ""))
    return value if detail.get("type") == "text/plain" else text_of(value)


def _moment(parsed: time.struct_time | None) -> datetime | None:
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _attached(entry: dict[str, Any]) -> Iterator[str]:
    for kind in str(entry.get("hikeshi_media", "")).split(","):
        if kind.strip().isidentifier():
            yield kind.strip()[:64]
    attachments = [*entry.get("links", []), *entry.get("media_content", [])]
    for attachment in attachments:
        mime = str(attachment.get("type") or attachment.get("medium") or "").partition("/")[0]
        if attachment.get("rel", "enclosure") == "enclosure" and mime in _KINDS:
            yield _KINDS[mime]
