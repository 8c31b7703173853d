"""Runs contact tests: a message on each channel, one button, and a report of who did not press it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.contact_tests import Asked, ContactTest, contact_test, monthly_id
from hikeshi.domain.errors import LinkError
from hikeshi.domain.japan_time import JST
from hikeshi.domain.links import INCIDENT, RECEIPT
from hikeshi.domain.outbox import Message, OutboxRow
from hikeshi.domain.people import Channel
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import Outbox
from hikeshi.ports.upkeep import ContactTests
from hikeshi.services.links.links import OpenedLink

MOMENT, REPORT = "contact_test", "contact_report"
MOST_NAMED = 20
"""People that a report names; all are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactTesting:
    """What a contact test works with."""

    tests: ContactTests
    outbox: Outbox
    configuration: Configuration
    clock: Clock
    ids: Ids


def start_by_hand(testing: ContactTesting) -> ContactTest:
    """Start a test now, named after the minute."""
    return start(f"{testing.clock.now().astimezone(JST):%Y-%m-%dT%H:%M}", testing)


def start(test_id: str, testing: ContactTesting) -> ContactTest:
    """Ask everybody on every channel.

    The messages come first: their ids let a start that was cut short be repeated, while a test that is
    kept without its messages would report everybody as silent.
    """
    at = testing.clock.now()
    test = contact_test(test_id, testing.configuration.roster.people.values(), at=at)
    testing.outbox.add(tuple(_row(test, asked, testing) for asked in test.asked))
    testing.tests.start(test)
    return test


def keep_up(testing: ContactTesting) -> tuple[ContactTest | None, ContactTest | None]:
    """Do what the day asks for; returns the test that was started and the one that was reported."""
    at, latest = testing.clock.now(), testing.tests.latest()
    reported = None
    if latest is not None and latest.reported_at is None and latest.is_over(at):
        report(latest, testing)
        reported = latest
    due = monthly_id(at)
    if due is None or (latest is not None and latest.id == due):
        return None, reported
    return start(due, testing), reported


def report(test: ContactTest, testing: ContactTesting) -> None:
    """Tell the desk by mail who did not press; a report that is repeated is the same mail."""
    at = testing.clock.now()
    params = _report_params(test, testing.tests.pressed(test.id), testing.configuration)
    rows = []
    for person in testing.configuration.roster.holders(Role.DESK):
        if person.address(Channel.MAIL) is None:
            continue
        message = _message(person.id, Channel.MAIL, REPORT, params=params, link=False)
        row_id = f"{REPORT}/{test.id}/{person.id}"
        rows.append(OutboxRow(id=row_id, body=message, created_at=at, due_at=at))
    testing.outbox.add(rows)
    testing.tests.report(test.id, at=at)


def asked_by(opened: OpenedLink) -> tuple[str, Asked]:
    """Return the test that a link belongs to, and who was asked on which channel.

    Raises
    ------
    LinkError
        If it names no channel.
    """
    test_id, _, name = opened.incident_id.rpartition("/")
    try:
        return test_id, Asked(person_id=opened.person.id, channel=Channel(name))
    except ValueError:
        raise LinkError("no contact test") from None


# ---- messages ------------------------------------------------------------------------------------


def _row(test: ContactTest, asked: Asked, testing: ContactTesting) -> OutboxRow:
    at = test.started_at
    person = testing.configuration.roster.person(asked.person_id)
    message = _message(
        asked.person_id,
        asked.channel,
        MOMENT,
        about=f"{test.id}/{asked.channel.value}",
        nonce=testing.ids.nonce(),
        purpose=RECEIPT,
    )
    due_at = person.held_until(at, level=Level.NOTICE) or at
    return OutboxRow(id=f"{MOMENT}/{test.id}/{asked.key}", body=message, created_at=at, due_at=due_at)


def _message(
    person_id: str,
    channel: Channel,
    moment: str,
    *,
    about: str = "",
    nonce: str = "",
    purpose: str = INCIDENT,
    params: Mapping[str, str] | None = None,
    link: bool = True,
) -> Message:
    return Message(
        person_id=person_id,
        channel=channel,
        moment=moment,
        level=Level.NOTICE,
        incident_id=about,
        incident_number=0,
        generation=0,
        params=params or {},
        link=link,
        nonce=nonce,
        purpose=purpose,
    )


def _report_params(
    test: ContactTest, pressed: Mapping[Asked, object], configuration: Configuration
) -> dict[str, str]:
    silent = test.silent(pressed.keys())
    named = list(_by_person(silent))
    params = {
        "started_at": test.started_at.isoformat(),
        "pressed": str(len(pressed)),
        "count": str(len(named)),
    }
    if not named:
        return params | {"everybody_key": "contact_test.everybody"}
    params["silent"] = str(len(named))
    for place, (person_id, channels) in enumerate(named[:MOST_NAMED], start=1):
        person = configuration.roster.people.get(person_id)
        params[f"silent_{place}"] = person.name if person else person_id
        params[f"silent_{place}_on_key"] = f"contact_test.{'both' if len(channels) > 1 else channels[0]}"
    if len(named) > MOST_NAMED:
        params["more_silent"] = str(len(named) - MOST_NAMED)
    return params


def _by_person(silent: tuple[Asked, ...]) -> Iterator[tuple[str, list[Channel]]]:
    people = dict.fromkeys(each.person_id for each in silent)
    for person_id in people:
        yield person_id, [each.channel for each in silent if each.person_id == person_id]
