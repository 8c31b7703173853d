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
InStages = Callable[[Strikes], tuple[tuple[str, ...], Seen, Mapping[int, str]]]
Tried = dict[str, int]
"""Moments from which every schedule was run already, with how many more faults at most."""


def explore(
    run: Run[Seen],
    *,
    faults: int,
    first: range | None = None,
    in_stages: InStages[Seen] | None = None,
) -> Iterator[Ran[Seen]]:
    """Run every schedule of up to so many faults.

    A fault changes what comes after it, so where the next one can strike is read off the run that
    was struck so far: schedules grow from the calls that really happened.

    Parameters
    ----------
    first : range or None
        Calls at which the first fault may strike, for a sample; None is all of them, and the run
        without any fault.
    in_stages : callable or None
        The same run, which tells where it stood between its processes. Runs that stand alike go on
        alike, so what was struck from there once is not struck from there again.
    """
    grown = _grown(run, {}, faults=faults, in_stages=in_stages, tried={}, places=first)
    return grown if first is None else (ran for ran in grown if ran.strikes)


def _grown(
    run: Run[Seen],
    strikes: Strikes,
    *,
    faults: int,
    in_stages: InStages[Seen] | None,
    tried: Tried,
    places: range | None = None,
) -> Iterator[Ran[Seen]]:
    left = faults - len(strikes)
    if not left:
        trace, seen = run(strikes)
        yield Ran(strikes=strikes, trace=trace, seen=seen)
        return
    trace, seen, stages = in_stages(strikes) if in_stages is not None else (*run(strikes), {})
    yield Ran(strikes=strikes, trace=trace, seen=seen)
    behind = range(max(strikes, default=-1) + 1, _first_known(stages, left, tried, otherwise=len(trace)))
    # From the end, so that a run which comes back to this one finds that what follows was tried.
    for place in reversed(behind if places is None else places):
        for kind in kinds_at(trace[place]):
            struck = {**strikes, place: kind}
            yield from _grown(run, struck, faults=faults, in_stages=in_stages, tried=tried)
        if place in stages and places is None:
            tried[stages[place]] = left


def _first_known(stages: Mapping[int, str], left: int, tried: Tried, *, otherwise: int) -> int:
    """Return the first call that comes after a moment from which all was tried."""
    known = (at for at, state in stages.items() if tried.get(state, 0) >= left)
    return min(known, default=otherwise)
