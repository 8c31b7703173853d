"""The ways in which things break in a world, each under the name that AWS gives it."""

from __future__ import annotations


class TaskFailed(Exception):  # noqa: N818  # named as the state machines name it, States.TaskFailed
    """A task of a state machine ended with an error instead of an answer."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}" if cause else error)
        self.error = error
        self.cause = cause


class ProcessDied(BaseException):
    """The function's process ended here: no handler of its own runs any more."""
