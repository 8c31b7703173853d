"""No text for the public gives a protected person away, at any step of its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from hikeshi.domain.actions import Action
from hikeshi.domain.caring import mask_of
from hikeshi.domain.publishing import hand_off_gaps
from hikeshi.domain.timeline import chain
from hikeshi.runtime.answers import Answer, Submission
from hikeshi.services.care.harm_text import harm_in_words
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.final_report import finished_report
from hikeshi.services.room.action_pages import SPOTS
from tests.builders import a_room, a_roster
from tests.unit.pages import scenes
from tests.unit.pages.protected import looked_after
from tests.unit.pages.stage import NUMBER, Stage

FORM = {"content-type": "application/x-www-form-urlencoded"}


def sent(stage: Stage, person: str, action: Action, fields: dict[str, str]) -> Answer:
    return stage.desk().act(
        stage.link(person), action, Submission(body=urlencode(fields).encode(), headers=FORM)
    )


@pytest.mark.parametrize("field", ["said_opening", "said_fact", "said_action", "said_contact", "said_care"])
@pytest.mark.parametrize(
    "name", ["早乙女翔太", "サオトメさん", "しょうたん", "緑ヶ丘第三高校", "＠ｓａｏｔｏｍｅ＿ｓ０５１４"]
)
def test_s3_6_a_draft_that_names_the_protected_is_refused_and_no_reason_helps(field: str, name: str) -> None:
    stage = Stage().play(looked_after(scenes.responding(statement=None)))
    draft = {
        **scenes.HOLDING,
        field: scenes.HOLDING[field] + f"\n{name}に確認しております。",
        "tone_reason": "必要です",
    }
    answer = sent(stage, "suzuki", Action.DRAFT_STATEMENT, draft)
    assert answer.status == 409
    assert "保護している従業員が分かる語が含まれています。外してください。" in answer.body
    assert name not in answer.body
    assert sent(stage, "suzuki", Action.DRAFT_STATEMENT, scenes.HOLDING).status == 303


def test_s3_6_a_text_is_kept_back_if_a_name_in_it_is_recorded_after_it_was_written() -> None:
    scene = looked_after(scenes.responding())
    assert scene.room.statement is not None
    named = replace(scene.room.statement, text=scene.room.statement.text + "早乙女翔太")
    stage = Stage().play(replace(scene, room=replace(scene.room, statement=named)))
    answer = sent(stage, "tanaka", Action.APPROVE_STATEMENT, {"version": "1", "check_number": NUMBER})
    assert answer.status == 409
    assert "保護している従業員が分かる語が含まれています。" in answer.body
    assert "names_protected" in hand_off_gaps(replace(scene.room, statement=named), named)
    assert SPOTS[Action.APPROVE_STATEMENT].path not in answer.body


def test_s3_6_the_finished_report_names_nobody() -> None:
    scene = looked_after(scenes.closed())
    entries = chain(scene.events, after_seq=0, after_digest="0" * 64)
    report = finished_report(scene.room, timeline=entries, roster=a_roster(), words=Wording())
    assert not mask_of(scene.room).finds(report.decode())
    assert "●●" in report.decode()


def test_s3_7_the_report_says_what_was_done_to_people_and_for_them() -> None:
    room = looked_after(scenes.closed(), blurting=False).room
    said = harm_in_words(room, Wording())
    assert said == (
        "対象となった従業員は1人で、保護の手順は10件中1件を終えました。"
        "記録した被害は、氏名・顔・住所などの晒し1件です。晒しの投稿を1件見つけました。"
    )
    assert harm_in_words(a_room(), Wording()) == ""
    report = finished_report(room, timeline=(), roster=a_roster(), words=Wording()).decode()
    assert said in report


def test_s3_6_the_watch_of_a_person_ends_by_itself() -> None:
    (track,) = looked_after(scenes.checking()).room.protections
    opened = scenes.checking().room.incident.opened_at
    assert track.consent(opened + timedelta(days=29)) is not None
    assert track.consent(opened + timedelta(days=30)) is None
