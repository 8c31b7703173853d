"""The room says what counts as calm, what is missing, and from when it may be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from hikeshi.domain.actions import Action
from hikeshi.runtime.answers import Answer, Submission
from tests.builders import a_source
from tests.unit.pages import scenes
from tests.unit.pages.stage import NUMBER, Stage

FORM = {"content-type": "application/x-www-form-urlencoded"}


def a_stage() -> Stage:
    """Five hours on; in the fourth, forty posts came at once."""
    scene = scenes.calming()
    ((alert, kept),) = scene.alerts
    burst = tuple(
        replace(kept[0], post=replace(kept[0].post, id=f"burst-{n}", published_at=scenes.minute(200)))
        for n in range(40)
    )
    stage = Stage().play(replace(scene, alerts=((alert, (*kept, *burst)),)))
    stage.configuration = replace(stage.configuration, calm_after=timedelta(hours=6))
    return stage


def press(stage: Stage, person: str, action: Action, **typed: str) -> Answer:
    form = Submission(body=urlencode({**typed, "check_number": NUMBER}).encode(), headers=FORM)
    return stage.desk().act(stage.link(person), action, form)


def test_s2_6_the_room_shows_the_guide_with_what_is_missing_and_from_when() -> None:
    stage = a_stage()
    page = stage.desk().show(stage.link("sato")).body
    assert "沈静化の目安" in page
    assert "目安は6時間です。" in page
    assert "から沈静化と判断できます。" in page
    assert 'action="' not in page.split('id="calm"')[1].split("</section>")[0]


def test_s2_6_the_room_says_that_feeds_are_read_more_often_where_they_are() -> None:
    stage = a_stage()
    assert "読み込みをふだんより速めています" not in stage.desk().show(stage.link("sato")).body
    slow = {"kuchikomi": a_source(every_minutes=15)}
    watches = replace(stage.configuration.watches, sources=slow)
    stage.configuration = replace(stage.configuration, watches=watches)
    assert "読み込みをふだんより速めています" in stage.desk().show(stage.link("sato")).body


def test_s2_6_a_button_pressed_too_early_is_refused_and_says_why() -> None:
    stage = a_stage()
    answer = press(stage, "sato", Action.DECLARE_CALM, basis="静かです")
    assert answer.status == 409
    assert "投稿が平常に戻ってから、決めた時間がまだたっていません。" in answer.body


def test_s2_6_an_executive_is_offered_an_early_end_and_the_lead_is_not() -> None:
    stage = a_stage()
    assert "calm-early" in stage.desk().show(stage.link("takahashi")).body
    assert "calm-early" not in stage.desk().show(stage.link("sato")).body
    assert press(stage, "sato", Action.CALM_EARLY, reason="十分です").status in (303, 403)
    stage = a_stage()
    done = press(stage, "takahashi", Action.CALM_EARLY, reason="訂正が行き渡りました")
    assert done.status == 303
    page = stage.desk().show(stage.link("sato")).body
    assert "沈静化の目安を待たずに沈静化と判断しました。理由：訂正が行き渡りました" in page


def test_the_lead_reads_who_may_end_the_watch_without_waiting() -> None:
    stage = a_stage()
    lead, executive = (stage.desk().show(stage.link(person)).body for person in ("sato", "takahashi"))
    assert "待たずに終えるかどうかは、役員の方が判断できます。" in lead
    assert "目安を待たずに終えられるのは、役員の方です。" in lead
    assert "目安を待たずに終えられるのは" not in executive


def test_s2_6_once_it_is_quiet_the_lead_may_say_so() -> None:
    stage = a_stage()
    stage.clock.advance(hours=8)
    page = stage.desk().show(stage.link("sato")).body
    assert "目安を満たしています" in page
    assert "calm-early" not in stage.desk().show(stage.link("takahashi")).body
    assert press(stage, "sato", Action.DECLARE_CALM, basis="平常以下です").status == 303
