"""On the page: saying that a post is no danger, what the page says then, and taking it back."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urljoin

from hikeshi.domain.peril import Peril
from hikeshi.runtime.responder_desk import MAX_POSTS
from hikeshi.services.alerts.dangers import name_of_text
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener, Page
from tests.unit.pages.stage import NUMBER, Stage
from tests.unit.pages.test_peril import box, in_drill, page

SONG = scenes.found().alerts[0][1][0].post.text
WHY = "歌詞の引用でした"
BUTTON = "命の危険はない投稿として記録する"
BACK = "判断を取り消し、人命優先に戻す"


def says(browser: Browser, person: str, **fields: str) -> Page:
    """Say it from somebody's link, and follow to the page that it leads to."""
    path = f"/r/{browser.stage.link(person)}/no-danger"
    typed = {"no_danger_texts": name_of_text(SONG), "reason": WHY, "check_number": NUMBER} | fields
    answer = browser.post(path, {name: value for name, value in typed.items() if value})
    return browser.get(urljoin(path, answer.headers["location"])) if answer.status == 303 else answer


def test_the_box_offers_each_text_once_with_what_it_says_and_a_warning_before(open_stage: Opener) -> None:
    found = box(open_stage(scenes.endangering(scenes.found(), Peril.VIOLENCE)).room("sato").text)
    assert BUTTON in found
    assert found.count('name="no_danger_texts"') == 1
    assert SONG[:20] in found
    assert "迷うときは選ばず、通報してください。" in found
    assert "110番へ電話し" in found.split(BUTTON)[0]


def test_a_danger_behind_more_posts_than_the_chart_is_drawn_from_is_offered_too(open_stage: Opener) -> None:
    grave = scenes.endangering(scenes.found(), Peril.VIOLENCE)
    ((alert, (first, other, *_)),) = grave.alerts
    before = [replace(other, post=replace(other.post, id=f"before-{n}")) for n in range(MAX_POSTS)]
    late = [replace(first, post=replace(first.post, id=f"late-{n}")) for n in range(3)]
    browser = open_stage(replace(grave, alerts=((alert, (*before, *late)),)))
    assert box(browser.room("sato").text).count(f'value="{name_of_text(SONG)}"') == 1
    assert not box(says(browser, "sato").text)


def test_in_a_drill_nobody_is_told_to_call_the_police_outside_the_steps_of_a_real_incident() -> None:
    found = box(page(in_drill(scenes.endangering(scenes.found(), Peril.VIOLENCE)), "sato"))
    played = re.sub(r'<ol class="steps">.*?</ol>', "", found, flags=re.DOTALL)
    assert BUTTON in played
    assert "迷うときは選ばないでください。訓練のため、電話はしないでください。" in played
    assert not re.search("通報してください|110番へ電話", played)


def test_then_the_page_no_longer_puts_a_life_first_and_says_who_said_so(open_stage: Opener) -> None:
    browser = open_stage(scenes.endangering(scenes.found(), Peril.VIOLENCE))
    after = says(browser, "sato").text
    assert "命の危険はない投稿と記録しました。" in after
    for body in (after, browser.room("ito").text):
        assert not box(body)
        assert 'class="life-first"' not in body
        assert "危害を予告する投稿" not in body.split("<main>")[0]
        assert re.search(r"佐藤 花子さん.*：1件の文面。理由：歌詞の引用でした", body)
        assert BACK in body


def test_anybody_takes_it_back_with_one_press(open_stage: Opener) -> None:
    browser = open_stage(scenes.endangering(scenes.found(), Peril.VIOLENCE))
    body = says(browser, "sato").text
    of = re.search(r'name="of" value="([^"]+)">\s*<button class="second">' + BACK, body)
    assert of is not None
    path = f"/r/{browser.stage.link('ito', number='')}/undo"
    answer = browser.post(path, {"of": of.group(1)})
    after = browser.get(urljoin(path, answer.headers["location"])).text
    assert "命の危険はないという判断を取り消しました。" in after
    assert box(after)
    assert "危害を予告する投稿" in after.split("<main>")[0]
    assert BACK not in after


def test_it_takes_words_a_text_and_the_number(open_stage: Opener) -> None:
    browser = open_stage(scenes.endangering(scenes.found(), Peril.VIOLENCE))
    for missing in ("no_danger_texts", "reason", "check_number"):
        assert says(browser, "sato", **{missing: ""}).status in (400, 409, 422)
        assert box(browser.room("ito").text)
    refused = says(browser, "sato", no_danger_texts="")
    assert "一覧から選んでください。" in refused.text
    assert WHY in refused.text


def test_who_may_not_close_a_false_alarm_may_not_say_so_either(open_stage: Opener) -> None:
    browser = open_stage(scenes.endangering(scenes.found(), Peril.VIOLENCE))
    assert BUTTON not in box(browser.room("ito").text)
    assert says(browser, "ito").status == 403
    assert box(browser.room("ito").text)


def test_of_two_dangers_the_box_tells_both_and_what_to_do_for_both(open_stage: Opener) -> None:
    body = open_stage(scenes.endangering(scenes.found(), Peril.VIOLENCE, Peril.SELF_HARM)).room("sato").text
    head, found = body.split("<main>")[0], box(body)
    assert "危害の予告と、自殺をほのめかす投稿" in head
    assert "人命優先（危害・自殺）：投稿を見て110番へ。本人を責めない" in head
    assert "名指しされた店舗・現場・人へ電話で知らせ" in found
    assert "自殺・自傷の報告窓口" in found
    assert "危害を予告した投稿には返信しません。自殺をほのめかす投稿に返信するときは、" in found
    assert "よりそいホットライン　0120-279-338（24時間・無料）" in found


def test_what_was_found_safe_is_not_told_to_the_police(open_stage: Opener) -> None:
    browser = open_stage(scenes.endangering(scenes.found(), Peril.VIOLENCE))
    says(browser, "sato")
    assert "警察に伝える投稿" not in browser.room("sato").text


def test_it_reads_in_english_too() -> None:
    body = page(scenes.found_safe(scenes.checking()), "sato", stage=Stage(language="en"))
    assert "Posts found to be no danger" in body
    assert "1 text(s). Reason: 歌詞の引用" in body
