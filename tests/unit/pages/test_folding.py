"""Panels of a room in which nothing waits for anybody are one line long, until somebody opens them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hikeshi.domain.facts import Verdict
from tests.builders import NOON, a_judged_fact, an_approved_statement
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener, Page

FOLDED = re.compile(r'<section class="card" id="([a-z-]+)"[^>]*>\s*<details class="fold">')
PANELS = re.compile(r'<section class="card" id="([a-z-]+)"')


def folded(page: Page) -> set[str]:
    return set(FOLDED.findall(page.text))


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        (scenes.found(), {"circle", "experts", "care"}),
        (scenes.checking(), {"circle", "experts", "care", "takedowns", "aftercare", "hq"}),
        (
            scenes.responding(),
            {"circle", "experts", "care", "takedowns", "aftercare", "hq", "facts"},
        ),
        (
            scenes.closed(),
            {"experts", "takedowns", "playbook", "tasks", "statement", "facts"},
        ),
    ],
    ids=["found", "checking", "responding", "closed"],
)
def test_what_is_finished_or_empty_is_folded_and_what_waits_is_not(
    open_stage: Opener, scene: scenes.Scene, expected: set[str]
) -> None:
    page = open_stage(scene).room()
    assert folded(page) == expected
    assert len(PANELS.findall(page.text)) == len(set(PANELS.findall(page.text)))


def test_a_folded_panel_says_how_it_stands_in_its_line(open_stage: Opener) -> None:
    page = open_stage(scenes.responding()).room().text
    facts = page.split('id="facts"')[1].split("</summary>")[0]
    assert "事実と確認 1件" in facts
    assert "社内の担当者全員" in page.split('id="circle"')[1].split("</summary>")[0]


def test_nothing_is_lost_by_folding(open_stage: Opener) -> None:
    page = open_stage(scenes.responding()).room().text
    for form in ("restrict", "care-open", "verdict"):
        assert f'{form}">' in page
    for below in ("experts", "hq", "facts", "takedowns", "aftercare"):
        assert f'/{below}">' in page


def test_a_panel_opens_when_a_form_in_it_is_refused(open_stage: Opener) -> None:
    browser = open_stage(scenes.responding())
    refused = browser.post(f"/r/{browser.stage.link('kato')}/restrict", {"reason": ""})
    assert refused.status == 400
    assert "circle" not in folded(refused)
    assert "experts" in folded(refused)


def test_what_falls_again_is_open_again(open_stage: Opener) -> None:
    out = an_approved_statement(published_by="suzuki", published_at=NOON)
    assert "statement" in folded(open_stage(scenes.responding(statement=out)).room())
    fallen = replace(out, flagged_at=NOON)
    assert "statement" not in folded(open_stage(scenes.responding(statement=fallen)).room())
    unchecked = a_judged_fact(verdict=Verdict.UNVERIFIED)
    assert "facts" not in folded(open_stage(scenes.responding(facts=(unchecked,))).room())
