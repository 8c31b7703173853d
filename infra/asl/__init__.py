"""Checks of the state machines, and their README: ``python -m infra.asl [--write]``."""
