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
Tried = set[tuple[str, int]]
"""Moments from which every schedule of so many more faults was run already."""


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
        Calls at which the first fault may strike, to part the work; None is all of them, and the run
        without any fault.
    in_stages : callable or None
        The same run, which tells where it stood between its processes. Runs that stand alike go on
        alike, so what was struck from there once is not struck from there again.
    """
    calm: Ran[Seen] = _ran(run, {})
    if first is None:
        yield calm
    places = first if first is not None else range(len(calm.trace))
    tried: Tried = set()
    for strikes in _struck_again(calm.strikes, calm.trace, places):
        yield from _grown(run, strikes, faults=faults, in_stages=in_stages, tried=tried)


def _grown(
    run: Run[Seen],
    strikes: Strikes,
    *,
    faults: int,
    in_stages: InStages[Seen] | None,
    tried: Tried,
) -> Iterator[Ran[Seen]]:
    left = faults - len(strikes)
    if not left:
        yield _ran(run, strikes)
        return
    trace, seen, stages = in_stages(strikes) if in_stages is not None else (*run(strikes), {})
    yield Ran(strikes=strikes, trace=trace, seen=seen)
    end = _first_known(stages, left, tried, otherwise=len(trace))
    for more in _struck_again(strikes, trace, range(max(strikes) + 1, end)):
        yield from _grown(run, more, faults=faults, in_stages=in_stages, tried=tried)
    # Only now: what lies behind these moments has been struck in every way.
    tried.update((state, left) for at, state in stages.items() if at <= end)


def _first_known(stages: Mapping[int, str], left: int, tried: Tried, *, otherwise: int) -> int:
    """Return the first call that comes after a moment from which all was tried."""
    known = (at for at, state in stages.items() if (state, left) in tried)
    return min(known, default=otherwise)


def _struck_again(strikes: Strikes, trace: tuple[str, ...], places: range) -> Iterator[Strikes]:
    for place in places:
        for kind in kinds_at(trace[place]):
            yield {**strikes, place: kind}


def _ran(run: Run[Seen], strikes: Strikes) -> Ran[Seen]:
    trace, seen = run(strikes)
    return Ran(strikes=strikes, trace=trace, seen=seen)
