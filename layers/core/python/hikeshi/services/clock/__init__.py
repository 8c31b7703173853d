"""The clock from the post: what it asks of people, and how it is told."""
