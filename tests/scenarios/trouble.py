"""What is broken in a world, where and for how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hikeshi.ports.environment import Clock
from tests.scenarios.failing import ProcessDied


class Moment(StrEnum):
    """When a call breaks: before it has any effect, or after, so that only its answer is lost."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(eq=False)
class Trouble:
    """Something that breaks ``times`` times, or until a moment.

    Attributes
    ----------
    point : str
        Which call: ``sms``, ``mail``, ``sms to sato``, ``start_ladder``, a function's name …
    kills : bool
        Whether the process that makes the call dies of it, instead of being told.
    """

    point: str
    times: int
    until: datetime | None = None
    moment: Moment = Moment.BEFORE
    kills: bool = False


@dataclass
class Troubles:
    """All that is broken now."""

    clock: Clock
    known: list[Trouble] = field(default_factory=list)

    def add(self, trouble: Trouble) -> None:
        self.known.append(trouble)

    def meet(self, points: tuple[str, ...], moment: Moment, error: Callable[[], Exception]) -> None:
        """Break off here, if a call at one of these points is to break at this moment."""
        for trouble in self.known:
            over = trouble.until is not None and self.clock.now() >= trouble.until
            if trouble.point in points and trouble.moment is moment and trouble.times and not over:
                trouble.times -= 1
                if trouble.kills:
                    raise ProcessDied(trouble.point)
                raise error()
