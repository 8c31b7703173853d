"""URLs of feeds, taken apart once; what was checked is what is connected to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import httpcore

from hikeshi.domain.errors import FetchError, ForbiddenAddressError

_PORTS = {"http": 80, "https": 443}
_KEPT_IN_PATHS = "%/:=&?~+!$,;'@()*[]"
MAX_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Location:
    """Where a request goes."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def url(self) -> httpcore.URL:
        """The parts for the connection; no text is parsed a second time."""
        return httpcore.URL(
            scheme=self.scheme.encode(), host=self.host.encode(), port=self.port, target=self.target.encode()
        )

    @property
    def text(self) -> str:
        """The whole URL, as the base of a relative redirect."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.target}"

    @property
    def host_header(self) -> str:
        """The host as the server expects it; the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def redirected(self, answer: str, hosts: Iterable[str]) -> Location:
        """Return where a redirect leads, checked like any other place.

        Raises
        ------
        ForbiddenAddressError
            If it leads where we never go, or from https to http.
        """
        if any(ord(character) < ord("!") or character == "\\" for character in answer):
            raise ForbiddenAddressError("a redirect leads to a malformed URL")
        place = locate(_joined(self.text, answer), hosts, own_port=self.port)
        if self.scheme == "https" and place.scheme == "http":
            raise ForbiddenAddressError("a redirect leads from https to http")
        return place


def locate(url: str, hosts: Iterable[str], *, own_port: int | None = None) -> Location:
    """Take a URL apart, and refuse whatever is not plain http(s) to a host of the source.

    ``own_port`` is a port that is allowed beside 80 and 443; a source's own URL may name any.

    Raises
    ------
    ForbiddenAddressError
        If we never go there.
    """
    scheme, host, port, target = _split(url)
    if scheme not in _PORTS:
        raise ForbiddenAddressError("only http and https are read")
    if host not in {_normal(each) for each in hosts}:
        raise ForbiddenAddressError(f"{host or 'an empty host'} is not among the hosts of the source")
    if own_port is not None and port not in (own_port, None, *_PORTS.values()):
        raise ForbiddenAddressError("a redirect leads to an unusual port")
    return Location(scheme, host, _PORTS[scheme] if port is None else port, target)


def _split(url: str) -> tuple[str, str, int | None, str]:
    unsafe = any(ord(character) <= ord(" ") or character in "\\\x7f" for character in url)
    try:
        parts = urlsplit(url)
        host, port = _normal(parts.hostname or ""), parts.port
    except ValueError:
        raise ForbiddenAddressError("the URL is malformed") from None
    if unsafe or len(url) > MAX_LENGTH or not host.isascii() or "%" in host:
        raise ForbiddenAddressError("the URL is malformed; write other scripts as xn--…")
    if "@" in parts.netloc:
        raise ForbiddenAddressError("a URL with a user name or password is not read")
    target = quote(parts.path or "/", safe=_KEPT_IN_PATHS)
    if parts.query:
        target += "?" + quote(parts.query, safe=_KEPT_IN_PATHS)
    return parts.scheme.lower(), host, port, target


def _normal(host: str) -> str:
    return host.lower().removesuffix(".").removeprefix("[").removesuffix("]")


def _joined(start: str, answer: str) -> str:
    try:
        return urljoin(start, answer)
    except ValueError:
        raise FetchError("a redirect leads to a malformed URL") from None
