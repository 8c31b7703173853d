"""The one server beside the emulator: inbox, feed, and the short host of the links.

Bound to the loopback address, and no part of the template. ``/r/…`` goes to the API of the stack
unchanged, as a domain name of one's own would.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from urllib.parse import unquote, urlsplit

import httpx

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.domain.configuration import Configuration
from infra.local.collecting import MessageCollector
from infra.local.door import at_the_door
from infra.local.feed import FeedFile, atom, etag
from infra.local.home import Home
from infra.local.inbox import as_json, page
from infra.local.messages import MessageStore

FEED_PATH = "/feeds/posts.atom"
_NOT_PASSED_ON = frozenset(
    {"connection", "content-length", "transfer-encoding", "accept-encoding", "keep-alive"}
)
_NOT_PASSED_BACK = frozenset(
    {"connection", "transfer-encoding", "content-encoding", "content-length", "date", "server", "keep-alive"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What the server serves."""

    home: Home
    store: MessageStore
    api: httpx.Client
    api_url: str
    own_url: str

    @property
    def configuration(self) -> Configuration:
        """The configuration that was published last: the roster of the inbox."""
        return ConfigurationDocument.from_json(self.home.configuration.read_bytes()).to_configuration()


class DeskServer(ThreadingHTTPServer):
    """A threaded server that knows its desk; links are opened many at a time in tests."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, desk: Desk) -> None:
        super().__init__(("127.0.0.1", port), DeskHandler)
        self.desk = desk


class DeskHandler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: DeskServer
    protocol_version = "HTTP/1.1"
    server_version = "hikeshi-local"
    sys_version = ""

    def do_GET(self) -> None:
        """Show the inbox, the feed, or what a link opens."""
        path = urlsplit(self.path).path
        if _is_link(path):
            self._pass_on(b"")
        elif path == "/":
            self._inbox(None)
        elif path.startswith("/people/"):
            self._inbox(unquote(path.removeprefix("/people/")))
        elif path == "/api/messages.json":
            desk = self.server.desk
            content = as_json(desk.configuration, desk.store.all())
            self._answer(json.dumps(content, ensure_ascii=False).encode(), "application/json")
        elif path == FEED_PATH:
            self._feed()
        elif path == "/health":
            self._answer(b"{}", "application/json")
        else:
            self._answer("見つかりません".encode(), "text/plain; charset=utf-8", HTTPStatus.NOT_FOUND)

    def do_HEAD(self) -> None:
        """Answer as for GET, without the content."""
        self.do_GET()

    def do_POST(self) -> None:
        """Pass a form on to the API."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if _is_link(urlsplit(self.path).path):
            self._pass_on(body)
        else:
            self._answer(b"", "text/plain", HTTPStatus.NOT_FOUND)

    def _inbox(self, person: str | None) -> None:
        desk = self.server.desk
        configuration = desk.configuration
        if person is not None and person not in configuration.roster.people:
            self._answer("名簿にいません".encode(), "text/plain; charset=utf-8", HTTPStatus.NOT_FOUND)
            return
        content = page(configuration, desk.store.all(), person=person)
        self._answer(content.encode(), "text/html; charset=utf-8")

    def _feed(self) -> None:
        desk = self.server.desk
        content = atom(FeedFile(desk.home.feed).posts(), address=f"{desk.own_url}{FEED_PATH}")
        validator = etag(content)
        if self.headers.get("if-none-match") == validator:
            self._answer(b"", "application/atom+xml", HTTPStatus.NOT_MODIFIED, {"ETag": validator})
        else:
            self._answer(content, "application/atom+xml", headers={"ETag": validator})

    def _pass_on(self, body: bytes) -> None:
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _NOT_PASSED_ON}
        url = f"{self.server.desk.api_url}{self.path}"
        try:
            answer = self.server.desk.api.request(self.command, url, content=body, headers=headers)
        except httpx.TransportError:
            self._turn_away(HTTPStatus.BAD_GATEWAY)
            return
        if answer.is_error and answer.headers.get("content-type", "").startswith("application/json"):
            self._turn_away(HTTPStatus(answer.status_code))  # no function of ours answers a reader so
            return
        passed = {k: v for k, v in answer.headers.items() if k.lower() not in _NOT_PASSED_BACK}
        kind = passed.pop("content-type", "text/html; charset=utf-8")
        self._answer(answer.content, kind, HTTPStatus(answer.status_code), passed)

    def _turn_away(self, status: HTTPStatus) -> None:
        """Show what API Gateway shows by itself."""
        turned = at_the_door(status)
        headers = dict(turned.headers)
        self._answer(turned.content, headers.pop("Content-Type"), status, headers)

    def _answer(
        self,
        content: bytes,
        kind: str,
        status: HTTPStatus = HTTPStatus.OK,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        for name, value in {"Cache-Control": "no-store", **(headers or {})}.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD" and status is not HTTPStatus.NOT_MODIFIED:
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
        """Stay silent: a path holds a token."""


def _is_link(path: str) -> bool:
    return path == "/r" or path.startswith("/r/")


def main() -> None:
    """Serve until told to stop."""
    import boto3

    reader = argparse.ArgumentParser(description=__doc__)
    for name in ("--home", "--port", "--endpoint-url", "--api-url", "--queue-url", "--operator-topic"):
        reader.add_argument(name, required=True)
    given = reader.parse_args()
    home = Home(root=Path(given.home))
    store = MessageStore(home.messages)
    collector = MessageCollector(
        endpoint_url=given.endpoint_url,
        sqs=boto3.client("sqs", endpoint_url=given.endpoint_url),
        queue_url=given.queue_url,
        operator_topic=given.operator_topic,
        store=store,
    )
    desk = Desk(
        home=home,
        store=store,
        api=httpx.Client(timeout=40, follow_redirects=False, limits=httpx.Limits(max_connections=64)),
        api_url=given.api_url,
        own_url=f"http://127.0.0.1:{given.port}",
    )
    server = DeskServer(int(given.port), desk)

    def end(_signal: int, _frame: FrameType | None) -> None:
        collector.stop()
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    collector.start()
    server.serve_forever()


if __name__ == "__main__":
    main()
