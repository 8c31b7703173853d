"""The score sheet never looks like success where there was none."""

from __future__ import annotations

from datetime import datetime

import pytest

from hikeshi.services.drills.drill_score import DrillScore
from hikeshi.services.drills.drill_view import DrillPage, drill_page
from hikeshi.services.messages.wording import Wording
from tests.builders import a_roster
from tests.unit.drills.test_score import END, FIRST, a_row, did, score, stopped

CALM = "calm"


def sheet(found: DrillScore, *, at: datetime = END) -> DrillPage:
    return drill_page(found, roster=a_roster(), words=Wording(), at=at)


def tones(page: DrillPage) -> list[str]:
    return [row.tone for row in page.rows]


def test_nothing_is_green_where_nobody_acted() -> None:
    page = sheet(score(a_row("sato"), a_row("ito")))
    assert page.total == "0"
    assert tones(page) == ["late"] * 5
    assert page.plight == "お願いした方のどなたも応じないまま終わりました。"
    assert page.rows[-1].beside == "どなたも応じていないため、点はありません"


def test_a_call_that_reached_nobody_is_said_and_is_not_green() -> None:
    page = sheet(score())
    assert tones(page) == ["late"] * 5
    assert page.plight == "お願いの連絡は、参加するどなたにも届きませんでした。"


@pytest.mark.parametrize(
    "found",
    [
        score(),
        score(a_row("sato")),
        score(a_row("sato"), events=(did("sato"),), acknowledged=5),
        score(a_row("sato"), a_row("ito"), events=(did("sato", minutes=9),), acknowledged=9),
        stopped(a_row("sato"), a_row("ito"), after=4),
        stopped(a_row("sato"), a_row("ito", minutes=7), after=9),
    ],
    ids=["nobody asked", "nobody", "one", "one late", "cut short", "one silent, one cut short"],
)
@pytest.mark.parametrize("at", [FIRST, END], ids=["running", "ended"])
def test_what_has_no_points_is_never_green(found: DrillScore, at: datetime) -> None:
    assert [row for row in sheet(found, at=at).rows if row.points.startswith("0/") and row.tone == CALM] == []


def test_while_it_runs_what_nobody_answered_yet_is_waited_for() -> None:
    page = sheet(stopped(a_row("sato"), after=1), at=FIRST)
    assert page.plight == ""
    assert tones(page)[-2:] == ["wait", "wait"]


def test_a_drill_that_went_well_is_green_all_over() -> None:
    page = sheet(score(a_row("sato"), events=(did("sato"),), acknowledged=5, facts=20, statement=60))
    assert tones(page) == [CALM] * 5
    assert (page.plight, page.rows[-1].beside) == ("", "")
