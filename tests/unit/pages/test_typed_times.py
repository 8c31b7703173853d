"""A time that cannot be is refused in every form of the room that asks for one, by the same rule."""

from __future__ import annotations

import re

import pytest

from hikeshi.adapters.pages import renderer
from hikeshi.domain.actions import Action
from hikeshi.services.messages.japanese_time import to_jst
from hikeshi.services.room.action_pages import SPOTS
from tests.unit.pages.conftest import Opener
from tests.unit.pages.whole_life import WHOLE_LIFE

HAPPENED = {(Action.REQUEST_TAKEDOWN, "posted_at"): "投稿の日時（日本時間）"}
TO_COME = {
    (Action.ADD_TASK, "due_at"): "期限",
    (Action.DRAFT_STATEMENT, "next_update_at"): "次の更新の予定（日本時間）",
    (Action.PROMISE_COMPENSATION, "pay_by"): "お渡しの期限（日本時間）",
    (Action.ADD_CORRECTION, "due_at"): "期限",
    (Action.ADD_CORRECTION, "check_at"): "効果を確かめる日",
}
LIFE = {action: (scene, person, form) for scene, person, action, form in WHOLE_LIFE}
NOT_HAPPENED = {
    "2030-01-01T09:00": "が、これからの日時になっています。実際にあった日時を選んでください。",
    "0001-01-01T00:00": "が2000年より前になっています。年をお確かめください。",
}
NOT_TO_COME = {
    "2020-01-01T09:00": "が過ぎています。これからの日時を選んでください。",
    "2030-01-01T09:00": "が先すぎます。年をお確かめのうえ、近い日時を選んでください。",
    "9999-12-30T23:59": "が先すぎます。年をお確かめのうえ、近い日時を選んでください。",
}


def test_no_field_of_the_room_that_asks_for_a_time_escapes_the_rule() -> None:
    asked = [
        name
        for path in (renderer.HERE / "templates").glob("*.html")
        for name in re.findall(r'type="date(?:time-local)?" name="(\w+)"', path.read_text("utf-8"))
    ]
    assert sorted(asked) == sorted(name for _, name in HAPPENED | TO_COME)


@pytest.mark.parametrize("about", HAPPENED | TO_COME, ids="-".join)
def test_a_time_that_cannot_be_is_refused_with_field_and_remedy(
    open_stage: Opener, about: tuple[Action, str]
) -> None:
    action, field = about
    scene, person, form = LIFE[action]
    browser = open_stage(scene)
    before = browser.stage.incidents.room(scene.room.incident.id)
    path = f"/r/{browser.stage.link(person)}/{SPOTS[action].path}"
    for typed, said in (NOT_HAPPENED if about in HAPPENED else NOT_TO_COME).items():
        day = typed[:10] if action is Action.ADD_CORRECTION else typed
        answer = browser.post(path, form | {field: day})
        refused = f"「{(HAPPENED | TO_COME)[about]}」{said}" in answer.text
        assert (answer.status, refused) == (400, True), typed
    assert browser.stage.incidents.room(scene.room.incident.id) == before


def test_a_day_that_cannot_be_read_is_refused(open_stage: Opener) -> None:
    scene, person, form = LIFE[Action.ADD_CORRECTION]
    browser = open_stage(scene)
    path = f"/r/{browser.stage.link(person)}/correction"
    for typed in ("9999-12-31", "2026-02-30", "明日"):
        answer = browser.post(path, form | {"due_at": typed})
        refused = "」の日時を読み取れません。" in answer.text
        assert (answer.status, refused) == (400, True), typed


def test_what_was_posted_this_very_minute_has_happened(open_stage: Opener) -> None:
    scene, person, form = LIFE[Action.REQUEST_TAKEDOWN]
    browser = open_stage(scene)
    now = f"{to_jst(browser.stage.clock.now()):%Y-%m-%dT%H:%M}"
    path = f"/r/{browser.stage.link(person)}/takedowns"
    assert browser.post(path, form | {"posted_at": now}).status == 303
