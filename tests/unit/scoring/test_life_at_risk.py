"""What puts a life at risk is called by its level, and what only sounds like it is left alone.

Where the rules still fail is told post by post in ``missed.tsv``; a miss that is mended leaves it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from hikeshi.domain.assessment import Level
from hikeshi.domain.peril import Peril, peril_of
from hikeshi.runtime import bootstrap
from hikeshi.services.scoring.lexicon import shipped_files
from infra.training import corpus
from tests.builders import a_post

FOLDER = Path(__file__).parents[2] / "fixtures" / "posts" / "life_at_risk"
RULES = {rule["id"] for rule in tomllib.loads(dict(shipped_files())["danger.toml"])["rule"]}
LEVELS = list(Level)
KINDS = {"self_harm", "person", "place", "allergen", "harmless"}
LIVES = {"self_harm", "person", "place"}


class Row(NamedTuple):
    level: Level
    kind: str
    text: str


class Outcome(NamedTuple):
    level: Level
    is_right: bool
    peril: Peril | None


def _rows(half: str) -> list[Row]:
    lines = (FOLDER / f"{half}.tsv").read_text("utf-8").splitlines()
    return [Row(Level(level), kind, text) for level, kind, text in (line.split("\t") for line in lines)]


HALVES = {half: _rows(half) for half in ("open", "blind")}
ROWS = [row for rows in HALVES.values() for row in rows]
MISSED = [line.split("\t") for line in (FOLDER / "missed.tsv").read_text("utf-8").splitlines()]


@cache
def _outcome(row: Row) -> Outcome:
    """Judge a post as it is deployed: all rules, the network, both encoders; nobody follows the writer."""
    assessment = bootstrap.scorer().assess(a_post(text=row.text, followers=0, reposts=0, likes=0, media=()))
    is_raised = any(reason.rule in RULES for reason in assessment.reasons)
    is_reached = LEVELS.index(assessment.level) >= LEVELS.index(row.level)
    return Outcome(
        level=assessment.level,
        is_right=not is_raised if row.kind == "harmless" else is_reached,
        peril=peril_of(assessment),
    )


def test_each_post_reaches_its_level_and_no_harmless_one_is_raised_but_for_what_is_listed() -> None:
    wrong = {row.text: _outcome(row).level.value for row in ROWS if not _outcome(row).is_right}
    assert wrong == {text: level for level, text, _ in MISSED}


def test_every_miss_says_why() -> None:
    assert all(why.strip() for _, _, why in MISSED)


def test_what_is_critical_about_a_life_carries_the_mark_of_it() -> None:
    critical = [row for row in ROWS if _outcome(row).level is Level.CRITICAL and row.kind in LIVES]
    assert [row.text for row in critical if _outcome(row).peril is None] == []


def test_the_posts_are_labelled_once_each_and_by_the_datasheet() -> None:
    assert len({row.text for row in ROWS}) == len(ROWS)
    assert {row.kind for row in ROWS} == KINDS
    assert all((row.level is Level.NONE) == (row.kind == "harmless") for row in ROWS)


@pytest.mark.parametrize(
    "pattern", [r"\d{2,4}-\d{2,4}-\d{3,4}", r"@\w+\.\w+", r"https?://", r"(?<!\w)@[A-Za-z]\w+"]
)
def test_they_hold_no_phone_mail_link_or_handle(pattern: str) -> None:
    assert [row.text for row in ROWS if re.search(pattern, row.text)] == []


def test_nothing_was_learned_from_them() -> None:
    learned = {row.text for row in (*corpus.development(), *corpus.written_for_training())}
    assert learned.isdisjoint(row.text for row in ROWS)
