"""Quality: the sets, the figures made of scores, and the tables."""
