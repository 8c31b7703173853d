"""Who would be reached when, if an incident began at a given moment: the ladder played out on paper.

It is played by :mod:`hikeshi.services.escalation.ladder_play` with what the ladder itself uses, the roster
as it holds at each step and each person's own order, delays and quiet hours, so a change of shift in the
middle shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import Condition, LadderStep, RollCall
from hikeshi.domain.people import Person
from hikeshi.domain.standings import Standings
from hikeshi.services.escalation.ladder_play import LadderPlay, PlayedStep, Question
from hikeshi.services.messages.japanese_time import day_and_clock, duration, full
from hikeshi.services.messages.reaching import Delivery
from hikeshi.services.messages.wording import Wording

__all__ = ["Explanation", "Question", "Reached", "Stage", "as_mermaid", "as_text", "explain"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """One person at a step: by which channels, each at what time."""

    name: str
    title: str
    ways: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One step: when it is paged, under which condition, whom it reaches, and the wait after it.

    ``off`` tells why it is passed over: its condition does not hold, or nobody is on it. The next one then
    comes at the same time.
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


def explain(
    question: Question, *, configuration: Configuration, standings: Standings, words: Wording
) -> Explanation:
    """Play a ladder out."""
    names = {
        "category": words.text(f"category.{question.category}"),
        "level": words.text(f"level.{question.level}"),
        "at": full(question.at, words),
    }
    play = LadderPlay(question=question, configuration=configuration, standings=standings)
    paper = _Paper(play=play, words=words)
    return Explanation(
        title=words.text("explain.title", **names),
        stages=tuple(paper.stage(step) for step in play.steps()),
        notes=tuple(paper.notes()),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Paper:
    play: LadderPlay
    words: Wording

    def stage(self, played: PlayedStep) -> Stage:
        """Write down one place that the ladder comes to."""
        step = played.step
        return Stage(
            label=self._label(played),
            at=self._clock(played.at),
            people=self._reached(played),
            condition=self._condition(step.condition) if step is not None and step.condition else "",
            wait=duration(played.wait, self.words) if played.wait is not None else "",
            off=self.words.text(self._why_passed_over(step, at=played.at))
            if step is not None and played.passed_over
            else "",
        )

    def notes(self) -> Iterator[str]:
        """Yield what holds beside the steps."""
        play, words = self.play, self.words
        escalation, question = play.configuration.escalation, play.question
        if not play.opens:
            yield words.text("explain.opens_nothing")
            return
        if question.raised:
            yield words.text("explain.taken_as_raised")
        if play.incident.circle is not None:
            yield words.text("explain.few")
        elif escalation.need_to_know.crisis_types:
            yield words.text("explain.few_by_type")
        if any(each.held for step in play.steps() for each in step.sent):
            yield words.text("explain.held_but_for_life")
        yield words.text("explain.stops")
        if question.level in escalation.response_clock:
            yield words.text("explain.clock")
        expiry = escalation.ack_expires_after(question.category, question.level)
        yield words.text("explain.expires", span=duration(expiry, words))
        if (roll_call := play.roll_call()) is not None and roll_call[1]:
            yield self._roll_call(*roll_call)

    def _label(self, played: PlayedStep) -> str:
        if played.step is None:
            return self.words.text("explain.last")
        label, steps = str(played.position + 1), len(self.play.ladder.steps)
        if played.position < steps:
            return label
        again = self.play.ladder.schedule()[played.position] + 1
        return self.words.text("explain.again", label=label, step=again)

    def _why_passed_over(self, step: LadderStep, *, at: datetime) -> str:
        condition, question = step.condition, self.play.question
        if condition is None:
            return "explain.nobody"
        if condition.hours is not None and not condition.hours.hold(at):
            return "explain.off_hours"
        if condition.growth is not None and not question.growing:
            return "explain.not_growing"
        if condition.raised and not question.raised:
            return "explain.not_raised"
        return "explain.nobody"

    def _reached(self, played: PlayedStep) -> tuple[Reached, ...]:
        by_person = groupby(played.sent, key=lambda each: each.person)
        return tuple(
            Reached(name=person.name, title=person.title, ways=self._ways(list(group), at=played.at))
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

    def _roll_call(self, roll_call: RollCall, people: tuple[Person, ...]) -> str:
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

    def _clock(self, at: datetime) -> str:
        return day_and_clock(at, self.words, now=self.play.question.at)


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
    if not explanation.stages:
        lines += [f'  begins --> nothing["{_quoted(note)}"]' for note in explanation.notes]
        return "\n".join(lines) + "\n"
    before, beside = "begins", ""
    for number, stage in enumerate(explanation.stages, start=1):
        gap = words.text("joined.gap")
        people = [gap.join((each.name, each.ways)) for each in stage.people] or [stage.off]
        text = "<br/>".join(_quoted(part) for part in (_head(stage, words), *people))
        waited = f'-->|"{_quoted(beside)}"|' if beside else "-->"
        lines += [
            f'  step{number}["{text}"]',
            f"  {before} {waited} step{number}",
        ]
        if stage.people:
            lines.append(f'  step{number} -.->|"{_quoted(words.text("action.acknowledge"))}"| taken')
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
