"""Runs that begin where the run they grew from stood, and end where an earlier one went on alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.builders import NOON
from tests.fakes.environment import FrozenClock
from tests.faults.backstage import InMemory
from tests.faults.fate import Fate
from tests.faults.schedules import Strikes
from tests.faults.stories import Story
from tests.faults.telling import Telling
from tests.faults.world import Seen, World


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A world between two processes, and what is behind it; it is never run itself."""

    world: World
    behind: InMemory

    @property
    def at(self) -> int:
        """The number of the next call."""
        return len(self.world.fate.trace)

    def again(self, strikes: Strikes) -> Moment:
        """Return a world that stands alike and goes on by itself, under a schedule."""
        fate = Fate(strikes, trace=self.world.fate.trace)
        behind = self.behind.fork(fate)
        return Moment(world=self.world.fork(fate, behind), behind=behind)


@dataclass
class Replays:
    """Plays the schedules of a story in the order in which :func:`explore` grows them.

    Nothing is played twice: not what came before a fault, as the run it was grown from is still at hand,
    and not what follows from a state after the last fault, once that was seen.
    """

    story: Story
    _grown: list[tuple[Strikes, list[Moment]]] = field(default_factory=list)
    _ends: dict[str, Seen] = field(default_factory=dict)
    _outcomes: dict[str, Seen] = field(default_factory=dict)
    _telling: Telling = field(default_factory=Telling)

    def run(self, strikes: Strikes) -> tuple[tuple[str, ...], Seen]:
        """Run one world; the trace ends where it stands as another did before."""
        if not strikes:
            return self.run_in_stages(strikes)[:2]
        trace, seen, _ = self._play(strikes, kept=None)
        return trace, seen

    def run_in_stages(self, strikes: Strikes) -> tuple[tuple[str, ...], Seen, Mapping[int, str]]:
        """Run one world to its end, from which others may grow; tells where it stood before its calls."""
        kept: list[Moment] = []
        played = self._play(strikes, kept=kept)
        self._grown.append((dict(strikes), kept))
        return played

    def _play(
        self, strikes: Strikes, *, kept: list[Moment] | None
    ) -> tuple[tuple[str, ...], Seen, Mapping[int, str]]:
        start = self._before(strikes)
        world, behind = start.world, start.behind
        last, stages = max(strikes, default=-1), dict[int, str]()
        end: Seen | None = None
        while world.goes_on():
            at = len(world.fate.trace)
            if world.is_due() and at > last:
                stages[at] = self._telling.digest(world.told(), behind.told())
                if kept is None and (end := self._ends.get(stages[at])) is not None:
                    break
            if world.is_due() and kept is not None:
                kept.append(Moment(world=world, behind=behind).again({}))
            world.step()
        seen = world.seen() if end is None else replace(end, died=world.seen().died)
        # Millions of runs come to a few thousand outcomes: each is kept once.
        end = end or self._outcomes.setdefault(repr(seen), seen)
        self._ends.update(dict.fromkeys(stages.values(), end))
        return tuple(world.fate.trace), seen, stages

    def _before(self, strikes: Strikes) -> Moment:
        """Return a world that stands where the new fault can still strike."""
        earlier = list(strikes.items())[:-1]
        while self._grown and (not strikes or list(self._grown[-1][0].items()) != earlier):
            self._grown.pop()
        if not self._grown:
            fate = Fate(strikes)
            behind = InMemory(fate)
            return Moment(world=World(fate, self.story, behind, FrozenClock(NOON)), behind=behind)
        place = max(strikes)
        latest = max((each for each in self._grown[-1][1] if each.at <= place), key=lambda each: each.at)
        return latest.again(strikes)
