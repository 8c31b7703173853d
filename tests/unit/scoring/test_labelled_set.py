"""The labelled set keeps its own promises: schema, counts, spans, split, variety, and a true datasheet."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from hikeshi.domain.assessment import Category, CrisisType, Intent, Level

FOLDER = Path(__file__).parents[2] / "fixtures" / "posts" / "labelled"
FIELDS = {
    "id", "family", "text", "source", "author_part", "category", "crisis_type",
    "intent", "level", "span", "benign_twin", "voice",
}  # fmt: skip
SOURCES = {"x", "board", "review", "news", "blog", "video_comment"}
AUTHORS = {"customer", "staff", "student", "prospective_employee", "media", "bystander", "rival", "unknown"}
VOICES = {
    "slang", "polite", "angry", "ironic", "staff", "student", "headline", "hearsay", "joke", "question",
    "praise", "rival", "news", "dialect", "plain", "summary_site", "apology", "thread", "worried",
}  # fmt: skip
RISKS = [category for category in Category if category not in {Category.SUPPORT, Category.NONE}]
ALIKE = 0.6
REPOSTS = 8


def _read(part: str) -> list[dict[str, Any]]:
    with (FOLDER / f"{part}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


DEV, HELD = _read("dev"), _read("held")
ROWS = DEV + HELD


def _grams(text: str) -> frozenset[str]:
    packed = re.sub(r"\s", "", text)
    return frozenset(packed[at : at + 3] for at in range(max(1, len(packed) - 2)))


def _near_duplicates() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    grams = [_grams(row["text"]) for row in ROWS]
    seen: defaultdict[str, list[int]] = defaultdict(list)
    pairs = []
    for here, mine in enumerate(grams):
        for there, shared in Counter(chain.from_iterable(seen[gram] for gram in mine)).items():
            if shared / (len(mine) + len(grams[there]) - shared) > ALIKE:
                pairs.append((ROWS[there], ROWS[here]))
        for gram in mine:
            seen[gram].append(here)
    return pairs


def test_every_row_has_the_fields_and_words_of_the_guide() -> None:
    for row in ROWS:
        assert set(row) == FIELDS
        assert row["text"].strip() == row["text"] != ""
        assert row["source"] in SOURCES
        assert row["author_part"] in AUTHORS
        assert row["voice"] in VOICES
        assert isinstance(row["benign_twin"], bool)
        Category(row["category"]), CrisisType(row["crisis_type"]), Intent(row["intent"]), Level(row["level"])


def test_labels_agree_with_each_other() -> None:
    for row in ROWS:
        risky = row["level"] != "none"
        assert risky == (row["category"] not in {"none", "support"}), row
        assert risky == (row["crisis_type"] != "none"), row
        assert risky == (row["intent"] == "risk"), row
        assert (row["category"] == "support") == (row["intent"] == "support"), row
        assert not (row["benign_twin"] and row["category"] != "none"), row


def test_span_is_the_words_of_a_risk_and_null_for_the_rest() -> None:
    for row in ROWS:
        if row["level"] == "none":
            assert row["span"] is None
        else:
            assert row["span"]
            assert row["span"] in row["text"]


def test_ids_and_texts_are_unique() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert len({row["text"] for row in ROWS}) == len(ROWS)


def test_size_and_balance() -> None:
    assert len(ROWS) >= 1600
    assert sum(row["level"] == "none" for row in ROWS) / len(ROWS) >= 0.42
    assert sum(row["benign_twin"] for row in ROWS) / len(ROWS) >= 0.40
    counts = Counter(row["category"] for row in ROWS)
    assert counts["support"] >= 100
    for category in RISKS:
        assert 60 <= counts[category] <= 110, (category, counts[category])
    lengths = [len(row["text"]) for row in ROWS]
    assert sum(length <= 15 for length in lengths) >= 30
    assert sum(length >= 200 for length in lengths) >= 20


def test_critical_stays_with_the_categories_where_people_or_many_are_in_danger() -> None:
    critical = {row["category"] for row in ROWS if row["level"] == "critical"}
    assert critical <= {"contamination", "misconduct", "leak", "harassment", "defect", "scandal", "attack"}
    assert {row["level"] for row in ROWS if row["category"] == "complaint"} == {"notice"}


def test_halves_share_no_family_and_are_alike_in_make_up() -> None:
    assert {row["family"] for row in DEV}.isdisjoint(row["family"] for row in HELD)
    assert abs(len(DEV) - len(HELD)) <= 10
    dev, held = (Counter((row["category"], row["level"]) for row in half) for half in (DEV, HELD))
    for key in dev | held:
        assert abs(dev[key] - held[key]) <= 4, key


def test_no_two_posts_are_alike_but_the_reposts_of_one_family() -> None:
    pairs = _near_duplicates()
    assert all(one["family"] == other["family"] for one, other in pairs), pairs
    assert len({row["id"] for pair in pairs for row in pair}) <= REPOSTS


@pytest.mark.parametrize(
    "pattern", [r"\d{2,4}-\d{2,4}-\d{3,4}", r"@\w+\.\w+", r"https?://", r"(?<!\w)@[A-Za-z]\w+"]
)
def test_no_phone_mail_link_or_handle(pattern: str) -> None:
    assert [row["text"] for row in ROWS if re.search(pattern, row["text"])] == []


def test_datasheet_counts_are_the_files_counts() -> None:
    sheet = (FOLDER / "DATASHEET.md").read_text(encoding="utf-8")
    table = {
        cells[0]: tuple(int(cell) for cell in cells[1:])
        for line in sheet.splitlines()
        if line.startswith("| `")
        for cells in [[cell.strip(" `") for cell in line.strip("|").split("|")]]
        if len(cells) == 7
    }
    for category in Category:
        rows = [row for row in ROWS if row["category"] == category]
        levels = Counter(row["level"] for row in rows)
        half = sum(row["category"] == category for row in DEV)
        expected = (
            *(levels[level] for level in ("none", "notice", "warning", "critical")),
            half,
            len(rows) - half,
        )
        assert table[category] == expected, category
