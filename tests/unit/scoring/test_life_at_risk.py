"""What puts a life at risk is called by its level, and what only sounds like it is left alone.

Where the rules still fail is told post by post in ``missed.tsv``; a miss that is mended leaves it.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from hikeshi.domain.assessment import Assessment, Level
from hikeshi.domain.peril import peril_of
from hikeshi.runtime import bootstrap
from hikeshi.services.scoring.lexicon import shipped_files
from infra.training import corpus
from tests.builders import a_post

FOLDER = Path(__file__).parents[2] / "fixtures" / "posts" / "life_at_risk"
RULES = {rule["id"] for rule in tomllib.loads(dict(shipped_files())["danger.toml"])["rule"]}
KINDS = {"self_harm", "person", "place", "allergen", "harmless"}
LIVES = {"self_harm", "person", "place"}


class Row(NamedTuple):
    level: Level
    kind: str
    text: str


def _rows(half: str) -> list[Row]:
    lines = (FOLDER / f"{half}.tsv").read_text("utf-8").splitlines()
    return [Row(Level(level), kind, text) for level, kind, text in (line.split("\t") for line in lines)]


HALVES = {half: _rows(half) for half in ("open", "blind")}
ROWS = [row for rows in HALVES.values() for row in rows]
STRANGERS = _rows("strangers")
MISSED = [line.split("\t") for line in (FOLDER / "missed.tsv").read_text("utf-8").splitlines()]


def _assessed(row: Row) -> Assessment:
    return bootstrap.scorer().assess(a_post(text=row.text, followers=0, reposts=0, likes=0, media=()))


def _level(row: Row) -> tuple[Level, bool]:
    """Judge a post as it is deployed, by all rules, the network and both encoders; say whether that is right.

    What is critical about a life is right only with the mark by which people are told what to do first.
    """
    assessment = _assessed(row)
    if row.kind == "harmless":
        return assessment.level, RULES.isdisjoint(reason.rule for reason in assessment.reasons)
    is_marked = row.kind not in LIVES or row.level is Level.WARNING or peril_of(assessment) is not None
    return assessment.level, assessment.level.at_least(row.level) and is_marked


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_posts_reach_their_level_and_harmless_ones_are_not_raised_but_for_what_is_listed(kind: str) -> None:
    judged = {row.text: _level(row) for row in ROWS if row.kind == kind}
    wrong = {text: level.value for text, (level, is_right) in judged.items() if not is_right}
    assert wrong == {text: level for level, text, _ in MISSED if text in judged}


@pytest.mark.parametrize(("level", "at_least"), [(Level.CRITICAL, 0.65), (Level.WARNING, 0.45)])
def test_of_what_a_stranger_wrote_most_calls_people_as_a_matter_of_life(
    level: Level, at_least: float
) -> None:
    called = [peril_of(_assessed(row)) is not None for row in STRANGERS if row.level is level]
    assert sum(called) >= at_least * len(called)


def test_little_of_what_only_sounds_like_it_calls_people_as_a_matter_of_life() -> None:
    harmless = [row for row in (*ROWS, *STRANGERS) if row.kind == "harmless"]
    assert sum(peril_of(_assessed(row)) is not None for row in harmless) <= 0.03 * len(harmless)


def test_what_is_listed_as_missed_is_among_the_posts() -> None:
    assert {text for _, text, _ in MISSED} <= {row.text for row in ROWS}


def test_every_miss_says_why() -> None:
    assert all(why.strip() for _, _, why in MISSED)


def test_the_posts_are_labelled_once_each_and_by_the_datasheet() -> None:
    assert len({row.text for row in (*ROWS, *STRANGERS)}) == len(ROWS) + len(STRANGERS)
    assert {row.kind for row in ROWS} == KINDS
    assert all((row.level is Level.NONE) == (row.kind == "harmless") for row in ROWS)


@pytest.mark.parametrize(
    "pattern", [r"\d{2,4}-\d{2,4}-\d{3,4}", r"@\w+\.\w+", r"https?://", r"(?<!\w)@[A-Za-z]\w+"]
)
def test_they_hold_no_phone_mail_link_or_handle(pattern: str) -> None:
    assert [row.text for row in (*ROWS, *STRANGERS) if re.search(pattern, row.text)] == []


def test_nothing_was_learned_from_them() -> None:
    learned = {row.text for row in (*corpus.development(), *corpus.written_for_training())}
    assert learned.isdisjoint(row.text for row in ROWS)
