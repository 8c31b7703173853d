"""Use cases for those outside and for the time after the end."""
