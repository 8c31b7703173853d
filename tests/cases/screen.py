"""Headless Chromium in front of a scenario's world: people press real buttons while its clock stands still.

The world answers the browser as API Gateway would; its links lead to this machine instead.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from selenium.webdriver import Chrome

from infra.local.browsing import Form, Page
from tests.e2e.chromium import DESKTOP, PHONE, Window
from tests.scenarios.browser import Browser, OpenPage
from tests.scenarios.world import World


@dataclass(frozen=True)
class Screen(Browser):
    """Opens addresses and sends forms in Chromium, for whoever in the world has a link.

    Attributes
    ----------
    here : str
        Address at which the world answers.
    pictures : Path
        Folder of the pictures that are taken.
    """

    window: Window = field(kw_only=True, repr=False)
    here: str = field(kw_only=True)
    pictures: Path = field(kw_only=True)

    def open(self, url: str, *, method: str = "GET") -> OpenPage:
        """Open an address in the window; any other method than GET is no matter of a window."""
        if method != "GET":
            return super().open(url, method=method)
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        return OpenPage(page=self.window.go_to(f"{self.here}{parts.path}{query}"), browser=self)

    def submit(
        self, page: Page, form: Form, values: Mapping[str, str], *, site: str = "same-origin"
    ) -> OpenPage:
        """Type into the form and press its button; the page is opened again if another was shown since."""
        if site != "same-origin":
            return super().submit(page, form, values, site=site)
        if self.window.address != page.url:
            self.window.go_to(page.url)
        typed = {name: value for name, value in values.items() if form.fields.get(name) != value}
        return OpenPage(page=self.window.submit(page, form, typed), browser=self)

    def photograph(self, name: str) -> None:
        """Take a picture of what is shown, as a phone and as a desk have it; it must fit the phone."""
        assert not self.window.is_too_wide(PHONE), f"{name} is wider than a phone"
        for device, size in (("phone", PHONE), ("desktop", DESKTOP)):
            self.window.photograph_whole(self.pictures / f"{name}-{device}.webp", size)


@contextmanager
def screen(world: World, chrome: Chrome, pictures: Path) -> Iterator[Screen]:
    """Put Chromium into the hands of a world's people."""
    server = _server(world.browser)
    answering = Thread(target=server.serve_forever, daemon=True)
    answering.start()
    shown = Screen(
        send=world.browser.send,
        templates=world.browser.templates,
        window=Window(chrome),
        here=f"http://127.0.0.1:{server.server_port}",
        pictures=pictures,
    )
    world.is_browsed_with(shown)
    try:
        yield shown
        assert shown.window.complaints() == []
    finally:
        server.shutdown()
        server.server_close()
        answering.join()


def _server(browser: Browser) -> ThreadingHTTPServer:
    one_at_a_time = Lock()  # the world has one clock; Chromium keeps connections open that it does not use

    class Handler(BaseHTTPRequestHandler):
        """Hands a request of Chromium over to the world."""

        def do_GET(self) -> None:
            if self.path == "/favicon.ico":  # asked for by the browser, and no route of ours
                self.send_response(204)
                self.end_headers()
                return
            self._answer("GET", None)

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            self._answer("POST", b64encode(self.rfile.read(length)).decode())

        def _answer(self, method: str, body: str | None) -> None:
            parts = urlsplit(self.path)
            template, variables = browser.route(parts.path)
            with one_at_a_time:
                answer = browser.send(
                    {
                        "requestContext": {
                            "resourcePath": template,
                            "httpMethod": method,
                            "path": parts.path,
                        },
                        "headers": {name.lower(): value for name, value in self.headers.items()},
                        "multiValueQueryStringParameters": parse_qs(parts.query) or None,
                        "pathParameters": variables,
                        "stageVariables": None,
                        "body": body,
                        "isBase64Encoded": body is not None,
                    }
                )
            self._write(answer)

        def _write(self, answer: Mapping[str, Any]) -> None:
            self.send_response(answer["statusCode"])
            for name, value in (answer.get("headers") or {}).items():
                self.send_header(name, value)
            for name, values in (answer.get("multiValueHeaders") or {}).items():
                for value in values:
                    self.send_header(name, value)
            body = str(answer["body"])
            content = b64decode(body) if answer.get("isBase64Encoded") else body.encode()
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing: addresses hold tokens."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)
