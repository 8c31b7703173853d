"""What the encoder learns from, and what it is never shown so that it can be judged.

It learns from the posts that the rest of the scorer learns from, but one family in ten of our own and one
text in five by others: on those the scorer's cuts are set. What the large encoder knows reaches the small
one through further texts, which nobody labelled: real ones by others, clauses of posts, and posts crossed
with each other.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

from hikeshi.services.scoring.lexicon import load_lexicon
from infra.training.corpus import BENIGN, Row, is_for_judging, read_all, streams_shown

_CROSSED, _CLAUSES = 30_000, 20_000
_STREAMS = {"open2ch_posts": 20_000}
_STREAM = 5_000
_SHORTEST_CLAUSE = 6
_CLAUSE_END = re.compile(r"(?<=[。！？!?\n、])")
_SEED = 5


def taught(data: Path) -> list[Row]:
    """Return the labelled rows that the encoder may learn from."""
    return [row for row in read_all(load_lexicon(), data=data) if not is_for_judging(row)]


def unlabelled(rows: Sequence[Row], data: Path) -> list[str]:
    """Return texts for the large encoder to label: real ones, clauses, and crossed posts."""
    draw = random.Random(_SEED)  # noqa: S311  # a draw that anyone can repeat
    posts = [_CLAUSE_END.split(row.text) for row in rows if row.source not in (*BENIGN, "lexicon")]
    clauses = [clause for post in posts for clause in post if len(clause) >= _SHORTEST_CLAUSE]
    crossed = [_crossed(draw.choice(posts), draw.choice(posts), draw) for _ in range(_CROSSED)]
    found = [*crossed, *draw.sample(clauses, min(_CLAUSES, len(clauses)))]
    for name in BENIGN:
        texts = streams_shown(name, data)
        found += draw.sample(texts, min(_STREAMS.get(name, _STREAM), len(texts)))
    return found


def _crossed(first: Sequence[str], second: Sequence[str], draw: random.Random) -> str:
    """Return how one post begins and how another ends."""
    begun = first[: draw.randint(1, len(first))]
    return "".join([*begun, *second[draw.randint(0, len(second) - 1) :]])
