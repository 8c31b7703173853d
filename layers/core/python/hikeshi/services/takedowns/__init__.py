"""Use cases of the deletion desk: requests to others, and bad posts of our own."""
