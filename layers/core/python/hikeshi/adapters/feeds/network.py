"""Connections to checked addresses only, that end when the time is up, however slowly bytes drip."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from hikeshi.adapters.feeds.addresses import Network, Resolve, checked, look_up
from hikeshi.domain.errors import FetchError

_ADDRESSES_TRIED = 3


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment after which nothing more is read."""

    at: float
    monotonic: Callable[[], float]

    def left(self) -> float:
        """Return the seconds left.

        Raises
        ------
        FetchError
            If there are none.
        """
        seconds = self.at - self.monotonic()
        if seconds <= 0:
            raise FetchError("the source took too long")
        return seconds


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves a name, checks every address, and connects to the very address that it checked.

    The name is resolved here and nowhere else, so there is no second look-up that could answer
    differently. TLS still verifies the certificate against the name.
    """

    def __init__(self, *, resolve: Resolve, allowed: Sequence[Network], deadline: Deadline) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first checked address that answers."""
        found = look_up(host, port, resolve=self._resolve, seconds=self._deadline.left())
        addresses = checked(found, host=host, allowed=self._allowed)[:_ADDRESSES_TRIED]
        refused: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for place, address in enumerate(addresses):
            share = self._deadline.left() / (len(addresses) - place)
            try:
                stream = self._sockets.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.NetworkError, httpcore.TimeoutException) as error:
                refused = error
                continue
            return DeadlineStream(stream, self._deadline)
        raise FetchError(f"{host} does not answer") from refused


class DeadlineStream(httpcore.NetworkStream):
    """A connection whose every operation ends at one common deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come, within the time left."""
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write within the time left."""
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Shake hands within the time left."""
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """Tell what the connection below tells."""
        return self._stream.get_extra_info(info)
