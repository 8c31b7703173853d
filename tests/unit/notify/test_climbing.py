"""A ladder climbed on a virtual clock, for every policy: never early, never late, never past an answer.

The climber does what the state machine does (``statemachines/escalation_ladder.asl.json``, whose own tests
hold it to that): page, wait as told, read whether the question is settled, page the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.decisions import acknowledge
from hikeshi.domain.escalation import Condition, Growth, Hours, Ladder, LadderStep
from hikeshi.domain.incidents import RoomChange
from hikeshi.domain.japan_time import JST
from hikeshi.domain.rounds import is_settled
from hikeshi.services.escalation.page import LAST_RESORT, LadderPlace, Paging, page_step, plan_ladder
from tests.builders import NOON, a_configuration, a_room, an_escalation_policy, an_incident
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.responding import InMemoryIncidentRepository

ID = an_incident().id
GRACE = timedelta(seconds=60)
SEATS = (Role.DESK, Role.LEAD, Role.EXECUTIVE, Role.LEGAL)


@dataclass
class Climb:
    """One ladder, climbed from a moment on; every call takes as long as the next of ``pauses`` says."""

    ladder: Ladder
    begins: datetime = NOON
    answered_at: datetime | None = None
    pauses: tuple[float, ...] = (0.0,)
    incidents: InMemoryIncidentRepository = field(default_factory=InMemoryIncidentRepository)
    paged: list[tuple[datetime, str]] = field(default_factory=list)
    promised: list[datetime | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.incidents.put(a_room(incident=an_incident(opened_at=self.begins)))
        self.clock = FrozenClock(self.begins)
        policy = an_escalation_policy(ladders={Level.WARNING: self.ladder, Level.CRITICAL: self.ladder})
        self.paging = Paging(
            incidents=self.incidents,
            configuration=a_configuration(escalation=policy),
            clock=self.clock,
            ids=SequenceIds(),
        )
        self._calls = 0

    def climb(self) -> Climb:
        places = len(plan_ladder(ID, level=Level.WARNING, paging=self.paging))
        position = 0
        while position < places:
            step = self._page(position)
            if step is None:
                return self
            position, wait = step
            self._passes(timedelta(seconds=wait))
            if is_settled(self.incidents.room(ID), "1/round-1"):
                return self
            position += 1
        self._page(LAST_RESORT)
        return self

    def _page(self, position: int) -> tuple[int, int] | None:
        self._passes(timedelta(seconds=self.pauses[self._calls % len(self.pauses)]))
        self._calls += 1
        before = len(self.incidents.timeline(ID))
        place = LadderPlace(incident_id=ID, generation=1, level=Level.WARNING, position=position)
        step = page_step(place, paging=self.paging)
        if step.answered:
            return None
        for entry in self.incidents.timeline(ID)[before:]:
            self.paged.append((self.clock.now(), entry.event.details["step"]))
            self.promised.append(self.incidents.room(ID).incident.next_page_at)
        return step.position, step.wait_seconds

    def _passes(self, span: timedelta) -> None:
        until = self.clock.now() + span
        if self.answered_at is not None and self.clock.now() < self.answered_at <= until:
            room = self.incidents.room(ID)
            after, events = acknowledge(room, by="sato", at=self.answered_at)
            self.incidents.commit(RoomChange(before=room, after=after, events=events))
        self.clock.set(until)


moments = st.datetimes(NOON.replace(tzinfo=None), NOON.replace(tzinfo=None) + timedelta(days=1000)).map(
    lambda each: each.replace(tzinfo=JST)
)
waits = st.one_of(st.integers(10, 3600), st.sampled_from([86_400, 7 * 86_400]))
steps = st.builds(
    LadderStep,
    wait_seconds=waits,
    roles=st.lists(st.sampled_from(SEATS), min_size=1, max_size=3, unique=True).map(tuple),
)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    climbed = tuple(draw(st.lists(steps, min_size=1, max_size=5)))
    return Ladder(
        steps=climbed,
        repeat_from=draw(st.integers(0, len(climbed) - 1)),
        repeats=draw(st.integers(0, 4)),
    )


@settings(max_examples=60, deadline=None)
@given(ladder=ladders())
def test_every_step_is_paged_at_its_time_through_all_repeats_and_then_the_last_resort(ladder: Ladder) -> None:
    climb = Climb(ladder).climb()
    at, expected = NOON, []
    for position, index in enumerate(ladder.schedule()):
        expected.append((at, str(position + 1)))
        at += timedelta(seconds=ladder.steps[index].wait_seconds)
    assert climb.paged == [*expected, (at, "last")]


@settings(max_examples=60, deadline=None)
@given(
    ladder=ladders(),
    pauses=st.lists(st.floats(0, 55), min_size=1, max_size=7).map(tuple),
    begins=moments,
)
def test_however_slow_the_calls_the_next_step_is_never_early_and_at_most_a_minute_late(
    ladder: Ladder, pauses: tuple[float, ...], begins: datetime
) -> None:
    climb = Climb(ladder, begins=begins, pauses=pauses).climb()
    for promised, (at, _) in zip(climb.promised, climb.paged[1:], strict=False):
        assert promised is not None
        assert promised <= at <= promised + GRACE
    assert climb.promised[-1] is None


@settings(max_examples=60, deadline=None)
@given(ladder=ladders(), share=st.floats(0.001, 1))
def test_nobody_is_paged_after_the_answer_and_everybody_due_before_it_was(
    ladder: Ladder, share: float
) -> None:
    whole = sum(ladder.steps[index].wait_seconds for index in ladder.schedule())
    answered_at = NOON + timedelta(seconds=whole * share)
    climb = Climb(ladder, answered_at=answered_at).climb()
    untouched = Climb(ladder).climb().paged
    assert climb.paged == [each for each in untouched if each[0] < answered_at]


@settings(max_examples=40, deadline=None)
@given(ladder=ladders(), share=st.floats(0, 1.5))
def test_a_place_asked_for_again_pages_nobody_and_tells_only_what_is_left_of_its_wait(
    ladder: Ladder, share: float
) -> None:
    climb = Climb(ladder)
    place = LadderPlace(incident_id=ID, generation=1, level=Level.WARNING, position=0)
    wait = page_step(place, paging=climb.paging).wait_seconds
    sent = len(climb.incidents.outbox)
    gone = int(wait * share)
    climb.clock.set(NOON + timedelta(seconds=gone))
    again = page_step(place, paging=climb.paging)
    assert (again.position, len(climb.incidents.outbox)) == (0, sent)
    assert again.wait_seconds == max(wait - gone, 0)


@settings(max_examples=60, deadline=None)
@given(ladder=ladders(), closed=st.sets(st.integers(0, 4)))
def test_a_step_whose_condition_does_not_hold_costs_no_time(ladder: Ladder, closed: set[int]) -> None:
    never = Condition(raised=True)
    guarded = replace(
        ladder,
        steps=tuple(
            replace(step, condition=never) if number in closed else step
            for number, step in enumerate(ladder.steps)
        ),
    )
    climb = Climb(guarded).climb()
    at, expected = NOON, []
    for position, index in enumerate(ladder.schedule()):
        if index not in closed:
            expected.append((at, str(position + 1)))
            at += timedelta(seconds=ladder.steps[index].wait_seconds)
    assert climb.paged == [*expected, (at, "last")]


# ---- conditions ------------------------------------------------------------------------------------

times = st.times().map(lambda each: each.replace(microsecond=0))


@given(start=times, end=times, at=moments)
def test_hours_and_the_hours_between_them_share_the_day_without_gap_or_overlap(
    start: time, end: time, at: datetime
) -> None:
    inside, outside = Hours(start=start, end=end), Hours(start=end, end=start)
    if start != end:
        assert inside.hold(at) is not outside.hold(at)
    assert inside.hold(at) is (start != end and _between(start, end, at.time()))


def _between(start: time, end: time, clock: time) -> bool:
    """Walk the clock round from the start: is the moment met before the end?"""

    def after(each: time) -> timedelta:
        return (datetime.combine(NOON, each) - datetime.combine(NOON, start)) % timedelta(days=1)

    return after(clock) < after(end)


def test_hours_are_those_of_japan_whatever_zone_the_moment_is_written_in() -> None:
    night = Hours(start=time(22), end=time(7))
    assert night.hold(datetime.fromisoformat("2026-12-31T13:00:00+00:00"))
    assert not night.hold(datetime.fromisoformat("2026-12-31T12:59:59+00:00"))
    assert not night.hold(datetime.fromisoformat("2026-12-31T22:00:00+00:00"))


def test_growth_counts_only_as_long_as_it_was_measured_lately() -> None:
    incident = an_incident()
    growth = Growth(posts=40, within=timedelta(minutes=10))
    at = incident.opened_at
    assert growth.shown_by(incident, at=at)
    assert not Growth(posts=50, within=timedelta(minutes=10)).shown_by(incident, at=at)
    assert growth.shown_by(incident, at=at + timedelta(minutes=10))
    assert not growth.shown_by(incident, at=at + timedelta(minutes=10, seconds=1))


def test_all_that_a_condition_asks_must_hold() -> None:
    incident = an_incident(raised_at=NOON)
    both = Condition(hours=Hours(start=time(9), end=time(18)), raised=True)
    assert both.holds(incident, at=NOON)
    assert not both.holds(incident, at=NOON + timedelta(hours=8))
    assert not both.holds(an_incident(), at=NOON)
    assert Condition().holds(an_incident(), at=NOON)


def test_a_category_leaves_roll_call_and_lapse_to_the_ordinary_ladder_of_the_level() -> None:
    ordinary = Ladder(steps=(), ack_expires_after=timedelta(minutes=20))
    own = Ladder(steps=(LadderStep(wait_seconds=60, roles=(Role.PR,)),))
    policy = an_escalation_policy(
        ladders={Level.WARNING: ordinary}, overrides={Category.LEAK: {Level.WARNING: own}}
    )
    assert policy.ladder_for(Category.LEAK, Level.WARNING) == own
    assert policy.ack_expires_after(Category.LEAK, Level.WARNING) == timedelta(minutes=20)
    assert policy.ack_expires_after(Category.LEAK, Level.CRITICAL) == timedelta(hours=1)
    assert policy.roll_call_for(Category.LEAK, Level.WARNING) is None
