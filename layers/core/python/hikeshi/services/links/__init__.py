"""Use cases of signed links: made, opened, taken back."""
