"""What strangers and newcomers wrote is labelled by the guide, holds no contact data, and taught nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hikeshi.domain.assessment import Category, Level
from infra.training import corpus

POSTS = Path(__file__).parents[2] / "fixtures" / "posts"
HARMLESS = {Category.NONE, Category.SUPPORT}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module", params=["strangers", "newcomers"])
def rows(request: pytest.FixtureRequest) -> Rows:
    lines = (POSTS / request.param / "posts.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_labels_agree_with_each_other(rows: Rows) -> None:
    for row in rows:
        category, level = Category(row["category"]), Level(row["level"])
        assert (category in HARMLESS) == (level is Level.NONE), row["id"]
        assert category is not Category.COMPLAINT or level is Level.NOTICE, row["id"]


def test_ids_and_texts_are_unique(rows: Rows) -> None:
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)


@pytest.mark.parametrize(("name", "count"), [("strangers", 640), ("newcomers", 635)])
def test_none_is_lost(name: str, count: int) -> None:
    assert len((POSTS / name / "posts.jsonl").read_text("utf-8").splitlines()) == count


@pytest.mark.parametrize(
    "pattern", [r"\d{2,4}-\d{2,4}-\d{3,4}", r"@\w+\.\w+", r"https?://", r"(?<!\w)@[A-Za-z]\w+"]
)
def test_no_phone_mail_link_or_handle(pattern: str, rows: Rows) -> None:
    assert [row["text"] for row in rows if re.search(pattern, row["text"])] == []


def test_nothing_was_learned_from_them(rows: Rows) -> None:
    learned = {row.text for row in (*corpus.development(), *corpus.written_for_training())}
    assert learned.isdisjoint(row["text"] for row in rows)
