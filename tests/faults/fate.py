"""What can go wrong at a call to the outside, and a fate that strikes at chosen ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from hikeshi.domain.errors import DeliveryError


class Kind(StrEnum):
    """What strikes a call."""

    CRASH = "the process ends before the call"
    CRASH_AFTER = "the process ends after the call took effect"
    THROTTLE = "the call is refused for now"
    LOST_REPLY = "the call takes effect and its answer is lost"
    DUPLICATE = "the same event reaches a second process, which runs to its end first"


class DiedError(BaseException):
    """The process ended here; nothing in it can catch that."""


class OutageError(Exception):
    """What a client raises when it gives up."""


READS = frozenset(
    {"room", "topic", "timeline", "recent", "row", "due", "get", "log", "keys", "alert", "posts"}
    | {"GetItem", "Query", "Scan", "GetSecretValue"}
)
"""Without an effect, to die before a call and after it are the same, and so are the two errors."""

ERRORS: Mapping[str, type[Exception]] = {"Sender": DeliveryError, "Workflow": DeliveryError}
"""Ports whose adapters turn every fault into an error of ours; all others let the client's through."""


class Fate:
    """Numbers the calls of a run, over all its processes, and strikes at the chosen ones.

    Parameters
    ----------
    trace : sequence of str
        The calls that were made before this fate took over.
    """

    def __init__(self, strikes: Mapping[int, Kind] | None = None, *, trace: Sequence[str] = ()) -> None:
        self._strikes = strikes or {}
        self.trace: list[str] = list(trace)
        self.duplicate: Callable[[], None] = lambda: None

    def over(self, port: Any, name: str) -> Any:
        """Return a port whose every call may be struck."""
        return _Struck(port, name, self)

    def call(self, port: str, method: str, made: Callable[[], Any]) -> Any:
        """Make a call, unless it is not to be."""
        moment = len(self.trace)
        self.trace.append(f"{port}.{method}")
        kind = self._strikes.get(moment)
        if kind is Kind.CRASH:
            raise DiedError(f"before {port}.{method}")
        if kind is Kind.THROTTLE:
            return self.refuse(port)
        if kind is Kind.DUPLICATE:
            self.duplicate()
        answer = made()
        if kind is Kind.CRASH_AFTER:
            raise DiedError(f"after {port}.{method}")
        return self.lose(port) if kind is Kind.LOST_REPLY else answer

    def refuse(self, port: str) -> Any:
        """Answer for a service that takes no more calls for now."""
        raise ERRORS.get(port, OutageError)("ThrottlingException")

    def lose(self, port: str) -> Any:
        """Let an answer be lost."""
        raise ERRORS.get(port, OutageError)("ReadTimeoutError")


def kinds_at(operation: str) -> tuple[Kind, ...]:
    """Return the kinds that differ from one another at an operation."""
    if operation.rpartition(".")[2] in READS:
        return (Kind.CRASH, Kind.THROTTLE, Kind.DUPLICATE)
    return tuple(Kind)


class _Struck:
    def __init__(self, port: Any, name: str, fate: Fate) -> None:
        self._port, self._name, self._fate = port, name, fate

    def __getattr__(self, method: str) -> Any:
        held = getattr(self._port, method)

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._fate.call(self._name, method, lambda: held(*args, **kwargs))

        return call
