"""Whoever may not know meets one page behind every address, byte for byte; an expert sees their own alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from hikeshi.domain.actions import Action
from hikeshi.domain.links import EXPERT, digest_of
from hikeshi.services.room.action_pages import SPOTS, SubPage
from tests.builders import an_evidence_file
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener, Page, open_stage
from tests.unit.pages.protected import BLURTED, blurted
from tests.unit.pages.scenes import Scene
from tests.unit.pages.test_experts import ASK, link_of
from tests.unit.pages.test_names_on_pages import SCENES
from tests.unit.pages.test_need_to_know import NOBODYS, answer, every_address

__all__ = ["open_stage"]

QUERIES = ("?page=2", "?page=fact-1", "?page=full", "?done=fact_added", "?id=file-1")


def left_the_company(browser: Browser) -> str:
    token = browser.stage.link("tanaka")
    configuration = browser.stage.configuration
    people = configuration.roster.people
    gone = {**people, "tanaka": replace(people["tanaka"], active=False)}
    roster = replace(configuration.roster, people=gone)
    browser.stage.configuration = replace(configuration, roster=roster)
    return token


def revoked(browser: Browser) -> str:
    token = browser.stage.link("tanaka")
    assert browser.stage.links.revoke(digest_of(token))
    return token


def taken_out(browser: Browser) -> str:
    token = browser.stage.link("suzuki")
    form = {"member_out": "suzuki", "reason": "文案ができました"}
    assert browser.post(f"/r/{browser.stage.link('tanaka')}/exclude", form).status == 303
    return token


def with_a_file(scene: Scene) -> Scene:
    return replace(scene, room=replace(scene.room, files=(an_evidence_file(),)))


DEAD: dict[str, Callable[[Browser], str]] = {
    "a non-member's": lambda browser: browser.stage.link("nakano"),
    "an outside lawyer's": lambda browser: browser.stage.link("kobayashi"),
    "that of a member who was taken out": taken_out,
    "that of somebody who left": left_the_company,
    "a revoked one": revoked,
    "an old one": lambda browser: browser.stage.link("tanaka", age=timedelta(days=30)),
    "one for something else": lambda browser: browser.stage.link("tanaka", about="inc-other"),
    "an expert's who was not asked": lambda browser: browser.stage.link("kobayashi", purpose=EXPERT),
}


def test_every_page_and_every_action_has_its_address() -> None:
    addresses = set(every_address("T"))
    assert {("GET", f"/r/T/{page}") for page in SubPage} <= addresses
    assert {("POST", f"/r/T/{SPOTS[action].path}") for action in Action} <= addresses


@pytest.mark.parametrize("link", DEAD)
def test_s2_11_every_dead_link_meets_the_same_page_at_every_address(open_stage: Opener, link: str) -> None:
    browser = open_stage(scenes.among_few(with_a_file(scenes.responding()), "suzuki"))
    token = DEAD[link](browser)
    uniform = browser.get(f"/r/{NOBODYS}")
    assert uniform.status == 404
    asked = [(method, path) for method, path in every_address(token)]
    asked += [("GET", path + query) for method, path in asked if method == "GET" for query in QUERIES]
    for method, path in asked:
        page = answer(browser, method, path)
        expected = replace(uniform, text="") if method == "HEAD" else uniform
        assert _whole(page) == _whole(expected), f"{method} {path}"


def _whole(page: Page) -> tuple[int, str, tuple[tuple[str, str], ...]]:
    return page.status, page.text, tuple(sorted(page.headers.items()))


def test_s2_11_the_number_of_the_desk_stands_on_that_page_whatever_the_link_was_for(
    open_stage: Opener,
) -> None:
    """A link of nobody, of somebody outside, of another house: it tells them no more than anybody."""
    seen = set()
    for dead in (lambda _: NOBODYS, lambda _: "no-token", *DEAD.values()):
        browser = open_stage(scenes.among_few(with_a_file(scenes.responding()), "suzuki"))
        token = dead(browser)
        browser.stage.configuration = replace(browser.stage.configuration, desk_phone="0120-000-000")
        for path in (f"/r/{token}", f"/r/{token}/facts", f"/r/{token}/file?id=file-1", f"/r/{token}/nothing"):
            seen.add(_whole(browser.get(path)))
    ((status, text, _),) = seen
    assert status == 404
    assert '<a class="button second" href="tel:0120000000">監視デスクへ電話する（0120-000-000）</a>' in text
    brand = scenes.responding().room.incident.brand_name
    assert brand not in text


def test_s2_11_without_a_number_the_page_offers_no_call(open_stage: Opener) -> None:
    assert "tel:" not in open_stage(scenes.responding()).get(f"/r/{NOBODYS}").text


def test_s2_11_a_link_that_lives_is_answered_otherwise(open_stage: Opener) -> None:
    """Else the proof above would hold for a house in which nobody is let in."""
    browser = open_stage(scenes.among_few(scenes.responding()))
    token = browser.stage.link("tanaka")
    assert {browser.get(f"/r/{token}/{page}").status for page in SubPage} == {200}


@pytest.mark.parametrize("name", SCENES)
def test_s0_17_of_all_that_is_written_in_a_room_an_expert_sees_what_was_shared(
    open_stage: Opener, name: str
) -> None:
    scene = with_a_file(SCENES[name]())
    if not scene.room.incident.status.is_open:
        return
    head = replace(blurted(scene.room.incident), brand_name=scene.room.incident.brand_name)
    room = replace(blurted(replace(scene.room, consultations=())), incident=head)
    alerts = tuple((blurted(alert), blurted(posts)) for alert, posts in scene.alerts)
    browser = open_stage(replace(scene, room=room, events=blurted(scene.events), alerts=alerts))
    form = ASK | {"shared_facts": "", "shared_posts": ""}
    if browser.post(f"/r/{browser.stage.link('tanaka')}/ask-expert", form).status != 303:
        assert scene.room.incident.status in (scenes.found().room.incident.status, "reopened")
        return
    token = link_of(browser)
    seen = browser.get(f"/r/{token}")
    assert seen.status == 200
    assert "回収の届け出は要りますか" in seen.text
    assert BLURTED not in unescape(seen.text)
    assert browser.get(f"/r/{token}/file?id=file-1").text == browser.get(f"/r/{NOBODYS}").text
    sent = [row for row in browser.stage.incidents.messages() if row.purpose == EXPERT]
    assert sent
    assert not any(BLURTED in value for row in sent for value in row.params.values())
