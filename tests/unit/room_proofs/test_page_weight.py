"""No page of the largest incident weighs more than a phone in a cellar can load."""

from __future__ import annotations

import pytest

from hikeshi.domain.links import EXPERT
from hikeshi.runtime.sub_pages import LEAVES
from hikeshi.services.action_pages import SubPage
from tests.proofs.vast import vast
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener, open_stage

__all__ = ["open_stage"]

LIMIT = 200_000
READERS = ("sato", "kato")
"""The lead, who is offered most, and personnel, who sees what is kept from others."""

SCENES = {
    "responding": scenes.responding(),
    "reporting": scenes.reporting(**scenes.WRITTEN),
    "closed": scenes.closed(),
}


def weighed(browser: Browser, person: str, below: str) -> int:
    token = browser.stage.link(person)
    answer = browser.get(f"/r/{token}{below}")
    assert answer.status == 200, below
    return len(answer.text.encode())


@pytest.fixture(params=SCENES)
def browser(request: pytest.FixtureRequest, open_stage: Opener) -> Browser:
    return open_stage(vast(SCENES[request.param]))


@pytest.mark.parametrize("person", READERS)
def test_the_room_of_the_largest_incident_is_light(browser: Browser, person: str) -> None:
    assert weighed(browser, person, "") <= LIMIT


@pytest.mark.parametrize("page", SubPage)
def test_every_page_of_the_largest_incident_is_light(browser: Browser, page: SubPage) -> None:
    readers = LEAVES[page].readers
    roster = browser.stage.configuration.roster.people
    for person in READERS:
        if readers and roster[person].roles.isdisjoint(readers):
            continue
        for place in ("", "?page=2", "?page=full"):
            weight = weighed(browser, person, f"/{page}{place}")
            assert weight <= LIMIT, f"{page}{place} weighs {weight} for {person}"


def test_the_report_of_the_largest_incident_is_light(open_stage: Opener) -> None:
    browser = open_stage(vast(SCENES["reporting"]))
    assert weighed(browser, "sato", "/report") <= LIMIT


def test_what_an_expert_is_shown_is_light(open_stage: Opener) -> None:
    browser = open_stage(vast(SCENES["responding"]))
    (room,) = browser.stage.incidents.rooms.values()
    asked = room.consultations[-1]
    token = browser.stage.link("kobayashi", purpose=EXPERT, nonce=asked.nonce)
    page = browser.get(f"/r/{token}")
    assert page.status == 200
    assert len(page.text.encode()) <= LIMIT
