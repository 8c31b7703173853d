"""Use cases of care for staff whom an incident is about."""
