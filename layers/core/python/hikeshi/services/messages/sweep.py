"""Works through rows of the outbox: each on its own, within a budget of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from hikeshi.domain.outbox import OutboxRow
from hikeshi.ports.environment import Clock
from hikeshi.services.audit.bulkhead import contained
from hikeshi.services.messages.dispatch import Outcome

BUDGET = timedelta(seconds=20)
"""What is not begun by then waits for the next minute; a function has 30 seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Swept:
    """What became of the rows; ``errors`` holds those that broke, by row id."""

    outcomes: Mapping[Outcome, int]
    errors: Mapping[str, Exception]
    left: int


def sweep(rows: Iterable[OutboxRow], handle: Callable[[OutboxRow], Outcome], *, clock: Clock) -> Swept:
    """Handle rows in the order given; one that breaks does not hold back the others.

    A row that broke stays claimed and falls due again when its lease ends.
    """
    waiting = list(rows)
    until = clock.now() + BUDGET
    outcomes: Counter[Outcome] = Counter()
    errors: dict[str, Exception] = {}
    while waiting and clock.now() < until:
        row = waiting.pop(0)
        outcome = contained(partial(handle, row))
        if isinstance(outcome, Exception):
            errors[row.id] = outcome
        else:
            outcomes[outcome] += 1
    return Swept(outcomes=dict(outcomes), errors=errors, left=len(waiting))
