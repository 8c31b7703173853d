from __future__ import annotations

from http.client import HTTPSConnection
from typing import Any

import pytest

from hikeshi.adapters.outside_watch import HttpsWatch, NobodyOutside


class Connection(HTTPSConnection):
    """Answers with a status, or with an error; keeps what was asked."""

    def __init__(self, answer: int | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str]] = []
        self.closed = False
        self.status = 0

    def request(self, method: str, url: str, *given: Any, **more: Any) -> None:
        self.asked.append((method, url))
        if isinstance(self.answer, Exception):
            raise self.answer
        self.status = self.answer

    def getresponse(self) -> Any:
        return self

    def read(self, amount: int) -> bytes:
        return b""

    def close(self) -> None:
        self.closed = True


def watch(url: str, connection: Connection, hosts: list[tuple[str, int | None]]) -> HttpsWatch:
    def connect(host: str, port: int | None) -> HTTPSConnection:
        hosts.append((host, port))
        return connection

    return HttpsWatch(url, connect=connect)


def test_the_address_is_called_as_it_was_given() -> None:
    connection, hosts = Connection(200), list[tuple[str, int | None]]()
    assert watch("https://watch.example.jp:8443/ping/abc?rid=1", connection, hosts).tell_alive()
    assert hosts == [("watch.example.jp", 8443)]
    assert connection.asked == [("GET", "/ping/abc?rid=1")]
    assert connection.closed


@pytest.mark.parametrize("answer", [302, 404, 500, TimeoutError(), ConnectionResetError()])
def test_whatever_goes_wrong_there_is_no_error_here(answer: int | Exception) -> None:
    connection = Connection(answer)
    assert not watch("https://watch.example.jp", connection, []).tell_alive()
    assert connection.closed


def test_without_an_address_nobody_is_called() -> None:
    assert NobodyOutside().tell_alive()
