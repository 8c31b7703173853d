"""Who called for help is on the page for everybody; in a drill nobody calls, and no page lets anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin

import pytest

from hikeshi.domain.peril import HelpCall, Peril, peril_again
from hikeshi.services.room.action_pages import SubPage
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener, Page
from tests.unit.pages.test_peril import box, in_drill

NOBODY_OUTSIDE = "110番や119番など、訓練に参加していない方へは、電話も連絡もしないでください。"


def notes(browser: Browser, person: str, told: str) -> Page:
    """Note a call from somebody's link, and follow to the page that it leads to."""
    path = f"/r/{browser.stage.link(person, number='')}/help-called"
    answer = browser.post(path, {"call_told": told})
    return browser.get(urljoin(path, answer.headers["location"])) if answer.status == 303 else answer


@pytest.mark.parametrize("peril", Peril)
def test_whoever_called_notes_it_and_everybody_sees_it(open_stage: Opener, peril: Peril) -> None:
    browser = open_stage(scenes.endangering(scenes.found(), peril))
    assert "通報の記録を残しました。" in notes(browser, "ito", "URLと日時を伝えました。受付番号は12です").text
    seen = box(browser.room("sato").text)
    assert "110番への通報を記録しました（伊藤 学さん" in seen
    assert "もう一度の通報が要ると思うときは、ためらわず通報してください。" in seen
    assert "いまこれを読んでいるあなたが" not in seen
    assert 'href="tel:110"' in seen
    assert "受付番号は12です" in browser.room("sato").text


def test_a_press_without_words_is_no_call_so_that_no_scanner_says_help_is_coming(open_stage: Opener) -> None:
    browser = open_stage(scenes.endangering(scenes.found(), Peril.VIOLENCE))
    assert notes(browser, "ito", "").status == 400
    assert "いまこれを読んでいるあなたが、迷わず通報してください。" in box(browser.room("sato").text)


@pytest.mark.parametrize("peril", Peril)
def test_in_a_drill_the_call_is_played_and_nothing_says_that_anybody_telephoned(
    open_stage: Opener, peril: Peril
) -> None:
    browser = open_stage(in_drill(scenes.endangering(scenes.found(), peril)))
    before = box(browser.room("sato").text)
    assert "【訓練】通報したものとして記録する" in before
    assert "電話はかけないでください。警察に伝えるはずの内容を、お書きください。" in before
    assert "110番へ通報したと記録する" not in before
    assert before.index("実際の案件での手順（訓練では電話しません）") < before.index("110番へ電話し、")
    after = notes(browser, "ito", "URLと日時を伝えます").text
    assert "通報したものとして記録しました。これは訓練です。電話はしないでください。" in after
    assert "（通報したものとして記録しました：伊藤 学さん" in box(after)
    assert "訓練のため、電話はしていません" in after
    assert "110番への通報を記録しました" not in after


@pytest.mark.parametrize("peril", Peril)
@pytest.mark.parametrize("reader", ["sato", "kato", "tanaka", "takahashi"])
def test_no_page_of_a_drill_dials_and_each_says_that_nobody_outside_is_called(
    open_stage: Opener, peril: Peril, reader: str
) -> None:
    browser = open_stage(in_drill(scenes.endangering(scenes.responding(), peril)))
    link = f"/r/{browser.stage.link(reader)}"
    found = [
        page for page in (browser.get(f"{link}/{below.value}") for below in SubPage) if page.status == 200
    ]
    assert len(found) >= len(SubPage) - 1
    for page in (browser.get(link), *found):
        # Phones make numbers in the text of a page dial by themselves, unless it forbids that.
        assert '<meta name="format-detection" content="telephone=no' in page.text
        assert "tel:" not in page.text
        assert NOBODY_OUTSIDE in page.text


def test_what_is_real_says_nothing_of_that(open_stage: Opener) -> None:
    browser = open_stage(scenes.endangering(scenes.responding(), Peril.VIOLENCE))
    assert NOBODY_OUTSIDE not in browser.room("sato").text


@pytest.mark.parametrize("peril", Peril)
def test_readers_of_a_drill_learn_whom_they_may_call_for_themselves(open_stage: Opener, peril: Peril) -> None:
    told = box(open_stage(in_drill(scenes.endangering(scenes.found(), peril))).room("sato").text)
    assert "この訓練がつらいと感じた方へ。いつでも訓練から外れてください。" in told
    assert "よりそいホットライン　0120-279-338（24時間・無料）" in told
    assert "本人へ返信で伝える相談窓口" not in told


def first_line(page: Page) -> str:
    found = re.search(r'<p class="life-first"><a href="#life">(.*?)</a></p>', page.text)
    return found.group(1) if found else ""


@pytest.mark.parametrize("peril", Peril)
@pytest.mark.parametrize("reader", ["sato", "takahashi"])
def test_the_top_of_the_room_says_that_help_was_called_to_everybody(
    open_stage: Opener, peril: Peril, reader: str
) -> None:
    browser = open_stage(scenes.endangering(scenes.found(), peril))
    assert first_line(browser.room(reader)).startswith("人命優先：投稿を見て110番へ")
    notes(browser, "ito", "URLと日時を伝えました")
    assert first_line(browser.room(reader)) == "人命優先：110番へ通報済み（13:38）"


@pytest.mark.parametrize(("minute", "asks_again"), [(-1, False), (1, True)])
def test_a_further_post_after_the_call_asks_for_the_next_one(
    open_stage: Opener, minute: int, asks_again: bool
) -> None:
    scene = scenes.endangering(scenes.found(), Peril.VIOLENCE)
    called = HelpCall(by="ito", at=scene.at - timedelta(minutes=5))
    incident = replace(scene.room.incident, help_call=called)
    more = peril_again(Peril.VIOLENCE, at=called.at + timedelta(minutes=minute))
    told = replace(scene, room=replace(scene.room, incident=incident), events=(*scene.events, more))
    line = first_line(open_stage(told).room("sato"))
    assert (line == "人命優先：通報のあとに新しい投稿あり。続けて警察へ") is asks_again
    assert ("通報済み" in line) is not asks_again


def test_a_second_call_tells_the_police_of_the_further_post(open_stage: Opener) -> None:
    scene = scenes.endangering(scenes.found(), Peril.VIOLENCE)
    called = HelpCall(by="ito", at=scene.at - timedelta(minutes=5))
    more = peril_again(Peril.VIOLENCE, at=scene.at - timedelta(minutes=2))
    incident = replace(scene.room.incident, help_call=called)
    browser = open_stage(
        replace(scene, room=replace(scene.room, incident=incident), events=(*scene.events, more))
    )
    notes(browser, "tanaka", "新しい投稿も伝えました")
    assert first_line(browser.room("sato")) == "人命優先：110番へ通報済み（13:38）"


def test_the_top_of_a_drill_says_that_it_was_noted_and_not_that_anybody_called(open_stage: Opener) -> None:
    browser = open_stage(in_drill(scenes.endangering(scenes.found(), Peril.VIOLENCE)))
    notes(browser, "ito", "URLと日時を伝えます")
    assert first_line(browser.room("sato")) == "人命優先（訓練中：通報したものとして記録済み）"
