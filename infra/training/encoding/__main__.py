"""Command line of :mod:`infra.training.encoding`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hikeshi.adapters.encoder.pieces import Pieces
from infra.lexicon.digests import seal
from infra.training.corpus import data_folder, digest, no_data
from infra.training.encoding import shipping
from infra.training.encoding.batches import asked
from infra.training.encoding.losses import labels_of
from infra.training.encoding.pretrained import Pretrained, load
from infra.training.encoding.teaching import STUDENT, TEACHER, hand_on, teach
from infra.training.encoding.texts import taught, unlabelled
from infra.training.encoding.transformer import begin_from, narrower

QUICK = {"width": 128, "layers": 3, "heads": 4, "inner": 512}
"""How large the quick encoder is: it reads a post in a twentieth of the thorough one's time."""
_SEED = 20261122
_SPECIAL = 4
"""Begin, padding, end and unknown come before the pieces."""
_AT_LEAST = 2
"""A piece of the vocabulary that fewer posts have is left out."""


def main() -> int:
    """Teach, hand on, write; 2 without the data."""
    torch.manual_seed(_SEED)
    data = data_folder()
    try:
        rows = taught(data)
        texts = [*(row.text for row in rows), *unlabelled(rows, data)]
    except OSError as error:
        print(no_data(error), file=sys.stderr)
        return 2
    pretrained = load()
    kept = _kept(pretrained, texts)
    names, scores = [pretrained.pieces[at] for at in kept], pretrained.scores[kept]
    pieces = Pieces(names, scores.tolist())
    posts = [pieces.encode(text) for text in texts]
    right = labels_of(rows)
    with _progress() as bars:
        thorough = begin_from(pretrained, kept)
        ours = posts[: len(rows)]
        teach(thorough, ours, right, _bar(bars, "teaching", int(len(ours) * TEACHER.epochs)))
        told = asked(thorough, posts, _bar(bars, "asking", len(posts)))
        quick = narrower(thorough, **QUICK)
        answers, states = map(torch.from_numpy, told)
        hand_on(
            quick, posts, right, (answers, states), _bar(bars, "handing on", int(len(posts) * STUDENT.epochs))
        )
    print(f"{len(rows)} labelled and {len(texts) - len(rows)} other texts, {len(names)} pieces")
    for name, encoder in (("quick", quick), ("thorough", thorough)):
        file = shipping.FOLDER / f"encoder_{name}.safetensors"
        print(f"{file.name}: {shipping.write(encoder, names, scores, digest(), file=file):,} bytes")
        seal((file.name,))
    return 0


def _kept(pretrained: Pretrained, texts: Iterable[str]) -> list[int]:
    """Return which pieces of the vocabulary the texts have need of."""
    every = Pieces(pretrained.pieces, pretrained.scores.tolist())
    seen: Counter[int] = Counter()
    for text in texts:
        seen.update(every.encode(text))
    return sorted(
        number - _SPECIAL for number, count in seen.items() if number >= _SPECIAL and count >= _AT_LEAST
    )


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )


def _bar(bars: Progress, name: str, total: int) -> Callable[[int], None]:
    task = bars.add_task(name, total=total)
    return lambda count: bars.advance(task, count)


if __name__ == "__main__":
    sys.exit(main())
