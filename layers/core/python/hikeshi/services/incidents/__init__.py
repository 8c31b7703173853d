"""Use cases of an incident's life: opened, joined, raised, taken on, calmed down, archived."""
