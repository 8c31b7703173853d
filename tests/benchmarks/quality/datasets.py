"""The sets: our own labelled posts, and texts by others that stand beside the repository."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.training.corpus import is_for_learning

ROOT = Path(__file__).parents[3]
_POSTS = ROOT / "tests" / "fixtures" / "posts"
OURS = {
    "dev": _POSTS / "labelled" / "dev.jsonl",
    "held": _POSTS / "labelled" / "held.jsonl",
    "strangers": _POSTS / "strangers" / "posts.jsonl",
    "newcomers": _POSTS / "newcomers" / "posts.jsonl",
}
BENIGN = ("open2ch", "asdc", "quasi_reviews", "chabsa")
_FILES = {
    "open2ch": "open2ch_posts.tsv",
    "asdc": "asdc_utterances.tsv",
    "quasi_reviews": "quasi_reviews.tsv",
    "chabsa": "chabsa.tsv",
    "toxic": "toxic_inspection.tsv",
    "dialog_act": "asdc_dialog_act.tsv",
}
_QUESTIONS = ("質問", "確認")
_FIELDS = ("id", "text", "category", "level", "family")
_SEED = 20261122


class MissingDataError(Exception):
    """A file of the evaluation data is not there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledPost:
    """A post and what a watch desk would do about it."""

    id: str
    text: str
    category: str
    level: str
    family: str = ""

    @property
    def is_risk(self) -> bool:
        """Tell whether any level is right for it."""
        return self.level != "none"

    @property
    def is_severe(self) -> bool:
        """Tell whether someone must look now."""
        return self.level in ("warning", "critical")


def labelled(name: str) -> list[LabelledPost]:
    """Read one set of ours: a half of the labelled set, or what strangers or newcomers wrote."""
    lines = OURS[name].read_text(encoding="utf-8").splitlines()
    records = (json.loads(line) for line in lines)
    return [LabelledPost(**{name: row[name] for name in _FIELDS}) for row in records]


def texts(name: str, *, limit: int = 0) -> list[str]:
    """Return the texts of a set by others; ``limit`` draws so many of them, always the same.

    Half of each set may be learned from; only the other half is measured.
    """
    rows = [row["text"] for row in _rows(name) if not is_for_learning(row["text"])]
    if limit and len(rows) > limit:
        return random.Random(_SEED).sample(rows, limit)  # noqa: S311  # a draw that anyone can repeat
    return rows


def toxicity() -> list[tuple[str, bool]]:
    """Return text and whether most annotators called it toxic."""
    return [
        (row["text"], (int(row["toxic"]) + int(row["very_toxic"])) * 2 > int(row["n"]))
        for row in _rows("toxic")
    ]


def questions() -> list[tuple[str, bool]]:
    """Return text and whether the speaker asks (質問) or makes sure (確認)."""
    return [(row["text"], row["act"] in _QUESTIONS) for row in _rows("dialog_act")]


def _rows(name: str) -> list[Mapping[str, str]]:
    path = _folder() / _FILES[name]
    if not path.is_file():
        raise MissingDataError(f"{path} is missing; set HIKESHI_DATA to the folder that holds it")
    header, *lines = path.read_text(encoding="utf-8").split("\n")
    columns = header.split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines if line]


def _folder() -> Path:
    given = os.environ.get("HIKESHI_DATA")
    return Path(given) if given else ROOT.parent / "shared" / "data"
