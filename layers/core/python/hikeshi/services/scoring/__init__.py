"""Scoring: from the text of a post to a score, a level, a category and the reasons for them."""
