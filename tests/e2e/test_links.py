"""Opening links changes nothing, however often and by whatever; nor does pressing without the number."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice, product
from typing import Any

import pytest

from hikeshi.domain.actions import NEEDS_CHECK_NUMBER
from hikeshi.services.room.action_pages import SPOTS
from infra.local.play import Play
from tests.e2e.scene import Scene

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]

LARVA = "昨日買ったひのでチョコ、開けたら中に小さい幼虫がいた。写真あげとく"
TIMES = 1_000
MANY = 10_000
METHODS = ("GET", "GET", "HEAD", "OPTIONS")
FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
FILLED = "reason=x&basis=x&text=x&kind=holding&version=1&result=x&evaluation=x&lessons=x"


@pytest.fixture
def links(scene: Scene) -> list[str]:
    """Every link of an incident in which much has happened."""
    scene.call_webhook([{"id": "larva-1", "text": LARVA, "source": "partner", "media": ["photo"]}])
    scene.devices.expect(("arai", "ueda", "yamada", "sato", "ito", "kimura", "nakano"), "【警戒】")
    play = Play(
        configuration=scene.configuration, inbox_url=scene.state.inbox_url, client=scene.http, tell=print
    )
    play.take_on()
    play.check_facts()
    scene.settle()
    for message in scene.inbox.messages():
        scene.devices.claim(message)
    found = {link for message in scene.inbox.messages() for link in message.links}
    assert len(found) >= 15
    # At the API itself: the inbox that stands before it here answers some methods on its own.
    return [f"{scene.state.api_url}/r/{link.rsplit('/', 1)[-1]}" for link in sorted(found)]


def test_a_thousand_openings_over_every_link_change_no_item_in_any_table(
    scene: Scene, links: list[str]
) -> None:
    nothing_changes(scene, links, times=TIMES)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_ten_thousand_openings_change_none_either(scene: Scene, links: list[str]) -> None:
    nothing_changes(scene, links, times=MANY)


def test_no_button_does_anything_that_stays_without_the_number_of_the_message(
    scene: Scene, links: list[str]
) -> None:
    numbered = sorted(SPOTS[action].path for action in NEEDS_CHECK_NUMBER)
    presses = [
        (f"{link}/{path}", body)
        for link, path in product(links[:4], numbered)
        for body in ("", FILLED, f"{FILLED}&check_number=", f"{FILLED}&check_number=abc")
    ]
    with scene.schedules_stopped(), scene.throttling_lifted():
        before = at_rest(scene)
        answers = Counter(
            scene.http.post(address, content=body, headers=FORM).status_code for address, body in presses
        )
        assert scene.everything() == before
    assert set(answers) <= {400, 403, 404}  # 404 where the reader may not know of the page
    assert answers.total() == len(presses) > 50


def at_rest(scene: Scene) -> dict[str, list[dict[str, Any]]]:
    """Return all tables once the scheduled runs that had begun are over."""
    seen = [scene.everything()]

    def still() -> bool:
        time.sleep(2)
        seen.append(scene.everything())
        return seen[-1] == seen[-2]

    scene.wait_until(still, what="the last scheduled runs to end")
    return seen[-1]


def nothing_changes(scene: Scene, links: list[str], *, times: int) -> None:
    with scene.schedules_stopped(), scene.throttling_lifted():
        before = at_rest(scene)
        answers = Counter(openings(scene, links, times=times))
        after = scene.everything()
    assert after == before
    assert answers.total() == times
    by_method = {method: {status for m, status in answers if m == method} for method in METHODS}
    assert by_method["GET"] == by_method["HEAD"] == {200}
    assert by_method["OPTIONS"] <= {403, 405}


def openings(scene: Scene, links: list[str], *, times: int) -> Iterator[tuple[str, int]]:
    """Ask for link after link in every harmless way, eight at a time."""
    asked = islice(cycle(product(links, METHODS)), times)
    with ThreadPoolExecutor(max_workers=8) as pool:
        yield from pool.map(lambda one: (one[1], scene.http.request(one[1], one[0]).status_code), asked)
