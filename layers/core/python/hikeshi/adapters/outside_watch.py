"""Tells somebody outside of AWS that we are alive; silence there means that all of us is gone."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

TIMEOUT = 3.0
"""Seconds; the auditor has other things to do."""

_MAX_ANSWER = 1024
Connect = Callable[[str, int | None], HTTPSConnection]


def _connect(host: str, port: int | None) -> HTTPSConnection:
    return HTTPSConnection(host, port, timeout=TIMEOUT)


class HttpsWatch:
    """Calls one address over HTTPS; follows no redirect and reads no more than a line of the answer.

    Parameters
    ----------
    url : str
        As the outside service gave it; its path is as good as a password and is logged nowhere.
    """

    def __init__(self, url: str, *, connect: Connect = _connect) -> None:
        self._url = urlsplit(url)
        self._connect = connect

    def tell_alive(self) -> bool:
        """Call the address once; False if it did not answer with success."""
        address = self._url.path or "/"
        if self._url.query:
            address = f"{address}?{self._url.query}"
        connection = self._connect(self._url.hostname or "", self._url.port)
        try:
            connection.request("GET", address, headers={"User-Agent": "hikeshi"})
            answer = connection.getresponse()
            answer.read(_MAX_ANSWER)
        except (OSError, HTTPException):
            return False
        else:
            return HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
        finally:
            connection.close()


class NobodyOutside:
    """No address was given; there is nobody to tell."""

    def tell_alive(self) -> bool:
        """Tell nobody."""
        return True
