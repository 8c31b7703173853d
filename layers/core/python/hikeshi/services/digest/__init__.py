"""Use cases of the morning's numbers."""
