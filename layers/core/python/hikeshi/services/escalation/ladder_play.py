"""A ladder climbed without a clock: whom an incident that nobody takes on would page, and when.

It is climbed with what the ladder itself uses, an incident of the kind that is asked about, the places it
finds and the plan of each message, so that what is told beforehand cannot come apart from what happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hikeshi.domain.assessment import Category, CrisisType, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import Condition, Ladder, LadderStep, RollCall
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.people import Person
from hikeshi.domain.standings import Standings
from hikeshi.services.escalation.ladder import LAST_RESORT, place_of, rung_at
from hikeshi.services.escalation.roll_call import on_the_roll
from hikeshi.services.messages.reaching import Delivery, deliveries
from hikeshi.services.people.directory import effective


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked: an incident of this kind that begins at this moment.

    ``growing`` and ``raised`` take for granted what cannot be known beforehand: that it grows as a step
    asks for, or that its level rose to this one at that moment, before anybody was paged.
    """

    category: Category
    level: Level
    at: datetime
    growing: bool = False
    raised: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PlayedStep:
    """A place that the ladder comes to at a moment: what it sends, or that it is passed over.

    ``step`` is None for the last resort, and so is ``wait``.
    """

    position: int
    at: datetime
    step: LadderStep | None
    sent: tuple[Delivery, ...] = ()
    wait: timedelta | None = None

    @property
    def passed_over(self) -> bool:
        """Tell whether nobody is paged there, and the next place follows in the same moment."""
        return self.step is not None and self.wait is None


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderPlay:
    """The ladder of a question, over the configuration and what the directory keeps."""

    question: Question
    configuration: Configuration
    standings: Standings

    @property
    def opens(self) -> bool:
        """Tell whether there is an incident at all: a notice opens none, so nobody is paged."""
        return self.question.level.at_least(Level.WARNING)

    @property
    def incident(self) -> Incident:
        """An incident as it is opened for such an alert."""
        question = self.question
        few = self.configuration.escalation.need_to_know
        return Incident(
            id="inc-on-paper",
            number=0,
            brand="",
            brand_name="",
            category=question.category,
            crisis_type=CrisisType.NONE,
            level=question.level,
            title="",
            quote="",
            source="",
            has_media=False,
            first_post_at=question.at,
            detected_at=question.at,
            opened_at=question.at,
            raised_at=question.at if question.raised else None,
            circle=few.circle_for(question.category, CrisisType.NONE, at=question.at),
        )

    @property
    def ladder(self) -> Ladder:
        """The ladder that it climbs."""
        return self.configuration.escalation.ladder_for(self.question.category, self.question.level)

    def steps(self) -> Iterator[PlayedStep]:
        """Yield every place as the ladder comes to it, up to the last resort; nothing if nothing opens."""
        if not self.opens:
            return
        room, schedule = Room(incident=self.incident), self.ladder.schedule()
        position, at = 0, self.question.at
        while True:
            now = self._at(at)
            rung = rung_at(room, place_of(room.incident, position), now, at=at)
            is_last = rung.position == LAST_RESORT
            for passed in range(position, len(schedule) if is_last else rung.position):
                yield PlayedStep(position=passed, at=at, step=self.ladder.steps[schedule[passed]])
            sent = deliveries(
                rung.people, urgent=True, level=self.question.level, channels=rung.channels, at=at
            )
            if is_last:
                yield PlayedStep(position=len(schedule), at=at, step=None, sent=sent)
                return
            step = self.ladder.steps[schedule[rung.position]]
            wait = timedelta(seconds=step.wait_seconds)
            yield PlayedStep(position=rung.position, at=at, step=step, sent=sent, wait=wait)
            position, at = rung.position + 1, at + wait

    def roll_call(self) -> tuple[RollCall, tuple[Person, ...]] | None:
        """Return the roll-call of the level and whom it asks, if it has one."""
        escalation, question = self.configuration.escalation, self.question
        policy = escalation.roll_call_for(question.category, question.level)
        if policy is None:
            return None
        return policy, on_the_roll(self.incident, self._at(question.at))

    def _at(self, at: datetime) -> Configuration:
        """Return the configuration as it holds at a moment, with what is taken for granted."""
        now = effective(self.configuration, self.standings, at=at)
        if not self.question.growing:
            return now
        steps = tuple(_growing(step) for step in self.ladder.steps)
        own = {self.question.category: {self.question.level: replace(self.ladder, steps=steps)}}
        return replace(now, escalation=replace(now.escalation, overrides=own))


def _growing(step: LadderStep) -> LadderStep:
    """Return a step without what it asks of growth."""
    asked = step.condition
    if asked is None or asked.growth is None:
        return step
    return replace(step, condition=Condition(hours=asked.hours, raised=asked.raised))
