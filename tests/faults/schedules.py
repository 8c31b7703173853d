"""Every schedule of so many faults that a run can meet, none twice and none that cannot strike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from tests.faults.fate import Kind, kinds_at

Seen = TypeVar("Seen")
Strikes = Mapping[int, Kind]


@dataclass(frozen=True, kw_only=True)
class Ran(Generic[Seen]):
    """A run under a schedule: the calls it made, in order, and what came of it."""

    strikes: Strikes
    trace: tuple[str, ...]
    seen: Seen

    def told(self) -> str:
        """Say where the faults struck, for a failing test."""
        return "; ".join(f"call {at} {self.trace[at]}: {kind.value}" for at, kind in self.strikes.items())


Run = Callable[[Strikes], tuple[tuple[str, ...], Seen]]


def explore(run: Run[Seen], *, faults: int, first: range | None = None) -> Iterator[Ran[Seen]]:
    """Run every schedule of up to so many faults.

    A fault changes what comes after it, so where the next one can strike is read off the run that
    was struck so far: schedules grow from the calls that really happened.

    Parameters
    ----------
    first : range or None
        Calls at which the first fault may strike, to part the work; None is all of them, and the run
        without any fault.
    """
    calm: Ran[Seen] = _ran(run, {})
    if first is None:
        yield calm
    places = first if first is not None else range(len(calm.trace))
    for strikes in _struck_again(calm, places):
        yield from _grown(run, strikes, faults=faults)


def _grown(run: Run[Seen], strikes: Strikes, *, faults: int) -> Iterator[Ran[Seen]]:
    ran = _ran(run, strikes)
    yield ran
    if len(strikes) < faults:
        for more in _struck_again(ran, range(max(strikes) + 1, len(ran.trace))):
            yield from _grown(run, more, faults=faults)


def _struck_again(ran: Ran[Seen], places: range) -> Iterator[Strikes]:
    for place in places:
        for kind in kinds_at(ran.trace[place]):
            yield {**ran.strikes, place: kind}


def _ran(run: Run[Seen], strikes: Strikes) -> Ran[Seen]:
    trace, seen = run(strikes)
    return Ran(strikes=strikes, trace=trace, seen=seen)
