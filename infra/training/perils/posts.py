"""The posts that it is taught by: written for it, threats among the training posts, and harmless streams."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.peril import Peril
from infra.training import corpus

FOLDER = corpus.POSTS / "perils"
HARMLESS = "harmless"
_SEED = 20261123
_OWN, _LOOKALIKE, _THREAT, _OTHER, _STREAM = 3.0, 0.5, 1.0, 0.3, 1.0
"""What a post about a life weighs at a glance, one that sounds like it, a threat that was written for the
network, any other post, and a text of a harmless stream."""
_OTHERS = 6_000
_STREAMS = {"open2ch_posts": 9_000, "asdc_utterances": 3_000, "quasi_reviews": 1_500, "chabsa": 1_000}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A text, whose life it puts at risk if any, and the hand or the stream that it is from."""

    text: str
    peril: Peril | None
    source: str
    weight: float

    @property
    def is_perilous(self) -> bool:
        """Tell whether a life is at risk."""
        return self.peril is not None


def written(folder: Path = FOLDER) -> list[Row]:
    """Read what was written for this; a line that is not kind and text is an error."""
    rows = []
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            kind, text = line.split("\t")
            peril = None if kind == HARMLESS else Peril(kind)
            weight = _LOOKALIKE if peril is None else _OWN
            rows.append(Row(text=text.replace("\\n", "\n"), peril=peril, source=path.stem, weight=weight))
    return rows


def from_training() -> list[Row]:
    """Return the threats among the training posts, and a draw of the others.

    Deaths by overwork are left out: some of them are announced suicides, most are news of one.
    """
    threats, others = [], []
    for row in corpus.written_for_training():
        grave = row.level is Level.CRITICAL
        if grave and row.category is Category.ATTACK:
            threats.append(Row(text=row.text, peril=Peril.VIOLENCE, source="training", weight=_THREAT))
        elif not (grave and row.category is Category.HARASSMENT):
            others.append(Row(text=row.text, peril=None, source="training", weight=_OTHER))
    draw = random.Random(_SEED)  # noqa: S311  # a draw that anyone can repeat
    return [*threats, *draw.sample(others, _OTHERS)]


def streams(data: Path) -> tuple[list[Row], list[Row]]:
    """Return harmless texts to learn from, and others to set the cuts on; half of each set is neither."""
    learned: list[Row] = []
    judged: list[Row] = []
    for name, count in _STREAMS.items():
        lines = (data / f"{name}.tsv").read_text("utf-8").split("\n")[1:]
        texts = sorted({line.split("\t")[-1] for line in lines if line})
        may_learn = [text for text in texts if text.strip() and corpus.is_for_learning(text)]
        random.Random(_SEED).shuffle(may_learn)  # noqa: S311  # an order that anyone can repeat
        rows = [Row(text=text, peril=None, source=name, weight=_STREAM) for text in may_learn]
        learned += rows[:count]
        judged += rows[count : 3 * count]
    return learned, judged


def digest(rows: Sequence[Row] | None = None) -> str:
    """Return what the posts written for this come to, so that the weights can name what taught them."""
    total = hashlib.sha256()
    for row in written() if rows is None else rows:
        total.update(f"{row.peril}\t{row.text}\n".encode())
    return total.hexdigest()
