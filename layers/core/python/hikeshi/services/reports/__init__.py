"""Use cases of the completion report: drafted, written, signed, and what it changes."""
