"""An approver sends a text back: the page says who, and why."""

from __future__ import annotations

from urllib.parse import urlencode

from hikeshi.domain.actions import Action
from hikeshi.runtime.answers import Submission
from hikeshi.services.room.action_pages import SubPage
from tests.unit.pages import scenes
from tests.unit.pages.stage import Stage


def test_the_writer_reads_on_the_page_why_the_text_came_back() -> None:
    stage = Stage().play(scenes.responding())
    legal, writer = stage.link("tanaka"), stage.link("suzuki")
    before = stage.desk().sub_page(legal, SubPage.STATEMENT).body
    assert "return-statement" in before
    form = urlencode({"version": "1", "reason": "お詫びの言葉が要ります"}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = stage.desk().act(legal, Action.RETURN_STATEMENT, Submission(body=form, headers=headers))
    assert answer.status == 303
    for after in (stage.desk().sub_page(writer, SubPage.STATEMENT).body, stage.desk().show(writer).body):
        assert "理由：お詫びの言葉が要ります" in after
        assert "差し戻されています。" in after
    assert "approve-statement" not in stage.desk().sub_page(legal, SubPage.STATEMENT).body
    assert "return-statement" not in stage.desk().sub_page(writer, SubPage.STATEMENT).body
