"""Pure rules of hikeshi: no I/O, no clock, no randomness."""
