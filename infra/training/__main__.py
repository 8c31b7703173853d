"""Command line of :mod:`infra.training`."""

from __future__ import annotations

import json
import sys

from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.services.scoring.lexicon import load_lexicon
from infra.training.corpus import read_all
from infra.training.learning import learn


def main() -> int:
    """Learn, write, and say how good it is; 2 without the data."""
    lexicon = load_lexicon()
    try:
        rows = read_all(lexicon)
    except OSError as error:
        print(f"{error}; set HIKESHI_DATA to the folder with the evaluation data", file=sys.stderr)
        return 2
    learned = learn(rows, lexicon=lexicon, tokenizer=JanomeTokenizer())
    learned.write()
    print(json.dumps(learned.described["out_of_fold"], indent=1))
    print(f"{len(rows)} rows, {len(learned.packed):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
