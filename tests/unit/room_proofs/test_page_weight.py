"""No page of the largest incident weighs more than a phone in a cellar can load."""

from __future__ import annotations

import pytest

from hikeshi.domain.experts import MOST_FILES
from hikeshi.domain.links import EXPERT
from hikeshi.runtime.sub_pages import LEAVES
from hikeshi.services.room.action_pages import SubPage
from tests.proofs.vast import vast
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener, open_stage

__all__ = ["open_stage"]

LIMIT = 200_000
READERS = ("sato", "kato")
"""The lead, who is offered most, and personnel, who sees what is kept from others."""

PLACES = ("", "?page=2", "?page=full", "?page=fact-1")
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


@pytest.mark.parametrize("name", SCENES)
def test_every_page_of_the_largest_incident_is_light(open_stage: Opener, name: str) -> None:
    browser = open_stage(vast(SCENES[name]))
    roster = browser.stage.configuration.roster.people
    heavy: dict[tuple[str, str], int] = {}
    for person in READERS:
        weights = {"": weighed(browser, person, "")}
        for page in SubPage:
            readers = LEAVES[page].readers
            if not readers or readers & roster[person].roles:
                weights |= {
                    f"/{page}{place}": weighed(browser, person, f"/{page}{place}") for place in PLACES
                }
        assert len(weights) > len(SubPage)
        heavy |= {(person, place): weight for place, weight in weights.items() if weight > LIMIT}
    assert not heavy


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
    assert page.text.count("/file?id=") == MOST_FILES, "every file that was shared is offered"
