"""Harmless texts to measure on how many posts a word would flag for nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path

from infra.local.home import REPOSITORY

LABELLED = REPOSITORY / "tests" / "fixtures" / "posts" / "labelled" / "dev.jsonl"
STREAMS = REPOSITORY.parent / "shared" / "data"
NAMES = ("open2ch_posts", "asdc_utterances", "quasi_reviews", "chabsa")
ROWS = 10_000
"""Texts taken of each stream, evenly over the file."""


@cache
def labelled_harmless() -> tuple[str, ...]:
    """Return the harmless half of the labelled set that may be looked at; none if it is not here."""
    if not LABELLED.is_file():
        return ()
    rows = map(json.loads, LABELLED.read_text("utf-8").splitlines())
    return tuple(row["text"] for row in rows if row["level"] == "none")


def streams(folder: Path | None = None) -> tuple[str, ...]:
    """Return texts of the open streams, if their files are here."""
    return tuple(text for name in NAMES for text in _stream((folder or STREAMS) / f"{name}.tsv"))


def harmless() -> tuple[str, ...]:
    """Return the streams if they are here, and otherwise the labelled harmless texts."""
    return streams() or labelled_harmless()


def _stream(file: Path) -> Sequence[str]:
    if not file.is_file():
        return ()
    with file.open(encoding="utf-8") as lines:
        texts = [line.rstrip("\n").rsplit("\t", 1)[-1] for line in islice(lines, 1, None)]
    step = max(1, len(texts) // ROWS)
    return texts[::step][:ROWS]
