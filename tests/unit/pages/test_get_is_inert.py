"""Scanners open every link, again and again, and press what they find: nothing comes of it."""

from __future__ import annotations

from copy import deepcopy
from urllib.parse import urlsplit

import pytest

from functions.responder_api.app import app
from hikeshi.domain.actions import NEEDS_CHECK_NUMBER, Action
from hikeshi.services.room.action_pages import SPOTS
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener, an_event
from tests.unit.pages.scanner import buttons_of

VISITS = 1000
PEOPLE = ("sato", "takahashi", "ito", "tanaka")
SCENES = [
    scenes.found(),
    scenes.checking(),
    scenes.responding(),
    scenes.gathered(),
    scenes.calming(),
    scenes.to_sign(),
    scenes.closed(),
]


def everything(browser: Browser) -> object:
    """Every item that exists, as a copy to compare with."""
    kept = browser.stage
    timelines = {i: tuple(kept.incidents.timeline(i)) for i in kept.incidents.rooms}
    return deepcopy((kept.incidents.rooms, timelines, kept.incidents.outbox, kept.links.grants))


@pytest.mark.parametrize("scene", SCENES)
def test_opening_a_link_a_thousand_times_changes_no_item(open_stage: Opener, scene: scenes.Scene) -> None:
    browser = open_stage(scene)
    tokens = [browser.stage.link(person) for person in PEOPLE]
    before = everything(browser)
    addresses = [(m, f"/r/{t}") for t in tokens for m in ("GET", "HEAD")]
    below = ["statement?page=full", "playbook", "experts", "hq", "hq?page=2"]
    below += ["evidence", "evidence?page=fact-1", "file?id=file-1"]
    below += ["care", "report", "report-edit", "facts", "facts?page=2", "aftercare", "statement", "takedowns"]
    addresses += [("GET", f"/r/{t}/{page}") for t in tokens for page in below]
    for n in range(VISITS // len(SCENES)):
        method, path = addresses[n % len(addresses)]
        assert browser.get(path, method=method).status in (200, 404)
    assert everything(browser) == before


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "GET", "HEAD"])
def test_a_method_that_a_route_does_not_have_is_refused_and_changes_nothing(
    open_stage: Opener, method: str
) -> None:
    browser = open_stage(scenes.found())
    token = browser.stage.link()
    before = everything(browser)
    for resource, methods in app.routes.items():
        if method not in methods:
            answer = app(an_event(method, resource, token), None)
            assert answer["statusCode"] == 405
            assert answer["headers"]["Content-Type"].startswith("text/html")
    assert everything(browser) == before


@pytest.mark.parametrize("scene", SCENES)
def test_a_scanner_that_fills_in_and_presses_every_button_changes_nothing_for_good(
    open_stage: Opener, scene: scenes.Scene
) -> None:
    numbered = {SPOTS[action].path for action in NEEDS_CHECK_NUMBER}
    browser = open_stage(scene)
    tokens = [browser.stage.link(person) for person in PEOPLE]
    before = everything(browser)
    pressed = 0
    for token in tokens:
        for button in buttons_of(browser.get(f"/r/{token}").text):
            name = urlsplit(button.action).path.split("/")[-1]
            if name not in numbered:
                continue
            for number in ("", "1", "abc", "123"):
                answer = browser.post(f"/r/{button.action}", {**button.fields, "check_number": number})
                assert answer.status in (400, 403)
            without = {k: v for k, v in button.fields.items() if k != "check_number"}
            assert browser.post(f"/r/{button.action}", without).status == 400
            pressed += 1
    assert everything(browser) == before
    assert pressed or not scene.room.incident.status.is_open


@pytest.mark.parametrize("action", sorted(NEEDS_CHECK_NUMBER))
def test_what_cannot_be_taken_back_needs_the_number_even_if_no_page_offers_it(
    open_stage: Opener, action: Action
) -> None:
    for scene in SCENES:
        browser = open_stage(scene)
        tokens = [browser.stage.link(person) for person in PEOPLE]
        before = everything(browser)
        for token in tokens:
            for fields in ({}, {"reason": "x"}, {"basis": "x"}, {"version": "1"}):
                assert browser.post(f"/r/{token}/{SPOTS[action].path}", fields).status in (400, 403, 404)
        assert everything(browser) == before
