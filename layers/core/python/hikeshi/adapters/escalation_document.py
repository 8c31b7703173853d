"""``escalation.yaml``: the ladders, their conditions, roll-calls and when an acknowledgement lapses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from hikeshi.adapters.document_types import Duration, Model, Text, read_clock
from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType, Level
from hikeshi.domain.circles import NeedToKnow
from hikeshi.domain.escalation import (
    Condition,
    EscalationPolicy,
    Growth,
    Hours,
    Ladder,
    LadderStep,
    RollCall,
)
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.people import Channel
from hikeshi.domain.peril import LifeAtRisk
from hikeshi.domain.response_clock import DEFAULT_ALLOWANCES, Allowances


def read_hours(value: object) -> Hours:
    """Read ``22:00-07:00``.

    Raises
    ------
    ValueError
        If it is anything else, or no time at all.
    """
    if isinstance(value, Hours):
        return value
    start, _, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    hours = Hours(start=read_clock(start), end=read_clock(end))
    if hours.start == hours.end:
        raise ValueError("hours begin at one time and end at another")
    return hours


def write_hours(hours: Hours) -> str:
    """Write hours as they are read."""
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}"


WrittenHours = Annotated[Hours, BeforeValidator(read_hours), PlainSerializer(write_hours, return_type=str)]


class GrowthModel(Model):
    """More than ``posts`` new posts within a span."""

    posts: Annotated[int, Field(ge=1, le=100_000)]
    within: Duration

    def to_growth(self) -> Growth:
        """Return the growth as it is asked."""
        return Growth(posts=self.posts, within=self.within)


class ConditionModel(Model):
    """When a step is paged at all; everything that is written must hold."""

    hours: WrittenHours | None = None
    growing: GrowthModel | None = None
    raised: bool = False

    def to_condition(self) -> Condition:
        """Return the condition as it is asked."""
        growth = self.growing.to_growth() if self.growing is not None else None
        return Condition(hours=self.hours, growth=growth, raised=self.raised)


class StepModel(Model):
    """One rung of a ladder."""

    wait: Duration
    roles: tuple[Role, ...] = ()
    people: tuple[str, ...] = ()
    rotations: tuple[str, ...] = ()
    departments: bool = False
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] = (Channel.SMS, Channel.MAIL)
    when: ConditionModel | None = None

    def to_step(self) -> LadderStep:
        """Return the step as it is climbed."""
        return LadderStep(
            wait_seconds=int(self.wait.total_seconds()),
            roles=self.roles,
            people=self.people,
            rotations=self.rotations,
            departments=self.departments,
            channels=self.channels,
            condition=self.when.to_condition() if self.when is not None else None,
        )


class RollCallModel(Model):
    """Roles of which everybody must confirm, and how often who has not is asked again."""

    roles: tuple[Role, ...]
    every: Duration
    repeats: Annotated[int, Field(ge=0, le=20)] = 3

    def to_roll_call(self) -> RollCall:
        """Return the roll-call as it is held."""
        return RollCall(roles=self.roles, every=self.every, repeats=self.repeats)


class LadderModel(Model):
    """Steps, how often the last of them repeat, and what else holds at the level."""

    steps: Annotated[tuple[StepModel, ...], Field(min_length=1, max_length=20)]
    repeat_from: Annotated[int, Field(ge=0)] = 0
    repeats: Annotated[int, Field(ge=0, le=10)] = 1
    ack_expires_after: Duration | None = None
    roll_call: RollCallModel | None = None

    def to_ladder(self) -> Ladder:
        """Return the ladder as it is climbed."""
        return Ladder(
            steps=tuple(step.to_step() for step in self.steps),
            repeat_from=self.repeat_from,
            repeats=self.repeats,
            ack_expires_after=self.ack_expires_after,
            roll_call=self.roll_call.to_roll_call() if self.roll_call is not None else None,
        )


class OverrideModel(Model):
    """Ladders of one category that differ from the ordinary ones."""

    warning: LadderModel | None = None
    critical: LadderModel | None = None
    notice: LadderModel | None = None

    def to_ladders(self) -> dict[Level, Ladder]:
        """Return the ladders that are there, by level."""
        given = {Level.NOTICE: self.notice, Level.WARNING: self.warning, Level.CRITICAL: self.critical}
        return {level: ladder.to_ladder() for level, ladder in given.items() if ladder is not None}


class LaddersModel(OverrideModel):
    """The ladder of each level that pages anybody."""

    warning: LadderModel
    critical: LadderModel


_FEW = NeedToKnow()


class NeedToKnowModel(Model):
    """Which incidents are kept among few, and whose roles those are, in the order in which they are asked."""

    categories: tuple[Category, ...] = tuple(sorted(_FEW.categories))
    crisis_types: tuple[CrisisType, ...] = tuple(sorted(_FEW.crisis_types))
    members: Annotated[tuple[Role, ...], Field(min_length=1)] = _FEW.roles

    def to_policy(self) -> NeedToKnow:
        """Return the policy that the services work with."""
        return NeedToKnow(
            categories=frozenset(self.categories),
            crisis_types=frozenset(self.crisis_types),
            roles=self.members,
        )


class AllowancesModel(Model):
    """How long each stage after the post may take; all but ``executive`` add up to the target."""

    found: Duration
    told: Duration
    executive: Duration | None = None
    facts: Duration
    statement: Duration

    def to_allowances(self) -> Allowances:
        """Return the allowances as the clock reads them."""
        return Allowances(**dict(self))


class ResponseClockModel(Model):
    """The clock of each level that is timed."""

    warning: AllowancesModel = AllowancesModel(**asdict(DEFAULT_ALLOWANCES[Level.WARNING]))
    critical: AllowancesModel = AllowancesModel(**asdict(DEFAULT_ALLOWANCES[Level.CRITICAL]))

    def to_clock(self) -> dict[Level, Allowances]:
        """Return the allowances by level."""
        return {
            Level.WARNING: self.warning.to_allowances(),
            Level.CRITICAL: self.critical.to_allowances(),
        }


class StandstillModel(Model):
    """How long nobody may do anything while it calms down, and while the report is written."""

    calming: Duration = timedelta(days=3)
    reporting: Duration = timedelta(days=9)

    def to_standstill(self) -> dict[IncidentStatus, timedelta]:
        """Return the spans by where the incident stands."""
        return {IncidentStatus.CALMING: self.calming, IncidentStatus.REPORTING: self.reporting}


_LIFE = LifeAtRisk()


class LifeAtRiskModel(Model):
    """What is stricter where a life is at risk, and the numbers that its writer is told."""

    facts: Duration = _LIFE.facts
    ack_expires_after: Duration = _LIFE.ack_expires_after
    helplines: Annotated[tuple[Text, ...], Field(max_length=5)] = ()

    def to_policy(self) -> LifeAtRisk:
        """Return the policy that the services work with."""
        return LifeAtRisk(**dict(self))


class EscalationModel(Model):
    """``escalation.yaml``."""

    ladders: LaddersModel
    last_resort: Annotated[tuple[Role, ...], Field(min_length=1)]
    overrides: Mapping[Category, OverrideModel] = Field(default_factory=dict)
    need_to_know: NeedToKnowModel = NeedToKnowModel()
    response_clock: ResponseClockModel = ResponseClockModel()
    standstill: StandstillModel = StandstillModel()
    life_at_risk: LifeAtRiskModel = LifeAtRiskModel()

    def to_policy(self) -> EscalationPolicy:
        """Return the policy that the services work with."""
        return EscalationPolicy(
            ladders=self.ladders.to_ladders(),
            last_resort=self.last_resort,
            overrides={category: override.to_ladders() for category, override in self.overrides.items()},
            need_to_know=self.need_to_know.to_policy(),
            response_clock=self.response_clock.to_clock(),
            standstill=self.standstill.to_standstill(),
            life_at_risk=self.life_at_risk.to_policy(),
        )
