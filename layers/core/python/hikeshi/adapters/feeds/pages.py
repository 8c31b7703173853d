"""Somebody else's page, opened once a day to see whether a passage still stands on it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from hikeshi.adapters.feeds.download import Downloader, StatusError, Validators
from hikeshi.adapters.feeds.html_text import text_of
from hikeshi.adapters.feeds.xml_gate import ENCODINGS
from hikeshi.domain.errors import FetchError, InvalidFeedError
from hikeshi.domain.takedowns import Sight, shows

_GONE = frozenset({404, 410})
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_HEAD = 2_000
"""Bytes in which a page names its encoding."""


class HttpPageProbe:
    """Looks over http and https, by the same rules as feeds: public addresses, one host, little of all."""

    def __init__(self, *, downloader: Downloader) -> None:
        self._downloader = downloader

    def look(self, url: str, *, passage: str) -> Sight:
        """Look for a passage; a redirect to another host, for one to sign in, tells nothing."""
        try:
            host = urlsplit(url).hostname or ""
            found = self._downloader.get(url, hosts=(host,), validators=Validators())
        except StatusError as error:
            return Sight.ABSENT if error.status in _GONE else Sight.UNREADABLE
        except (FetchError, InvalidFeedError, ValueError):
            return Sight.UNREADABLE
        page = text_of(_decoded(found.body or b"", found.content_type))
        return Sight.SHOWN if shows(passage, page) else Sight.NOT_SHOWN


def _decoded(body: bytes, content_type: str) -> str:
    """Read a page in the encoding that it names, or else as UTF-8; what does not fit is passed over."""
    for said in (content_type, body[:_HEAD].decode("latin-1")):
        named = _CHARSET.search(said)
        if named and (encoding := ENCODINGS.get(named.group(1).lower())):
            return body.decode(encoding, errors="ignore")
    return body.decode("utf-8", errors="ignore")
