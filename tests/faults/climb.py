"""The escalation ladder's states, one task at a time, each tried again as its definition says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from hikeshi.runtime.payloads_ladder import PageStepRequest

TRIES = 5
"""How often the state machine runs a task before it goes on without it."""


class Machine(Protocol):
    """What runs the ladder's function and reads its table."""

    def attempt(self, function: Callable[[], Any]) -> bool:
        """Run a task; tells whether it ended well."""

    def page_step(self, event: dict[str, Any]) -> dict[str, Any]:
        """Run the function."""

    def is_answered(self) -> bool:
        """Tell whether somebody has decided."""


class Climb:
    """One execution."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = {name: given[name] for name in PageStepRequest.model_fields if name in given}
        self._waits: list[int] | None = None
        self._position = 0
        self._due_at = 0.0
        self._tries = 0
        self.goes_on = True

    def is_due(self, at: float) -> bool:
        """Tell whether a task is to be run by now."""
        return self.goes_on and at >= self._due_at

    def go_on(self, machine: Machine, *, at: float) -> None:
        """Run everything that is due; a task that fails is tried again at the same time."""
        while self.is_due(at):
            if self._waits is None:
                self._plan(machine)
            else:
                self._page(machine, self._waits, at=at)

    def _plan(self, machine: Machine) -> None:
        planned: dict[str, Any] = {}
        event = {**self._given, "plan": True}
        if self._task(machine, lambda: planned.update(machine.page_step(event))):
            self._waits = [step["wait_seconds"] for step in planned["positions"]]
        elif self._tries >= TRIES:
            self._waits, self._tries = [], 0

    def _page(self, machine: Machine, waits: list[int], *, at: float) -> None:
        if self._position and not self._tries and machine.is_answered():
            self.goes_on = False
            return
        last = self._position >= len(waits)
        answer: dict[str, Any] = {}
        event = {**self._given, "position": -1 if last else self._position}
        done = self._task(machine, lambda: answer.update(machine.page_step(event)))
        if not done and self._tries < TRIES:
            return
        self.goes_on = not (answer.get("acknowledged") or last)
        if not last:
            self._due_at = at + waits[self._position]
        self._position, self._tries = self._position + 1, 0

    def _task(self, machine: Machine, function: Callable[[], Any]) -> bool:
        done = machine.attempt(function)
        self._tries = 0 if done else self._tries + 1
        return done
