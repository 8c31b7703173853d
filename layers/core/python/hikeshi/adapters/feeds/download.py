"""One conditional GET: few redirects, little time, and no more bytes than a feed needs."""

from __future__ import annotations

import re
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import httpcore

from hikeshi.adapters.feeds.addresses import Network, Resolve, ask_system
from hikeshi.adapters.feeds.locations import Location, locate
from hikeshi.adapters.feeds.network import CheckedBackend, Deadline
from hikeshi.domain.errors import FetchError, InvalidFeedError

MAX_BYTES = 1_048_576
MAX_REDIRECTS = 3
USER_AGENT = "hikeshi/1 (feed reader)"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
_NOT_MODIFIED = 304
_GZIP = 31
_VALIDATOR = re.compile(r"[!-~][ -~]{0,511}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What makes the next GET conditional."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """An answer, decompressed; ``body`` is None when nothing changed."""

    body: bytes | None
    content_type: str
    validators: Validators


class StatusError(FetchError):
    """The answer has a status that is no success; carries it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the source answered with status {status}")
        self.status = status


class Downloader:
    """Fetches URLs of one source within a common deadline.

    Nothing of the environment is used: no proxy, no cookies, no stored credentials. Only public
    addresses are connected to, and those in ``allow_addresses``: the embedded stack and the tests read
    feeds from this machine, a company may read them from its own network.
    """

    def __init__(
        self,
        *,
        allow_addresses: Sequence[Network] = (),
        resolve: Resolve = ask_system,
        seconds: float = 8.0,
        monotonic: Callable[[], float] = time.monotonic,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = tuple(allow_addresses)
        self._resolve = resolve
        self._seconds = seconds
        self._monotonic = monotonic
        self._tls = tls

    def get(self, url: str, *, hosts: Sequence[str], validators: Validators) -> Download:
        """Fetch a URL, following redirects that lead to hosts of the source.

        Raises
        ------
        FetchError
            If it could not be reached, answered badly, too slowly or too much.
        ForbiddenAddressError
            If it, or a redirect, leads where we never connect.
        InvalidFeedError
            If the answer was cut short.
        """
        deadline = Deadline(self._monotonic() + self._seconds, self._monotonic)
        place = locate(url, hosts)
        backend = CheckedBackend(resolve=self._resolve, allowed=self._allowed, deadline=deadline)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._ask(place, validators, backend)
            if isinstance(answer, Download):
                return answer
            place = place.redirected(answer, hosts)
        raise FetchError(f"more than {MAX_REDIRECTS} redirects")

    def _ask(self, place: Location, validators: Validators, backend: CheckedBackend) -> Download | str:
        if self._tls is None:
            self._tls = httpcore.default_ssl_context()
        pool = httpcore.ConnectionPool(ssl_context=self._tls, max_connections=1, network_backend=backend)
        try:
            with pool, pool.stream("GET", place.url, headers=_headers(place, validators)) as response:
                return _read(response, conditional=validators != Validators())
        except httpcore.TimeoutException:
            raise FetchError("the source took too long") from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchError(f"the source answered badly ({type(error).__name__})") from error


def _headers(place: Location, validators: Validators) -> list[tuple[bytes, bytes]]:
    headers = {
        "Host": place.host_header,
        "User-Agent": USER_AGENT,
        "Accept": "application/atom+xml, application/rss+xml, application/feed+json, */*;q=0.1",
        "Accept-Encoding": "gzip",
        "If-None-Match": validators.etag,
        "If-Modified-Since": validators.last_modified,
    }
    return [(name.encode(), value.encode("ascii")) for name, value in headers.items() if value]


def _read(response: httpcore.Response, *, conditional: bool) -> Download | str:
    headers = {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in response.headers}
    validators = Validators(
        etag=_validator(headers.get("etag")), last_modified=_validator(headers.get("last-modified"))
    )
    content_type = headers.get("content-type", "")
    if response.status in _REDIRECTS and headers.get("location"):
        return headers["location"]
    if response.status == _NOT_MODIFIED and conditional:
        return Download(body=None, content_type=content_type, validators=validators)
    if response.status != _OK:
        raise StatusError(response.status)
    body = _decompressed(_body(response), headers.get("content-encoding", ""))
    return Download(body=body, content_type=content_type, validators=validators)


def _body(response: httpcore.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_stream()
    except httpcore.RemoteProtocolError:
        raise InvalidFeedError("the answer was cut short") from None


def _decompressed(chunks: Iterator[bytes], encoding: str) -> bytes:
    """Join the chunks, decompressing never more than one byte beyond what we take."""
    if encoding.strip().lower() not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"the source answered in an encoding we did not ask for: {encoding[:20]!r}")
    unzip = zlib.decompressobj(_GZIP) if "gzip" in encoding.lower() else None
    body = bytearray()
    received = 0
    for chunk in chunks:
        received += len(chunk)
        try:
            body += chunk if unzip is None else unzip.decompress(chunk, MAX_BYTES + 1 - len(body))
        except zlib.error:
            raise InvalidFeedError("the answer is not the gzip it says it is") from None
        if max(len(body), received) > MAX_BYTES:
            raise FetchError(f"the source answered with more than {MAX_BYTES} bytes")
    if unzip is not None and not unzip.eof:
        raise InvalidFeedError("the answer was cut short")
    return bytes(body)


def _validator(value: str | None) -> str | None:
    """Keep a validator that can be sent back as it is."""
    return value if value is not None and _VALIDATOR.fullmatch(value) else None
