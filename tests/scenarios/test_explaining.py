"""What ``ladder explain`` says beforehand is what happens: whom it pages, on which channel, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from operator import itemgetter

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import Condition, Growth, Hours, Ladder
from hikeshi.domain.japan_time import JST
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel, Way
from hikeshi.domain.quiet_hours import QuietHours
from hikeshi.domain.standings import Standings
from hikeshi.services.escalation.ladder_play import LadderPlay, Question
from infra.configuring.checks import check_ladders
from tests.builders import a_configuration, a_person
from tests.scenarios.policies import climbing, ladder, rung
from tests.scenarios.world import World
from tests.unit.config.conftest import SHIPPED

NOON = datetime(2026, 5, 13, 12, tzinfo=JST)
NIGHT = datetime(2026, 5, 13, 23, 50, tzinfo=JST)
RISKS = [each for each in Category if each not in (Category.NONE, Category.SUPPORT)]

SWEEP = timedelta(seconds=61)
"""How long a message that falls due later may wait for the sweep of every minute."""


@dataclass(frozen=True, kw_only=True, order=True)
class Call:
    """Somebody is paged at a moment: by what, and whether quiet hours hold it."""

    at: datetime
    person: str
    channel: Channel
    held: bool


@cache
def shipped() -> Configuration:
    """The configuration that ships, watching what the world posts about.

    The clock from the post calls people beside the ladder and is left out.
    """
    document = check_ladders(SHIPPED).document
    assert document is not None
    found = document.to_configuration()
    return replace(
        found,
        watches=a_configuration().watches,
        escalation=replace(found.escalation, response_clock={}),
        headquarters_from=None,
        caps=(),
    )


def explained(question: Question, configuration: Configuration) -> list[tuple[Call, datetime]]:
    """Return what is said beforehand: each call, and when it is sent."""
    play = LadderPlay(question=question, configuration=configuration, standings=Standings())
    told = [(step.at, each) for step in play.steps() for each in step.sent]
    return sorted(
        (Call(at=at, person=each.person.id, channel=each.channel, held=each.held), each.due_at)
        for at, each in told
    )


def happened(
    question: Question, configuration: Configuration, *, posts: int = 1
) -> list[tuple[Call, datetime | None]]:
    """Return what happens if nobody ever answers; the time of sending is None for what still waits."""
    with World(configuration, starts=question.at).begun() as world:
        text = f"つきみのこと（{question.category}）"
        for _ in range(posts):
            world.post(text, category=question.category, level=question.level)
        world.passes(hours=2)
        world.takes_for_granted()
        rows = [(row, row.body) for row in world.rows() if isinstance(row.body, Message)]
        pages = [(row, body) for row, body in rows if body.moment == "page"]
        return sorted(
            (
                (
                    Call(at=row.created_at, person=body.person_id, channel=body.channel, held=body.held),
                    row.finished_at,
                )
                for row, body in pages
            ),
            key=itemgetter(0),
        )


def assert_told_as_it_happens(question: Question, configuration: Configuration, *, posts: int = 1) -> int:
    """Compare call by call, from the moment of the first page on; returns how many there were."""
    really = happened(question, configuration, posts=posts)
    begins = really[0][0].at if really else question.at
    told = explained(replace(question, at=begins), configuration)
    assert [call for call, _ in told] == [call for call, _ in really]
    for (call, due_at), (_, sent_at) in zip(told, really, strict=True):
        if sent_at is not None:
            assert due_at <= sent_at <= due_at + SWEEP, call
        else:
            assert due_at > begins + timedelta(hours=1), call
    return len(told)


@pytest.mark.parametrize("at", [NOON, NIGHT], ids=["by day", "by night"])
@pytest.mark.parametrize("level", [Level.NOTICE, Level.WARNING, Level.CRITICAL])
@pytest.mark.parametrize("category", RISKS)
def test_the_ladders_that_ship_page_whom_they_are_said_to(
    category: Category, level: Level, at: datetime
) -> None:
    question = Question(category=category, level=level, at=at)
    assert (assert_told_as_it_happens(question, shipped()) > 0) is (level is not Level.NOTICE)


NIGHTLY = Condition(hours=Hours(start=time(22), end=time(7)))
RISEN = Condition(raised=True)
GROWN = Condition(growth=Growth(posts=500, within=timedelta(minutes=10)))
LATE = (Way(channel=Channel.SMS), Way(channel=Channel.MAIL, delay=timedelta(minutes=3)))
ASLEEP = QuietHours(begins=time(22), ends=time(7))

ODD: dict[str, Ladder] = {
    "a step for the night": ladder(
        rung(Role.LEAD, minutes=5, condition=NIGHTLY), rung(Role.LEGAL, minutes=10), repeats=2
    ),
    "the night begins in the middle": ladder(
        rung(Role.LEAD, minutes=15), rung(Role.LEGAL, minutes=5, condition=NIGHTLY), repeats=1
    ),
    "steps that only growth or a rise reaches": ladder(
        rung(Role.DESK, minutes=5, condition=GROWN),
        rung(Role.LEAD, minutes=5),
        rung(Role.LEGAL, minutes=5, condition=RISEN),
        rung(Role.PR, minutes=5),
        repeat_from=1,
        repeats=2,
    ),
    "nobody but outsiders on a step": ladder(rung(Role.EXPERT, minutes=5), rung(Role.LEAD, minutes=5)),
    "an outsider among them": ladder(rung(Role.LEAD, Role.EXPERT, minutes=5), repeats=1),
    "one channel alone": ladder(rung(Role.LEAD, minutes=5, channels=(Channel.MAIL,))),
}


@pytest.mark.parametrize("at", [NOON, NIGHT, NIGHT.replace(hour=21)])
@pytest.mark.parametrize("name", ODD)
def test_an_odd_ladder_pages_whom_it_is_said_to(name: str, at: datetime) -> None:
    outside = a_person("ishida", roles=frozenset({Role.EXPERT}))
    slow = a_person("sato", roles=frozenset({Role.LEAD, Role.PR}), urgent=LATE, quiet=ASLEEP)
    company = climbing(ODD[name], people=(outside, slow))
    seats = {**company.roster.seats, Role.EXPERT: ("ishida",), Role.LEAD: ("sato", "suzuki")}
    company = replace(company, roster=replace(company.roster, seats=seats))
    for category in Category.CONTAMINATION, Category.HARASSMENT:
        for level in Level.WARNING, Level.CRITICAL:
            question = Question(category=category, level=level, at=at)
            assert assert_told_as_it_happens(question, company) > 0


def test_what_is_said_of_an_incident_that_grows_is_what_happens_when_it_does() -> None:
    fast = Condition(
        growth=Growth(posts=5, within=timedelta(hours=1)), hours=Hours(start=time(9), end=time(18))
    )
    company = climbing(
        ladder(rung(Role.LEAD, minutes=5), rung(Role.LEGAL, minutes=10, condition=fast), repeats=1)
    )
    asked = Question(category=Category.LEAK, level=Level.CRITICAL, at=NOON)
    assert_told_as_it_happens(replace(asked, growing=True), company, posts=12)
    assert_told_as_it_happens(replace(asked, at=NIGHT, growing=True), company, posts=12)
