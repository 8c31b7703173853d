"""Command line of :mod:`infra.training.perils`."""

from __future__ import annotations

import json
import sys

from hikeshi.adapters.encoder import shipped
from infra.training.corpus import data_folder, no_data
from infra.training.perils.learning import learn, write
from infra.training.perils.posts import from_training, streams, written


def main() -> int:
    """Learn, write, and say how good it is; 2 without the data."""
    try:
        learned, judged = streams(data_folder())
    except OSError as error:
        print(no_data(error), file=sys.stderr)
        return 2
    described = learn(written(), from_training(), learned, judged, encoders=shipped())
    write(described)
    print(json.dumps(described["unseen"] | described["cuts"], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
