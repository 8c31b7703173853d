"""In whose hands it is: what the page offers to undo, to confirm and to set, and to whom."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener


def test_the_press_of_a_moment_ago_can_be_undone_and_the_button_says_how_long(open_stage: Opener) -> None:
    page = open_stage(scenes.just_taken()).room("sato").text
    assert "担当を取り消す（あと7分）" in page
    assert "佐藤 花子さんが 13:40 から担当しています。" in page


@pytest.mark.parametrize(("minutes", "shown"), [(53, "あと1分"), (53.01, None)])
def test_the_button_is_there_to_the_end_of_the_ten_minutes_and_no_longer(
    open_stage: Opener, minutes: float, shown: str | None
) -> None:
    page = open_stage(replace(scenes.just_taken(), at=scenes.minute(minutes))).room("sato").text
    assert ("を取り消す（" in page) is (shown is not None)
    assert shown is None or shown in page


def test_it_is_offered_to_its_owner_and_a_dismissal_to_those_who_answer_for_all(open_stage: Opener) -> None:
    people = ("sato", "nakano", "takahashi", "ito")
    browser = open_stage(scenes.just_taken())
    assert {p for p in people if "を取り消す（" in browser.room(p).text} == {"sato"}
    browser = open_stage(scenes.dropped())
    assert {p for p in people if "を取り消す（" in browser.room(p).text} == {"sato", "nakano", "takahashi"}


def test_a_dismissal_of_a_moment_ago_says_who_and_when(open_stage: Opener) -> None:
    page = open_stage(scenes.dropped()).room("sato").text
    assert "終了を取り消す（あと7分）" in page
    assert "佐藤 花子さんが 13:40 に閉じました。" in page


def test_when_it_lapsed_others_are_asked_to_take_over_and_the_lead_to_go_on(open_stage: Opener) -> None:
    browser = open_stage(scenes.lapsed())
    assert re.search(r'class="main">引き継ぐ</button>', browser.room("ito").text)
    lead = browser.room("sato").text
    assert re.search(r'class="main">引き続き担当する</button>', lead)
    assert "あなたの担当のまま、1時間7分動きがありません。" in lead


def test_whoever_stands_on_the_roll_is_asked_to_confirm_and_all_see_who_has(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    executive = browser.room("takahashi")
    assert "「確認しました」を押した方" in executive.text
    assert "1人中 0人" in executive.text
    assert re.search(r'class="main">確認しました</button>', executive.text)
    assert 'href="#at-fact-2">事実を確認する</a>' in executive.text
    assert "確認しました</button>" not in browser.room("ito").text
    browser.post(f"/r/{browser.stage.link('takahashi')}/confirm")
    after = browser.room("ito").text
    assert "1人中 1人" in after
    assert "13:52 に確認" in after


def test_before_anybody_has_it_taking_it_on_comes_before_confirming(open_stage: Opener) -> None:
    page = open_stage(scenes.found()).room("takahashi").text
    assert re.search(r'class="main">担当する</button>', page)
    assert re.search(r'class="second">確認しました</button>', page)


def test_when_it_will_lapse_is_said_and_only_lead_and_desk_can_change_it(open_stage: Opener) -> None:
    browser = open_stage(scenes.just_taken())
    assert (
        "1時間動きがないときは、あらためて担当の方を探します。このままなら 14:40 です。"
        in browser.room("ito").text
    )
    assert '<select id="expires-after"' in browser.room("nakano").text
    assert '<select id="expires-after"' not in browser.room("ito").text
    path = f"/r/{browser.stage.link('sato')}/expiry"
    assert browser.post(path, {"expires_after": "14"}).status == 400
    assert browser.post(path, {"expires_after": "一時間"}).status == 400
    assert browser.post(path, {"expires_after": "10080"}).status == 303
    assert "7日動きがないときは" in browser.room("ito").text


def test_the_time_that_holds_now_is_among_the_choices_and_chosen(open_stage: Opener) -> None:
    scene = scenes.just_taken()
    head = replace(scene.room.incident, ack_expires_after=timedelta(hours=6))
    page = open_stage(replace(scene, room=replace(scene.room, incident=head))).room().text
    select = page.split('<select id="expires-after"')[1].split("</select>")[0]
    assert re.findall(r'value="(\d+)" selected>([^<]+)<', select) == [("360", "6時間")]
    offered = [int(minutes) for minutes in re.findall(r'value="(\d+)"', select)]
    assert offered == sorted(set(offered))


def test_a_stale_undo_changes_nothing_and_says_so(open_stage: Opener) -> None:
    browser = open_stage(scenes.just_taken())
    answer = browser.post(f"/r/{browser.stage.link('sato')}/undo", {"of": scenes.minute(40).isoformat()})
    assert answer.status == 409
    assert "押してから10分までです" in answer.text


def test_the_button_that_releases_a_member_names_whom_it_lets_go(open_stage: Opener) -> None:
    browser = open_stage(scenes.gathered())
    page = browser.get(f"/r/{browser.stage.link('sato')}/hq").text
    assert "伊藤 学さんを外す" in page
