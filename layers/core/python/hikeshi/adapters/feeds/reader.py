"""The feed reader: download, tell the format, read the items, make posts of them."""

from __future__ import annotations

from datetime import datetime

from hikeshi.adapters.feeds import json_feed, xml_feed
from hikeshi.adapters.feeds.download import Downloader, Validators
from hikeshi.adapters.feeds.items import Item, to_post
from hikeshi.domain.errors import InvalidFeedError
from hikeshi.domain.sources import Cursor, Source
from hikeshi.ports.collecting import FeedPage


class HttpFeedReader:
    """Reads RSS 2.0, Atom and JSON Feed over http and https."""

    def __init__(self, *, downloader: Downloader) -> None:
        self._downloader = downloader

    def read(self, source: Source, cursor: Cursor, *, at: datetime) -> FeedPage:
        """Fetch and parse, conditionally on the cursor's validators.

        Raises
        ------
        FetchError
            If the source could not be reached, answered badly, too slowly or too much.
        ForbiddenAddressError
            If it, or a redirect, points where we never connect.
        InvalidFeedError
            If the answer is not a whole feed.
        """
        known = Validators(etag=cursor.etag, last_modified=cursor.last_modified)
        download = self._downloader.get(source.url, hosts=source.hosts, validators=known)
        if download.body is None:
            return FeedPage(posts=(), etag=cursor.etag, last_modified=cursor.last_modified, not_modified=True)
        items, rejected = _items(download.body, download.content_type)
        posts = [post for item in items if (post := to_post(item, source, at=at)) is not None]
        rejected += len(items) - len(posts)
        if rejected and not posts:
            raise InvalidFeedError("not one item of the feed can be read")
        return FeedPage(
            posts=tuple({post.key: post for post in posts}.values()),
            etag=download.validators.etag,
            last_modified=download.validators.last_modified,
            rejected=rejected,
        )


def _items(body: bytes, content_type: str) -> tuple[list[Item], int]:
    if not body.strip():
        raise InvalidFeedError("the answer is empty")
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return json_feed.read_items(body)
    return xml_feed.read_items(body, content_type)
