"""What a page shows, told alike by the fake and over a real connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from hikeshi.adapters.feeds.addresses import networks_in
from hikeshi.adapters.feeds.download import Downloader
from hikeshi.adapters.feeds.pages import HttpPageProbe
from hikeshi.domain.takedowns import Sight
from tests.fakes.looking import ListedPages
from tests.unit.collect.test_download import serving

pytestmark = pytest.mark.loopback

PASSAGE = "店員の本名は森田 光、自宅は月見駅の裏"
Look = Callable[[int, str], Sight]


@pytest.fixture(params=["fake", "http"])
def look(request: pytest.FixtureRequest) -> Iterator[Look]:
    if request.param == "fake":
        fake = ListedPages()

        def seen(status: int, text: str) -> Sight:
            fake.pages["https://matome.example.jp/1"] = (status, text)
            return fake.look("https://matome.example.jp/1", passage=PASSAGE)

        yield seen
        return
    answer: list[tuple[int, str]] = []

    def serve(handler: BaseHTTPRequestHandler) -> None:
        status, text = answer[-1]
        body = f"<html><body><p>{text}</p></body></html>".encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    with serving(serve) as (root, _):
        probe = HttpPageProbe(downloader=Downloader(allow_addresses=networks_in("127.0.0.1/32")))

        def seen_there(status: int, text: str) -> Sight:
            answer.append((status, text))
            return probe.look(f"{root}/1", passage=PASSAGE)

        yield seen_there


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (200, f"速報 {PASSAGE} らしい", Sight.SHOWN),
        (200, "この記事は削除されました", Sight.NOT_SHOWN),
        (404, "", Sight.ABSENT),
        (410, PASSAGE, Sight.ABSENT),
        (403, "", Sight.UNREADABLE),
        (500, "", Sight.UNREADABLE),
        (204, "", Sight.UNREADABLE),
    ],
)
def test_a_page_shows_the_passage_or_is_absent_or_tells_nothing(
    look: Look, status: int, text: str, expected: Sight
) -> None:
    assert look(status, text) is expected
