"""Ten thousand requests out of any bytes, and ten thousand openings of every link there is."""

from __future__ import annotations

from itertools import cycle, islice

import pytest
from hypothesis import given, settings

from functions.responder_api.app import app
from tests.unit.pages.conftest import Opener, an_event, open_stage
from tests.unit.pages.stage import Stage
from tests.unit.pages.test_any_request import Sent, check, requests, stage
from tests.unit.pages.test_get_is_inert import PEOPLE, SCENES, everything

__all__ = ["open_stage", "stage"]

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7_200)]

TIMES = 10_000


@settings(max_examples=TIMES, deadline=None)
@given(requests)
def test_ten_thousand_requests_bring_no_failure_and_nothing_final(stage: Stage, sent: Sent) -> None:
    check(stage, sent)


@pytest.mark.parametrize("scene", SCENES)
def test_ten_thousand_openings_change_no_item(open_stage: Opener, scene: object) -> None:
    browser = open_stage(scene)  # type: ignore[arg-type]  # one of the scenes
    tokens = [browser.stage.link(person) for person in PEOPLE]
    before = everything(browser)
    ways = [(method, resource) for method in ("GET", "HEAD", "OPTIONS") for resource in sorted(app.routes)]
    asked = islice(cycle((method, resource, token) for method, resource in ways for token in tokens), TIMES)
    for method, resource, token in asked:
        assert app(an_event(method, resource, token), None)["statusCode"] in (200, 404, 405, 415)
    assert everything(browser) == before
