"""Crashes on purpose: a process may die before or after any call it makes to the outside."""

from __future__ import annotations

from typing import Any


class CrashError(Exception):
    """The process died here."""


class CrashPlan:
    """Counts the moments at which a process can die, and dies at the chosen one.

    Every call has two such moments: before it is made, and after it took effect but before its answer
    is read.
    """

    def __init__(self, at: int | None = None) -> None:
        self.at = at
        self.passed = 0

    def moment(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            raise CrashError(f"moment {self.passed}")

    def around(self, port: Any) -> Any:
        """Return the port with both moments around each of its calls."""
        return _Crashing(port, self)


class _Crashing:
    def __init__(self, port: Any, plan: CrashPlan) -> None:
        self._port, self._plan = port, plan

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._port, name)

        def guarded(*args: Any, **kwargs: Any) -> Any:
            self._plan.moment()
            answer = call(*args, **kwargs)
            self._plan.moment()
            return answer

        return guarded
