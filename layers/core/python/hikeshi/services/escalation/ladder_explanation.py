"""Who would be reached when, if an incident began at a given moment: the ladder played out on paper.

It is played with what the ladder itself uses, the roster as it holds at each step and each person's own
order, delays and quiet hours, so a change of shift in the middle shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import Condition, LadderStep, RollCall, people_of
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.standings import Standings
from hikeshi.services.escalation.ladder import last_resort
from hikeshi.services.messages.audience import holders_of
from hikeshi.services.messages.japanese_time import day_and_clock, duration, full
from hikeshi.services.messages.notices import EVERY_CHANNEL
from hikeshi.services.messages.reaching import Delivery, deliveries
from hikeshi.services.messages.wording import Wording
from hikeshi.services.people.directory import effective


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """One person at a step: by which channels, each at what time."""

    name: str
    title: str
    ways: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One step: when it is paged, under which condition, whom it reaches, and the wait after it.

    ``off`` tells that its condition surely does not hold at that time, or that nobody is on it.
    """

    label: str
    at: str
    people: tuple[Reached, ...]
    condition: str = ""
    wait: str = ""
    off: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """A ladder played out, as finished strings."""

    title: str
    stages: tuple[Stage, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked: an incident of this kind that begins at this moment."""

    category: Category
    level: Level
    at: datetime


def explain(
    question: Question, *, configuration: Configuration, standings: Standings, words: Wording
) -> Explanation:
    """Play a ladder out."""
    names = {
        "category": words.text(f"category.{question.category}"),
        "level": words.text(f"level.{question.level}"),
        "at": full(question.at, words),
    }
    play = _Play(question=question, configuration=configuration, standings=standings, words=words)
    return Explanation(
        title=words.text("explain.title", **names),
        stages=tuple(play.stages()),
        notes=tuple(play.notes()),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Play:
    question: Question
    configuration: Configuration
    standings: Standings
    words: Wording

    def stages(self) -> Iterator[Stage]:
        """Yield the steps in order, and the last resort."""
        ladder = self.configuration.escalation.ladder_for(self.question.category, self.question.level)
        at = self.question.at
        for position, index in enumerate(ladder.schedule()):
            step = ladder.steps[index]
            again = position >= len(ladder.steps)
            yield self._stage(step, str(position + 1), at=at, again=index + 1 if again else 0)
            at += timedelta(seconds=step.wait_seconds)
        people = last_resort(self._at(at))
        label = self.words.text("explain.last")
        yield Stage(label=label, at=self._clock(at), people=self._reached(people, EVERY_CHANNEL, at=at))

    def notes(self) -> Iterator[str]:
        """Yield what holds beside the steps."""
        escalation, question, words = self.configuration.escalation, self.question, self.words
        yield words.text("explain.stops")
        expiry = escalation.ack_expires_after(question.category, question.level)
        yield words.text("explain.expires", span=duration(expiry, words))
        roll_call = escalation.roll_call_for(question.category, question.level)
        if roll_call is not None:
            yield self._roll_call(roll_call)

    def _stage(self, step: LadderStep, label: str, *, at: datetime, again: int) -> Stage:
        roster = self._at(at).roster
        people = people_of(step, category=self.question.category, roster=roster)
        out_of_hours = step.condition is not None and not _hours_hold(step.condition, at)
        off = "explain.off_hours" if out_of_hours else "" if people else "explain.nobody"
        return Stage(
            label=self.words.text("explain.again", label=label, step=again) if again else label,
            at=self._clock(at),
            people=() if out_of_hours else self._reached(people, step.channels, at=at),
            condition=self._condition(step.condition) if step.condition else "",
            wait=duration(timedelta(seconds=step.wait_seconds), self.words),
            off=self.words.text(off) if off else "",
        )

    def _reached(
        self, people: tuple[Person, ...], channels: tuple[Channel, ...], *, at: datetime
    ) -> tuple[Reached, ...]:
        planned = deliveries(people, urgent=True, level=self.question.level, channels=channels, at=at)
        by_person = groupby(planned, key=lambda each: each.person)
        return tuple(
            Reached(name=person.name, title=person.title, ways=self._ways(list(group), at=at))
            for person, group in by_person
        )

    def _ways(self, planned: list[Delivery], *, at: datetime) -> str:
        """Name the channels; those that are used later say when."""
        keys = {True: "explain.held", False: "explain.later"}
        return self.words.text("page.and").join(
            self.words.text(
                "explain.at_once" if each.due_at == at else keys[each.held],
                channel=self.words.text(f"channel.{each.channel}"),
                at=self._clock(each.due_at),
            )
            for each in planned
        )

    def _roll_call(self, roll_call: RollCall) -> str:
        roster: Roster = self._at(self.question.at).roster
        people = holders_of(roll_call.roles, roster)
        return self.words.text(
            "explain.roll_call",
            people=self.words.text("page.and").join(person.name for person in people),
            every=duration(roll_call.every, self.words),
            repeats=roll_call.repeats,
        )

    def _condition(self, condition: Condition) -> str:
        found = []
        if condition.hours is not None:
            hours = {"since": f"{condition.hours.start:%H:%M}", "until": f"{condition.hours.end:%H:%M}"}
            span = self.words.text("time.clocks", **hours)
            found.append(self.words.text("explain.if_hours", span=span))
        if condition.growth is not None:
            within = duration(condition.growth.within, self.words)
            found.append(self.words.text("explain.if_growth", posts=condition.growth.posts, within=within))
        if condition.raised:
            found.append(self.words.text("explain.if_raised"))
        return self.words.text("page.and").join(found)

    def _at(self, at: datetime) -> Configuration:
        return effective(self.configuration, self.standings, at=at)

    def _clock(self, at: datetime) -> str:
        return day_and_clock(at, self.words, now=self.question.at)


def _hours_hold(condition: Condition, at: datetime) -> bool:
    return condition.hours is None or condition.hours.hold(at)


# ---- on paper ----------------------------------------------------------------------------------


def as_text(explanation: Explanation, words: Wording) -> str:
    """Write the explanation as plain text, step by step."""
    lines = [explanation.title]
    outer = words.text("explain.indent")
    inner = outer * 2
    for stage in explanation.stages:
        lines += ["", _head(stage, words)]
        lines += [f"{inner}{_aligned(each, words)}" for each in stage.people]
        if stage.off:
            lines.append(inner + stage.off)
        if stage.wait:
            lines.append(outer + words.text("explain.wait", span=stage.wait))
    return "\n".join([*lines, "", *explanation.notes]) + "\n"


def as_mermaid(explanation: Explanation, words: Wording) -> str:
    """Write the explanation as a Mermaid flow chart."""
    taken = words.text("explain.taken")
    lines = ["flowchart TD", f'  begins(["{_quoted(explanation.title)}"])']
    before, beside = "begins", ""
    for number, stage in enumerate(explanation.stages, start=1):
        gap = words.text("joined.gap")
        people = [gap.join((each.name, each.ways)) for each in stage.people] or [stage.off]
        text = "<br/>".join(_quoted(part) for part in (_head(stage, words), *people))
        waited = f'-->|"{_quoted(beside)}"|' if beside else "-->"
        lines += [
            f'  step{number}["{text}"]',
            f"  {before} {waited} step{number}",
            f'  step{number} -.->|"{_quoted(words.text("action.acknowledge"))}"| taken',
        ]
        before, beside = f"step{number}", stage.wait
    return "\n".join([*lines, f'  taken(["{_quoted(taken)}"])']) + "\n"


def _head(stage: Stage, words: Wording) -> str:
    condition = words.text("explain.if", condition=stage.condition) if stage.condition else ""
    return words.text("joined.gap").join((stage.label, stage.at)) + condition


def _aligned(person: Reached, words: Wording) -> str:
    who = words.text("joined.beside", what=person.name, more=person.title)
    return words.text("joined.gap").join((who, person.ways))


def _quoted(text: str) -> str:
    """Keep what a chart would read as its own signs."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
