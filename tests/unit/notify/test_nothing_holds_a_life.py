"""What calls somebody about a life waits for nothing: no quiet hours, no caps, no queue."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.caps import URGENT, calls_about_a_life, is_capped
from hikeshi.domain.circles import Circle
from hikeshi.domain.japan_time import JST
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel, Way
from hikeshi.domain.peril import Peril
from hikeshi.domain.quiet_hours import QuietHours
from hikeshi.services.messages.dispatch import most_urgent_first
from hikeshi.services.messages.notices import Notice, notice_rows
from tests.builders import a_message, a_message_row, a_person, an_incident
from tests.fakes.environment import SequenceIds

LATE = datetime(2026, 5, 31, 23, 0, tzinfo=JST)
MORNING = datetime(2026, 6, 1, 7, 0, tzinfo=JST)
SLEEPER = a_person("nakano", quiet=QuietHours(begins=time(22), ends=time(7)))
AWAKE = a_person("tanaka")


def due_at(moment: str, *, peril: Peril | None, circle: Circle | None = None) -> dict[str, datetime]:
    incident = an_incident(level=Level.WARNING, peril=peril, circle=circle)
    notice = Notice(cause="c", moment=moment)
    rows = notice_rows(incident, (SLEEPER, AWAKE), notice, ids=SequenceIds(), at=LATE)
    return {row.body.person_id: row.due_at for row in rows if isinstance(row.body, Message)}


@pytest.mark.parametrize("peril", list(Peril))
@pytest.mark.parametrize("moment", sorted(URGENT))
def test_a_call_about_a_life_passes_quiet_hours_at_warning(moment: str, peril: Peril) -> None:
    assert due_at(moment, peril=peril) == {"nakano": LATE, "tanaka": LATE}
    assert due_at(moment, peril=None) == {"nakano": MORNING, "tanaka": LATE}


def test_what_only_says_how_it_stands_waits_even_about_a_life() -> None:
    assert due_at("status", peril=Peril.SELF_HARM)["nakano"] == MORNING


def test_a_circle_that_is_told_less_is_called_no_later() -> None:
    circle = Circle(roles=(Role.DESK, Role.LEGAL), since=LATE)
    assert due_at("page", peril=Peril.SELF_HARM, circle=circle)["nakano"] == LATE


@pytest.mark.parametrize("moment", [*sorted(URGENT), "status", "task"])
def test_caps_and_quiet_hours_let_the_same_calls_pass(moment: str) -> None:
    message = a_message(level=Level.WARNING, moment=moment, params={"life_key": "life.violence"})
    assert is_capped(message) is not calls_about_a_life(moment, message.params)


def test_a_call_about_a_life_goes_before_critical_news_and_after_no_critical_page_that_is_older() -> None:
    life = {"life_key": "life.violence"}
    rows = [
        a_message_row(id="news", body=a_message(moment="status", level=Level.CRITICAL)),
        a_message_row(id="warning", body=a_message(moment="page", level=Level.WARNING)),
        a_message_row(id="life", body=a_message(moment="page", level=Level.WARNING, params=life)),
        a_message_row(id="critical", body=a_message(moment="page", level=Level.CRITICAL)),
    ]
    assert [row.id for row in most_urgent_first(rows)] == ["critical", "life", "news", "warning"]


def test_a_page_about_a_life_keeps_the_order_that_its_reader_chose() -> None:
    ways = (Way(channel=Channel.MAIL), Way(channel=Channel.SMS, delay=timedelta(minutes=3)))
    chooser = a_person("nakano", urgent=ways, quiet=SLEEPER.quiet)
    incident = an_incident(level=Level.WARNING, peril=Peril.VIOLENCE)
    rows = notice_rows(
        incident, (chooser, AWAKE), Notice(cause="c", moment="page"), ids=SequenceIds(), at=LATE
    )
    own = {row.id: row.due_at - LATE for row in rows if row.id.startswith("c/nakano")}
    assert own == {"c/nakano/mail": timedelta(), "c/nakano/sms": timedelta(minutes=3)}
