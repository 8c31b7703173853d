"""What no single field of ``escalation.yaml`` shows: whether every ladder reaches somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from hikeshi.adapters.document_types import write_duration
from hikeshi.adapters.escalation_document import EscalationModel, LadderModel, StepModel
from hikeshi.adapters.roster_document import RosterModel
from hikeshi.domain.actions import DECIDING
from hikeshi.domain.assessment import Category
from hikeshi.domain.circles import is_outsider
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import people_of
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.response_clock import Stage
from hikeshi.domain.rounds import LONGEST_EXPIRY, SHORTEST_EXPIRY
from infra.configuring.documents import Document, Loc
from infra.configuring.problems import Problem
from infra.configuring.roster_checks import near, unknown_person
from infra.configuring.spans import span_problems

SHORTEST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(days=7)
SHORTEST_GROWTH = timedelta(minutes=1)
LONGEST_GROWTH = timedelta(days=1)
SHORTEST_STAGE = timedelta(minutes=1)
SHORTEST_STANDSTILL = timedelta(hours=1)
LONGEST_STANDSTILL = timedelta(days=30)

_LEVELS = ("notice", "warning", "critical")


def unknown_targets(escalation: EscalationModel, roster: RosterModel, file: Document) -> Iterator[Problem]:
    """Find the people and rotations that a step names and nobody has entered."""
    people = [person.id for person in roster.people]
    rotations = [rotation.id for rotation in roster.rotations]
    for loc, ladder, _ in _all_ladders(escalation):
        for number, step in enumerate(ladder.steps):
            place = (*loc, "steps", number)
            for index, person in enumerate(step.people):
                if person not in people:
                    yield unknown_person(file, (*place, "people", index), person, people)
            for index, rotation in enumerate(step.rotations):
                if rotation not in rotations:
                    known = near(rotation, rotations) or "—"
                    where = (*place, "rotations", index)
                    yield file.problem("unknown_rotation", where, value=rotation, near=known)


def ladder_problems(
    escalation: EscalationModel, configuration: Configuration, file: Document
) -> Iterator[Problem]:
    """Check ladders whose people are all known."""
    for loc, ladder, only in _all_ladders(escalation):
        yield from _steps(ladder, loc, only, configuration.roster, file)
        yield from _beside(ladder, loc, configuration.roster, file)
    yield from _clock(escalation, file)
    resort = [p for role in escalation.last_resort for p in configuration.roster.holders(role)]
    if not _reachable(resort, tuple(Channel)):
        roles = ", ".join(escalation.last_resort)
        yield file.problem("unreachable_last_resort", ("last_resort",), value=roles)
    yield from _circle(escalation, configuration.roster, file)


def _circle(escalation: EscalationModel, roster: Roster, file: Document) -> Iterator[Problem]:
    """Check that what is kept among few is still never missed, and that somebody among them may decide."""
    roles = escalation.need_to_know.members
    place = ("need_to_know", "members")
    inside = [person for role in roles for person in roster.holders(role) if set(roles) & person.roles]
    deciding = [person for person in inside if person.roles & DECIDING]
    if not _reachable(inside, tuple(Channel)):
        yield file.problem("unreachable_circle", place, value=", ".join(roles))
    elif not _reachable(deciding, tuple(Channel)):
        yield file.problem("powerless_circle", place, value=", ".join(sorted(DECIDING)))


def _steps(
    ladder: LadderModel, loc: Loc, only: Category | None, roster: Roster, file: Document
) -> Iterator[Problem]:
    last = len(ladder.steps) - 1
    if ladder.repeat_from > last:
        yield file.problem("repeat_from", (*loc, "repeat_from"), value=ladder.repeat_from, last=last)
    if all(step.when is not None for step in ladder.steps):
        yield file.problem("only_conditions", (*loc, "steps"))
    for number, step in enumerate(ladder.steps):
        place = (*loc, "steps", number)
        yield from span_problems(step.wait, SHORTEST_WAIT, LONGEST_WAIT, (*place, "wait"), file)
        if step.when is not None and (growth := step.when.growing) is not None:
            where = (*place, "when", "growing", "within")
            yield from span_problems(growth.within, SHORTEST_GROWTH, LONGEST_GROWTH, where, file)
        missed = _first_unreached(step, only, roster)
        if missed is not None:
            detail = f" ({missed.value})" if step.departments else ""
            channels = ", ".join(step.channels)
            yield file.problem("unreachable_step", place, detail=detail, channels=channels)


def _beside(ladder: LadderModel, loc: Loc, roster: Roster, file: Document) -> Iterator[Problem]:
    """Check what belongs to the level beside its steps."""
    if ladder.ack_expires_after is not None:
        place: Loc = (*loc, "ack_expires_after")
        yield from span_problems(ladder.ack_expires_after, SHORTEST_EXPIRY, LONGEST_EXPIRY, place, file)
    if (call := ladder.roll_call) is None:
        return
    place = (*loc, "roll_call")
    yield from span_problems(call.every, timedelta(minutes=1), LONGEST_WAIT, (*place, "every"), file)
    people = [person for role in call.roles for person in roster.holders(role)]
    if not _reachable(people, tuple(Channel)):
        yield file.problem("empty_roll_call", (*place, "roles"), value=", ".join(call.roles) or "—")


def _clock(escalation: EscalationModel, file: Document) -> Iterator[Problem]:
    """Check the times of the clock from the post, and how long nobody may move."""
    for level, allowances in escalation.response_clock.to_clock().items():
        place: Loc = ("response_clock", level.value)
        for stage in Stage:
            if stage is not Stage.EXECUTIVE or allowances.executive is not None:
                span = allowances.of(stage)
                yield from span_problems(span, SHORTEST_STAGE, LONGEST_WAIT, (*place, stage.value), file)
        if allowances.executive is not None and allowances.executive > allowances.target:
            values = {
                "value": write_duration(allowances.executive),
                "target": write_duration(allowances.target),
            }
            yield file.problem("after_the_target", (*place, "executive"), **values)
    for status, span in escalation.standstill.to_standstill().items():
        yield from span_problems(
            span, SHORTEST_STANDSTILL, LONGEST_STANDSTILL, ("standstill", status.value), file
        )
    life = escalation.life_at_risk
    yield from span_problems(life.facts, SHORTEST_STAGE, LONGEST_WAIT, ("life_at_risk", "facts"), file)
    place = ("life_at_risk", "ack_expires_after")
    yield from span_problems(life.ack_expires_after, SHORTEST_EXPIRY, LONGEST_EXPIRY, place, file)


def _first_unreached(step: StepModel, only: Category | None, roster: Roster) -> Category | None:
    risks = [c for c in Category if c not in (Category.NONE, Category.SUPPORT)]
    resolved = step.to_step()
    # Who is on call changes; that anybody of a rotation can be reached is what can be known beforehand.
    on_call = [roster.people[each] for name in step.rotations for each in roster.rotations[name].people]
    for category in [only] if only is not None else risks:
        people = (*people_of(resolved, category=category, roster=roster), *on_call)
        if not _reachable(people, step.channels):
            return category
    return None


def _reachable(people: Iterable[Person], channels: tuple[Channel, ...]) -> bool:
    inside = [person for person in people if person.active and not is_outsider(person)]
    return any(person.address(channel) for person in inside for channel in channels)


def _all_ladders(escalation: EscalationModel) -> Iterator[tuple[Loc, LadderModel, Category | None]]:
    for level in _LEVELS:
        if (ladder := getattr(escalation.ladders, level)) is not None:
            yield ("ladders", level), ladder, None
    for category, override in escalation.overrides.items():
        for level in _LEVELS:
            if (ladder := getattr(override, level)) is not None:
                yield ("overrides", category.value, level), ladder, category
