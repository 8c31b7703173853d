"""The clock as people see it, on every page of an incident."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.incidents import Slot
from hikeshi.domain.response_clock import Stage as ClockStage
from hikeshi.services.clock.clock_promises import clock_of
from hikeshi.services.clock.clock_view import shown_due
from hikeshi.services.messages.japanese_time import clock
from hikeshi.services.room.action_pages import SubPage
from tests.builders import a_configuration, an_approved_statement, an_escalation_policy
from tests.unit.pages import scenes
from tests.unit.pages.scenes import Scene
from tests.unit.pages.stage import Stage

LABEL = 'aria-label="投稿からの時計"'


def room_page(scene: Scene, *, minute: float | None = None, **stage: object) -> str:
    set_up = Stage(**stage).play(scene)  # type: ignore[arg-type]  # fields of the stage, by name
    if minute is not None:
        set_up.clock.set(scenes.minute(minute))
    return set_up.desk().show(set_up.link()).body


@pytest.mark.parametrize("page", SubPage)
def test_s4_8_every_page_below_the_room_shows_the_clock(page: SubPage) -> None:
    set_up = Stage().play(scenes.proven())
    answer = set_up.desk().sub_page(set_up.link("sato"), page)
    assert answer.status == 200
    assert answer.body.count(LABEL) == 1


def test_s4_8_the_room_and_the_report_show_it_too() -> None:
    set_up = Stage().play(scenes.closed())
    for answer in (set_up.desk().show(set_up.link()), set_up.desk().report(set_up.link())):
        assert answer.body.count(LABEL) == 1


def test_the_time_left_stands_against_what_the_stages_ahead_need() -> None:
    page = room_page(scenes.checking())
    assert "投稿から 55分" in page
    assert "目標 3時間の30%" in page
    assert "公表の目標（15:57）まで残り2時間5分。残る段階（事実確認、公表）の見込みは1時間36分" in page
    assert "foreseen" not in page.split("</style>")[1]


def test_a_foreseen_breach_cannot_be_missed() -> None:
    page = room_page(scenes.checking(), minute=125)
    assert '<p class="foreseen tone-wait">公表の目標（15:57）まで残り55分。' in page
    assert "間に合わない見込みです" in page


def test_a_breach_says_by_how_much() -> None:
    page = room_page(scenes.responding(), minute=240)
    assert "公表の目標（15:57）を1時間過ぎています。残る段階は、公表です。" in page


def test_what_is_approved_but_not_out_asks_for_the_record() -> None:
    scene = scenes.responding()
    page = room_page(replace(scene, room=replace(scene.room, statement=an_approved_statement())))
    assert "公表文は承認済みです。" in page


def test_a_level_without_a_clock_shows_the_times_alone() -> None:
    untimed = a_configuration(escalation=an_escalation_policy(response_clock={}))
    page = room_page(scenes.checking(), configuration=untimed)
    assert "目標の時間は定めていません。" in page
    assert "<progress" not in page


def test_a_stage_that_was_passed_over_is_not_called_late() -> None:
    scene = scenes.responding()
    room = replace(scene.room, incident=replace(scene.room.incident, clock=type(scene.room.incident.clock)()))
    clock = clock_of(room, a_configuration())
    assert clock.stages_ahead()[-1:] == clock.stages_ahead()
    page = room_page(replace(scene, room=room))
    assert '<tr class="tone-quiet"><th scope="row">最初の連絡</th>' in page


@pytest.mark.parametrize(
    ("scene", "slot", "minute", "said"),
    [
        (scenes.checking(), Slot.FACT_CHECK, 55, "次：事実確認（{due}まで）"),
        (scenes.checking(), Slot.FACT_CHECK, 150, "次：事実確認（{due}を過ぎています）"),
        (scenes.responding(), Slot.RESPONSE, 92, "次：公表（15:57まで）"),
        (scenes.responding(), Slot.RESPONSE, 200, "次：公表（15:57を過ぎています）"),
    ],
)
def test_what_comes_next_is_due_by_the_clock_from_the_post_and_by_no_other(
    scene: Scene, slot: Slot, minute: float, said: str
) -> None:
    asked = replace(scene.room.slot(slot), task_token="token", asked_at=scene.at)
    slots = (*(each for each in scene.room.slots if each.slot is not slot), asked)
    room = replace(scene.room, slots=slots)
    reading = next(e for e in clock_of(room, a_configuration()).readings if e.stage is ClockStage.FACTS)
    assert reading.due_at is not None
    page = room_page(replace(scene, room=room), minute=minute)
    assert said.format(due=clock(reading.due_at)) in page.partition("</header>")[0]


def test_nothing_is_shown_as_due_after_the_word_itself() -> None:
    scene = scenes.checking()
    marks = replace(scene.room.incident.clock, found_at=scenes.minute(170), told_at=scenes.minute(171))
    room = replace(scene.room, incident=replace(scene.room.incident, clock=marks))
    late = clock_of(room, a_configuration())
    assert late.target_at is not None
    dues = [shown_due(late, each) for each in late.readings]
    assert max(due for due in dues if due is not None) == late.target_at
