"""Use cases of collecting: sources are read, posts are taken in, and silence is noticed."""
