"""The posts by strangers are labelled by the guide, hold no contact data, and nothing learned from them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hikeshi.domain.assessment import Category, Level
from infra.training import corpus

FILE = Path(__file__).parents[2] / "fixtures" / "posts" / "strangers" / "posts.jsonl"
ROWS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
HARMLESS = {Category.NONE, Category.SUPPORT}


def test_labels_agree_with_each_other() -> None:
    for row in ROWS:
        category, level = Category(row["category"]), Level(row["level"])
        assert (category in HARMLESS) == (level is Level.NONE), row["id"]
        assert category is not Category.COMPLAINT or level is Level.NOTICE, row["id"]


def test_ids_and_texts_are_unique() -> None:
    assert len({row["id"] for row in ROWS}) == len({row["text"] for row in ROWS}) == len(ROWS) == 640


@pytest.mark.parametrize(
    "pattern", [r"\d{2,4}-\d{2,4}-\d{3,4}", r"@\w+\.\w+", r"https?://", r"(?<!\w)@[A-Za-z]\w+"]
)
def test_no_phone_mail_link_or_handle(pattern: str) -> None:
    assert [row["text"] for row in ROWS if re.search(pattern, row["text"])] == []


def test_nothing_was_learned_from_them() -> None:
    learned = {row.text for row in (*corpus.development(), *corpus.written_for_training())}
    assert learned.isdisjoint(row["text"] for row in ROWS)
