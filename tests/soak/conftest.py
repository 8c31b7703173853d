"""The stack of the end-to-end tests, for the proofs that need one."""

from tests.e2e.conftest import home, http, stack

__all__ = ["home", "http", "stack"]
