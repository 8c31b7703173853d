"""The replay lab: what past posts would have come to under other words and weights."""
