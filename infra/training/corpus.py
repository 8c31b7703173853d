"""The texts that the model learns from, and which of them it may not see.

Our own labelled posts (the development half and the training files), the examples of the lexicon's
rules, and of the harmless texts by others those whose digest is even: the odd ones are for measuring.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hikeshi.domain.assessment import Category, Level
from hikeshi.services.scoring.lexicon import Lexicon

ROOT = Path(__file__).parents[2]
POSTS = ROOT / "tests" / "fixtures" / "posts"
DEVELOPMENT = POSTS / "labelled" / "dev.jsonl"
TRAINING = POSTS / "training"
HEADER = "category\tlevel\tintent\ttext"
BLOCK = 5
"""So many rows that lie together share a fold, in a file that has no empty lines between its families."""

FOLDS = 5
JUDGING_FOLD = 0
"""The fold that the encoder is not shown, so that the cuts can be set on what it makes of unknown posts."""
_OWN_JUDGED = 2 * FOLDS
"""One family of our own posts in so many is kept for judging: half a fold; the encoder learns the rest."""
OWN_WEIGHT = 1.0
BENIGN = {
    "open2ch_posts": (8_000, 0.15),
    "asdc_utterances": (2_000, 0.4),
    "quasi_reviews": (1_500, 0.4),
    "chabsa": (1_000, 0.5),
}
"""Rows drawn of each set by others, and what one of them weighs; board posts hold real complaints too."""
UNSORTED = frozenset({"asdc_utterances"})
"""Sets in which customers ask for help: a question there is harmless, but not a post about nothing."""
_ASKS = re.compile(r"[?？]|か[。\s]*$")
_SEED = 20261122


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A text and what is right for it.

    ``family`` keeps texts that were written together in one fold. ``rules_knew`` marks texts that the
    lexicon was written against: what the rules say of these is no evidence of what they will say of others.
    """

    text: str
    category: Category
    level: Level
    family: str
    source: str
    weight: float = OWN_WEIGHT
    rules_knew: bool = False

    @property
    def is_risk(self) -> bool:
        """Tell whether any level is right for it."""
        return self.level is not Level.NONE

    @property
    def is_severe(self) -> bool:
        """Tell whether someone must look now."""
        return self.level.at_least(Level.WARNING)


def read_all(lexicon: Lexicon, *, data: Path | None = None) -> list[Row]:
    """Return every row to learn from, in an order that never changes."""
    rows = [*development(), *written_for_training(), *examples(lexicon), *harmless(data or data_folder())]
    known: dict[str, Row] = {}
    for row in rows:
        known.setdefault(row.text, row)
    return list(known.values())


def development() -> Iterator[Row]:
    """Read the half of the labelled set that may be looked at."""
    for line in DEVELOPMENT.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Row(
            text=row["text"],
            category=Category(row["category"]),
            level=Level(row["level"]),
            family=row["family"],
            source="dev",
            rules_knew=True,
        )


def written_for_training(folder: Path = TRAINING) -> Iterator[Row]:
    """Read the training files; a line that is not four fields is an error, an empty one ends a family."""
    for path in sorted(folder.glob("*.tsv")):
        header, *lines = path.read_text("utf-8").split("\n")
        if header != HEADER:
            raise ValueError(f"{path.name}: the first line is not {HEADER!r}")
        gaps = 0
        has_gaps = "" in lines[:-1]
        for number, line in enumerate(lines):
            if not line:
                gaps += 1
                continue
            category, level, _intent, text = line.split("\t")
            yield Row(
                text=text.replace("\\n", "\n"),
                category=Category(category),
                level=Level(level),
                family=f"{path.stem}/{gaps if has_gaps else number // BLOCK}",
                source=path.stem,
            )


