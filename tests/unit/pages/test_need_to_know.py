"""An incident that is kept among few: everybody else finds nothing at all behind any address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from functions.responder_api.app import app
from hikeshi.domain.actions import Action
from hikeshi.runtime.room_forms import fields_of
from hikeshi.services.room.action_pages import SPOTS
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener, Page
from tests.unit.pages.stage import NUMBER
from tests.unit.pages.test_get_is_inert import everything

SCENES = {
    "found": scenes.found(),
    "checking": scenes.checking(),
    "responding": scenes.responding(),
    "calming": scenes.calming(),
    "reporting": scenes.reporting(**scenes.WRITTEN),
    "closed": scenes.closed(),
}
OUTSIDE = ("nakano", "suzuki", "watanabe", "ito", "kobayashi")
"""The desk, public relations, customer support, quality, and the lawyer from outside."""

NOBODYS = "1" * 22
"""Has the form of a link and was never sent."""


def every_address(token: str) -> Iterator[tuple[str, str]]:
    """Yield every method and address that the app answers at behind a link."""
    for resource, methods in app.routes.items():
        if "{token}" in resource:
            yield from ((method, resource.replace("{token}", token)) for method in methods)


def answer(browser: Browser, method: str, path: str) -> Page:
    """Ask for an address, with whatever its form wants."""
    if method != "POST":
        return browser.get(path, method=method)
    action = next((a for a in Action if path.endswith(f"/{SPOTS[a].path}")), None)
    fields = dict.fromkeys(fields_of(action), "1") if action is not None else {}
    return browser.post(path, fields | ({"check_number": NUMBER} if "check_number" in fields else {}))


@pytest.mark.parametrize("name", SCENES)
def test_s2_11_a_non_member_meets_the_page_of_a_link_that_is_none_at_every_address(
    open_stage: Opener, name: str
) -> None:
    browser = open_stage(scenes.among_few(SCENES[name]))
    tokens = {person: browser.stage.link(person) for person in OUTSIDE}
    uniform = browser.get(f"/r/{NOBODYS}")
    assert uniform.status == 404
    before = everything(browser)
    for person, token in tokens.items():
        for method, path in every_address(token):
            page = answer(browser, method, path)
            said = (page.status, page.text)
            assert said == (404, "" if method == "HEAD" else uniform.text), f"{person} {method} {path}"
    assert everything(browser) == before


@pytest.mark.parametrize("person", ["tanaka", "kato", "takahashi", "sato"])
def test_s2_11_a_member_finds_the_room_which_says_that_it_is_kept_among_few(
    open_stage: Opener, person: str
) -> None:
    page = open_stage(scenes.among_few(scenes.found())).room(person)
    assert page.status == 200
    for said in ("関係者限り", "種類が「ハラスメント・労務」のため、はじめから関係者限りです。", "田中"):
        assert said in page.text


def test_s2_11_a_link_that_was_sent_before_opens_nothing_once_the_incident_is_restricted(
    open_stage: Opener,
) -> None:
    browser = open_stage(scenes.found())
    pr, hr = browser.stage.link("suzuki"), browser.stage.link("kato")
    assert browser.get(f"/r/{pr}").status == 200
    assert browser.post(f"/r/{hr}/restrict", {"reason": "従業員個人の話です"}).status == 303
    assert browser.get(f"/r/{pr}").status == 404
    assert browser.get(f"/r/{pr}/facts").status == 404
    assert browser.get(f"/r/{hr}").status == 200


def test_s2_11_whoever_is_let_in_finds_the_room_and_the_record_says_by_whom_and_why(
    open_stage: Opener,
) -> None:
    browser = open_stage(scenes.among_few(scenes.found()))
    link = browser.stage.link("suzuki")
    form = {"member": "suzuki", "reason": "公表文を書くため", "check_number": NUMBER}
    assert browser.post(f"/r/{browser.stage.link('tanaka')}/admit", form).status == 303
    page = browser.get(f"/r/{link}")
    assert page.status == 200
    assert "鈴木 健さんを関係者に加えました。理由：公表文を書くため" in page.text


def test_s2_11_whoever_is_taken_out_meets_the_page_of_nothing_at_every_address_at_once(
    open_stage: Opener,
) -> None:
    browser = open_stage(scenes.among_few(scenes.responding(), "suzuki"))
    link = browser.stage.link("suzuki")
    assert browser.get(f"/r/{link}").status == 200
    form = {"member_out": "suzuki", "reason": "文案ができました"}
    assert browser.post(f"/r/{browser.stage.link('tanaka')}/exclude", form).status == 303
    uniform = browser.get(f"/r/{NOBODYS}").text
    for method, path in every_address(link):
        page = answer(browser, method, path)
        assert (page.status, page.text) == (404, "" if method == "HEAD" else uniform), f"{method} {path}"
    assert "鈴木 健さんを関係者から外しました。理由：文案ができました" in browser.room("tanaka").text


def test_s2_11_only_those_who_were_let_in_are_offered_to_be_taken_out(open_stage: Opener) -> None:
    assert "関係者から外す" not in open_stage(scenes.among_few(scenes.responding())).room("tanaka").text
    page = open_stage(scenes.among_few(scenes.responding(), "suzuki", "kato")).room("tanaka")
    offered = page.text.split('name="member_out"')[1].split("</select>")[0]
    assert "鈴木 健" in offered
    assert "加藤 薫" not in offered
    assert "関係者から外す" not in open_stage(scenes.among_few(scenes.found(), "suzuki")).room("suzuki").text


@pytest.mark.parametrize("member", ["kobayashi", "nobody", ""])
def test_s2_11_nobody_from_outside_can_be_let_in(open_stage: Opener, member: str) -> None:
    browser = open_stage(scenes.among_few(scenes.found()))
    form = {"member": member, "reason": "理由", "check_number": NUMBER}
    assert browser.post(f"/r/{browser.stage.link('tanaka')}/admit", form).status == 400


def test_s2_11_once_it_is_lifted_everybody_finds_the_room_again(open_stage: Opener) -> None:
    browser = open_stage(scenes.among_few(scenes.found()))
    form = {"reason": "報道されました", "check_number": NUMBER}
    assert browser.post(f"/r/{browser.stage.link('tanaka')}/lift-restriction", form).status == 303
    page = browser.room("suzuki")
    assert page.status == 200
    assert "関係者限りを解きました。理由：報道されました" in page.text


def test_s2_11_only_lead_executive_legal_and_hr_may_draw_or_lift_the_circle(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    assert browser.post(f"/r/{browser.stage.link('suzuki')}/restrict", {"reason": "x"}).status == 403
    assert 'action="' in browser.room("kato").text
    assert "関係者限りにする" in browser.room("kato").text
    assert "関係者限りにする" not in browser.room("suzuki").text


def test_an_expert_from_outside_finds_no_room_behind_any_link(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    for method, path in every_address(browser.stage.link("kobayashi")):
        assert answer(browser, method, path).status == 404
