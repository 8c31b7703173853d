"""What nobody has verified stands on the list of what came in, and on no page that people read as true."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.headquarters import InboundVerdict
from hikeshi.services.room.action_pages import SubPage
from tests.builders import an_inbound_report
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener, open_stage

__all__ = ["open_stage"]

WORDS = "配送の車が事故にあい、運転手が入院したそうです"
PEOPLE = ("sato", "ito", "watanabe", "takahashi", "tanaka", "kato", "nakano")


@pytest.mark.parametrize("verdict", [InboundVerdict.UNVERIFIED, InboundVerdict.REJECTED])
@pytest.mark.parametrize("person", PEOPLE)
def test_s0_13_what_came_in_unverified_is_on_its_list_and_nowhere_else(
    open_stage: Opener, person: str, verdict: InboundVerdict
) -> None:
    scene = scenes.gathered()
    told = an_inbound_report(id="inbound-9", words=WORDS, verdict=verdict)
    if verdict is InboundVerdict.REJECTED:
        told = replace(told, judged_by="ito", judged_at=scene.at, grounds="配車の記録にありません")
    room = replace(scene.room, inbound=(*scene.room.inbound, told))
    browser = open_stage(replace(scene, room=room))
    token = browser.stage.link(person)
    for page in SubPage:
        text = browser.get(f"/r/{token}/{page}").text
        if page is SubPage.HEADQUARTERS:
            before, _, after = text.partition('id="inbound"')
            listed, _, after = after.partition("</section>")
            assert WORDS in listed
            text = before + after
        assert WORDS not in text, page
    assert WORDS not in browser.get(f"/r/{token}").text
