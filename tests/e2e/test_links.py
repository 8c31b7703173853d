"""Opening links changes nothing, however often and by whatever."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import pytest

from infra.local.play import Play
from tests.e2e.scene import Scene

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]

LARVA = "昨日買ったひのでチョコ、開けたら中に小さい幼虫がいた。写真あげとく"
TIMES = 1_000


def test_a_thousand_openings_over_every_link_change_no_item_in_any_table(scene: Scene) -> None:
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

    links = sorted({link for message in scene.inbox.messages() for link in message.links})
    assert len(links) >= 15
    with scene.schedules_stopped(), scene.throttling_lifted():
        before = scene.everything()
        opened = openings(scene, links)
        after = scene.everything()
    assert after == before
    assert opened == {200: TIMES}


def openings(scene: Scene, links: list[str]) -> Counter[int]:
    """Open link after link, eight at a time; returns how often each answer came."""
    addresses = islice(cycle(links), TIMES)
    with ThreadPoolExecutor(max_workers=8) as pool:
        return Counter(pool.map(lambda address: scene.http.get(address).status_code, addresses))
