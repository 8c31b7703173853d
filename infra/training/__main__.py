"""Command line of :mod:`infra.training`."""

from __future__ import annotations

import json
import sys

from hikeshi.adapters.encoder import shipped
from hikeshi.adapters.janome_tokenizer import JanomeTokenizer
from hikeshi.services.scoring.lexicon import load_lexicon
from infra.training.corpus import data_folder, no_data, read_all, streams_unseen
from infra.training.learning import learn


def main() -> int:
    """Learn, write, and say how good it is; 2 without the data."""
    lexicon = load_lexicon()
    try:
        rows = read_all(lexicon)
        unseen = list(streams_unseen(data_folder()))
    except OSError as error:
        print(no_data(error), file=sys.stderr)
        return 2
    learned = learn(rows, lexicon=lexicon, tokenizer=JanomeTokenizer(), encoders=shipped(), unseen=unseen)
    learned.write()
    print(json.dumps(learned.described["unseen"], indent=1))
    print(f"{len(rows)} rows, {len(learned.packed):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
