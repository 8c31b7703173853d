"""JSON Feed 1 and 1.1, which feedparser does not read.

An item may say how a post is doing in the extension object ``_hikeshi``: ``reposts``, ``likes``,
``followers`` (numbers) and ``media`` (a list of kinds).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from hikeshi.adapters.feeds.html_text import media_in, text_of
from hikeshi.adapters.feeds.items import Item
from hikeshi.adapters.feeds.xml_gate import MAX_ITEMS
from hikeshi.domain.errors import FetchError, InvalidFeedError

_VERSION = "https://jsonfeed.org/version/1"
_KINDS = {"image": "photo", "video": "video", "audio": "audio"}


def read_items(body: bytes) -> tuple[list[Item], int]:
    """Read the items of a JSON Feed, and count those that were too broken to read.

    Raises
    ------
    FetchError
        If the feed has too many items.
    InvalidFeedError
        If it is not a feed.
    """
    try:
        feed = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InvalidFeedError("not JSON, or cut short") from None
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith(_VERSION):
        raise InvalidFeedError("not a JSON Feed")
    items = feed.get("items")
    if not isinstance(items, list):
        raise InvalidFeedError("a JSON Feed without items")
    if len(items) > MAX_ITEMS:
        raise FetchError(f"the feed has more than {MAX_ITEMS} items")
    read = [_item(item) for item in items if isinstance(item, dict)]
    return read, len(items) - len(read)


def _item(item: Mapping[str, Any]) -> Item:
    html, words, own = _text(item, "content_html"), _text(item, "content_text"), item.get("_hikeshi")
    doing: Mapping[str, Any] = own if isinstance(own, dict) else {}
    return Item(
        id=_identifier(item.get("id")),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        body=words or text_of(html) or _text(item, "summary"),
        author=_author(item),
        published_at=_moment(_text(item, "date_published") or _text(item, "date_modified")),
        reposts=doing.get("reposts", 0),
        likes=doing.get("likes", 0),
        followers=doing.get("followers", 0),
        media=(*_attached(item, doing), *media_in(html)),
    )


def _text(item: Mapping[str, Any], field: str) -> str:
    value = item.get(field)
    return value if isinstance(value, str) else ""


def _identifier(value: object) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if isinstance(value, str) or number else ""


def _author(item: Mapping[str, Any]) -> str:
    authors = item.get("authors") or [item.get("author")]
    first = authors[0] if isinstance(authors, list) else None
    return _text(first, "name") if isinstance(first, dict) else ""


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _attached(item: Mapping[str, Any], doing: Mapping[str, Any]) -> Iterator[str]:
    kinds = doing.get("media")
    for kind in kinds if isinstance(kinds, list) else ():
        if isinstance(kind, str) and kind.isidentifier():
            yield kind[:64]
    attachments = item.get("attachments")
    for attachment in attachments if isinstance(attachments, list) else ():
        mime = _text(attachment, "mime_type").partition("/")[0] if isinstance(attachment, dict) else ""
        if mime in _KINDS:
            yield _KINDS[mime]
    if _text(item, "image"):
        yield "photo"


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
