"""Use cases of the public word: written, checked, approved, put out."""
