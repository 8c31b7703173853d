"""Every place where a process can die while it sends one text for many messages."""

from __future__ import annotations

from contextlib import suppress

import pytest

from hikeshi.domain.errors import DeliveryError
from hikeshi.domain.outbox import LEASE, MAX_ATTEMPTS
from hikeshi.domain.people import Channel
from tests.unit.notify.office import Office
from tests.unit.notify.test_dispatch import DiedError, Fate, every_schedule

NUMBERS = (201, 202, 203)


def run(fate: Fate, *, provider_dies: bool) -> Office:
    """Send what three quiet nights held for one person, restarting after every death."""
    office = Office()
    for number in NUMBERS:
        office.incident(number)
        office.row(number, held=True)
    ports = {
        "outbox": fate.over(office.outbox),
        "incidents": fate.over(office.incidents),
        "links": fate.over(office.links),
        "logs": fate.over(office.logs),
        "sender": fate.over(office.sender, dies=DiedError if provider_dies else DeliveryError),
    }
    for _ in range(16):
        with suppress(DiedError):
            office.sweep(**ports)
        office.clock.advance(seconds=LEASE.total_seconds() + 20)
    return office


def told_of(office: Office, number: int, channel: Channel) -> int:
    """Count the texts that tell of an incident by their rows: an SMS need not name every number."""
    row_id = f"inc-{number}/1/warning/0/nakano/{'sms' if channel is Channel.SMS else 'sms/fallback'}"
    row = office.outbox.row(row_id)
    return row.attempts if row is not None else 0


@pytest.mark.parametrize("provider_dies", [True, False], ids=["crash", "lost reply"])
def test_no_two_faults_lose_a_message_of_a_bundle_or_tell_it_more_than_twice(provider_dies: bool) -> None:
    quiet = run(Fate(), provider_dies=provider_dies)
    assert [each.text.count("ほか2件") for each in quiet.sender.delivered] == [1]
    missed, most, played = [], 0, 0
    for strikes, office in every_schedule(lambda fate: run(fate, provider_dies=provider_dies), faults=2):
        played += 1
        finished = all(not row.is_due for row in office.outbox.rows.values())
        numbers = {number for number in NUMBERS for c in Channel if told_of(office, number, c)}
        if not finished or numbers != set(NUMBERS) or not office.sender.delivered:
            missed.append(strikes)
        most = max(most, *(told_of(office, number, c) for number in NUMBERS for c in Channel))
    assert played > 1_000
    assert missed == []
    assert most <= MAX_ATTEMPTS
