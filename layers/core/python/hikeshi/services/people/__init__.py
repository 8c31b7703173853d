"""Use cases of people: how they are reached, who is on duty, and who stands in."""