def examples(lexicon: Lexicon) -> Iterator[Row]:
    """Return what each rule of the lexicon is shown to hit and to leave."""
    for rule in lexicon.rules:
        is_plea = rule.category is Category.SUPPORT
        ceiling = lexicon.levels.highest.get(rule.category, Level.WARNING)
        severe = Level.WARNING if rule.weight >= lexicon.levels.warning else Level.NOTICE
        level = Level.NONE if is_plea else min(severe, ceiling, key=lambda found: found.rank)
        for text in rule.hits:
            yield _example(text, rule.category, level, rule.id)
        for text in rule.misses:
            yield _example(text, Category.NONE, Level.NONE, rule.id)


def _example(text: str, category: Category, level: Level, rule: str) -> Row:
    return Row(
        text=text, category=category, level=level, family=f"rule/{rule}", source="lexicon", rules_knew=True
    )


def harmless(folder: Path) -> Iterator[Row]:
    """Draw from the sets by others, only from the half that is for learning."""
    for name, (count, weight) in BENIGN.items():
        may_learn = _may_learn(name, folder)
        draw = random.Random(_SEED)  # noqa: S311  # a draw that anyone can repeat
        for text in draw.sample(may_learn, min(count, len(may_learn))):
            yield _stream_row(name, text, weight)


def streams_unseen(folder: Path) -> Iterator[Row]:
    """Return the harmless texts that may be learned from, but were not drawn to be, or are for judging.

    Neither the network nor the thorough encoder learns from them; of those that are not for judging the
    quick one is told what the thorough one makes of them.
    """
    learned = {row.text for row in harmless(folder) if not is_for_judging(row)}
    for name, (_, weight) in BENIGN.items():
        rows = (_stream_row(name, text, weight) for text in _may_learn(name, folder))
        yield from (row for row in rows if row.text not in learned)


def streams_shown(name: str, folder: Path) -> list[str]:
    """Return the harmless texts of one set that the encoder may be shown."""
    rows = (_stream_row(name, text, 0.0) for text in _may_learn(name, folder))
    return [row.text for row in rows if not is_for_judging(row)]


def _may_learn(name: str, folder: Path) -> list[str]:
    lines = (folder / f"{name}.tsv").read_text("utf-8").split("\n")[1:]
    texts = sorted({line.split("\t")[-1] for line in lines if line})
    found = [text for text in texts if text.strip() and is_for_learning(text)]
    return [text for text in found if not _ASKS.search(text)] if name in UNSORTED else found


def _stream_row(name: str, text: str, weight: float) -> Row:
    return Row(
        text=text,
        category=Category.NONE,
        level=Level.NONE,
        family=f"{name}/{text}",
        source=name,
        weight=weight,
    )


def fold_of(row: Row) -> int:
    """Return the fold of a row: texts that were written together share one."""
    return _drawn(row) % FOLDS


def _drawn(row: Row) -> int:
    return zlib.crc32(row.family.encode("utf-8", "surrogatepass"))


def is_for_judging(row: Row) -> bool:
    """Tell whether the encoder is never shown a row."""
    return _drawn(row) % (FOLDS if row.source in BENIGN else _OWN_JUDGED) == JUDGING_FOLD


def is_for_learning(text: str) -> bool:
    """Tell whether a text by others may be learned from; the rest is for measuring."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[-1] % 2 == 0


def data_folder() -> Path:
    """Return where the sets by others lie."""
    given = os.environ.get("HIKESHI_DATA")
    return Path(given) if given else ROOT.parent / "shared" / "data"


def no_data(error: OSError) -> str:
    """Say which file by others is not there, and where to name the folder."""
    return (
        f"{error.filename} が読めません。評価データのフォルダーを環境変数 HIKESHI_DATA に設定してください"
        f" / set HIKESHI_DATA to the folder with the evaluation data: {error}"
    )


def digest() -> str:
    """Return what our own posts come to, so that a model can name what it learned from."""
    total = hashlib.sha256()
    for row in (*development(), *written_for_training()):
        total.update(f"{row.category}\t{row.level}\t{row.text}\n".encode("utf-8", "surrogatepass"))
    return total.hexdigest()
