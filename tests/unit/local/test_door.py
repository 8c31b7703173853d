"""What the local host of the links shows where API Gateway answers by itself: the pages of the template."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from infra.local.desk import Desk, DeskServer
from infra.local.door import at_the_door
from infra.local.home import Home
from infra.local.messages import MessageStore

pytestmark = pytest.mark.loopback


class Emulator(BaseHTTPRequestHandler):
    """An API of whose answers only the page of a link comes from a function."""

    def do_GET(self) -> None:
        page = self.path.endswith("/r/known")
        body = b"<h1>page</h1>" if page else b'{"message":"Missing Authentication Token"}'
        self.send_response(404 if page else 403)
        self.send_header("Content-Type", "text/html" if page else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
        pass


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    api = ThreadingHTTPServer(("127.0.0.1", 0), Emulator)
    home = Home(root=tmp_path)
    with httpx.Client() as client, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        desk = Desk(
            home=home,
            store=MessageStore(home.messages),
            api=client,
            api_url=f"http://127.0.0.1:{api.server_port}",
            own_url=f"http://127.0.0.1:{port}",
        )
        server = DeskServer(port, desk)
        for each in (api, server):
            threading.Thread(target=each.serve_forever, daemon=True).start()
        yield desk.own_url
        for each in (server, api):
            each.shutdown()
            each.server_close()


@pytest.mark.parametrize("path", ["/r/", "/r", "/r/a/b/c/d"])
def test_a_link_without_its_token_opens_the_page_of_every_dead_link(host: str, path: str) -> None:
    answer = httpx.get(host + path)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "このリンクでは何も開けません。" in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow, noarchive"


def test_what_a_function_answers_passes_as_it_is(host: str) -> None:
    assert httpx.get(host + "/r/known").text == "<h1>page</h1>"


@pytest.mark.parametrize(
    ("status", "said"),
    [(404, "何も開けません"), (413, "4MBまで"), (429, "混み合っているか"), (502, "混み合っているか")],
)
def test_each_answer_of_the_door_has_the_page_of_the_template(status: int, said: str) -> None:
    assert said in at_the_door(status).content.decode()
