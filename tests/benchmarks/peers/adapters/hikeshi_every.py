"""hikeshi as it is deployed with ``Encoder=every``, but that no reading is remembered."""

from __future__ import annotations

from tests.benchmarks.peers.adapters.hikeshi import with_encoders
from tests.benchmarks.peers.verdict import Judge


def build() -> Judge:
    """Return the scorer."""
    return with_encoders(reads_all=True)
