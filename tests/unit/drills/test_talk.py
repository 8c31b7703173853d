"""What the score sheet gives people to talk about follows from what was slow or missing."""

from __future__ import annotations

from datetime import timedelta

from hikeshi.services.drills.drill_score import DrillScore
from hikeshi.services.drills.drill_talk import talking_points
from hikeshi.services.drills.drill_view import DrillPage, drill_page
from hikeshi.services.messages.wording import Wording
from tests.builders import a_roster
from tests.unit.drills.test_score import END, FIRST, a_row, did, score, stopped

WORDS = Wording()


def talk(found: DrillScore) -> tuple[str, ...]:
    return talking_points(found, roster=a_roster(), words=WORDS, at=max(END, found.drill.ends_at))


def page(found: DrillScore) -> DrillPage:
    return drill_page(found, roster=a_roster(), words=WORDS, at=END)


def test_what_was_never_done_is_asked_about_with_the_people_who_did_not_answer() -> None:
    said = "\n".join(talk(stopped(a_row("sato"), a_row("ito"), after=70)))
    for question in ("どなたも担当につきませんでした", "事実確認が終わりません", "公表するかどうか"):
        assert question in said
    assert "佐藤 花子さん、伊藤" in said


def test_what_was_slow_is_asked_about_with_its_time_and_its_target() -> None:
    late = score(a_row("sato"), events=(did("sato"),), acknowledged=9, facts=20, statement=60)
    assert talk(late)[0].startswith("担当が決まるまでに9分かかりました（目標 5分）。")


def test_a_turn_that_came_because_something_was_missing_is_asked_about() -> None:
    late = score(a_row("sato"), events=(did("sato"),), acknowledged=1, facts=20)
    assert [turn.about for turn in page(late).turns if turn.came] == ["はじまり", "批判"]
    assert "「批判」。こうなる前に、だれが何をできましたか。" in talk(late)


def test_when_all_went_well_that_is_what_there_is_to_talk_about() -> None:
    best = score(a_row("sato"), events=(did("sato"),), acknowledged=5, facts=20, statement=60)
    assert talk(best) == (WORDS.text("drill.talk.well"),)


def test_a_drill_that_was_stopped_before_its_targets_blames_nobody() -> None:
    found = stopped(a_row("sato"), after=4)
    assert talk(found) == (WORDS.text("drill.talk.short"),)
    sheet = page(found)
    assert "1人は、返事を待つ時間の途中で訓練が終わりました" in sheet.rows[3].value
    assert {turn.state for turn in sheet.turns if not turn.came} == {"その前に訓練が終わりました"}


def test_while_it_runs_there_is_nothing_to_talk_about_yet() -> None:
    running = score(a_row("sato"))
    at = FIRST + timedelta(minutes=1)
    assert talking_points(running, roster=a_roster(), words=WORDS, at=at) == ()
