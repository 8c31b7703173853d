"""What those who approve a text see of what it rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.facts import Verdict
from hikeshi.domain.statements import Part, Sentence
from tests.builders import a_statement
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener

SAID = Sentence(part=Part.FACT, text="写真の商品は当社の製品です。", facts=("fact-1",))


@pytest.mark.parametrize("below", ["", "/statement"])
def test_an_approver_reads_above_the_button_what_each_fact_is_and_how_it_was_judged(
    open_stage: Opener, below: str
) -> None:
    browser = open_stage(scenes.responding(statement=a_statement(sentences=(SAID, SAID))))
    page = browser.get(f"/r/{browser.stage.link('tanaka')}{below}").text
    above, button, _ = page.partition('approve-statement"')
    assert button
    assert "［1］投稿の写真は当社の商品ですか" in above
    assert '<p class="tone-quiet">「はい」と確認</p>' in above
    assert above.count("ロット番号を写真で確かめました") == 1


def test_a_fact_that_does_not_hold_is_loud(open_stage: Opener) -> None:
    scene = scenes.responding(statement=a_statement(sentences=(SAID,)))
    first, *rest = scene.room.facts
    for changed, verdict in (
        (replace(first, verdict=Verdict.CANNOT_KNOW), "確認できない"),
        (replace(first, key=True), "「はい」と確認（裏づけが足りず、まだ使えません）"),
    ):
        browser = open_stage(replace(scene, room=replace(scene.room, facts=(changed, *rest))))
        page = browser.get(f"/r/{browser.stage.link('tanaka')}/statement").text
        assert f'<p class="tone-late">{verdict}</p>' in page
