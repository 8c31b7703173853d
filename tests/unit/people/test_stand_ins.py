"""Who stands in for somebody who is away: nobody who could not be paged themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.rotations import Absence, Rotation
from hikeshi.domain.standings import Departure, OptOut, Standings, address_digest, roster_at
from hikeshi.services.messages.wording import Wording
from hikeshi.services.people.directory import Records
from hikeshi.services.people.duties import add_absence
from hikeshi.services.people.duty_view import duty_page
from tests.builders import NOON, a_person, a_roster
from tests.fakes.directory import InMemoryDirectory
from tests.fakes.environment import FrozenClock, SequenceIds

DAY = timedelta(days=1)


def away(person: str, deputy: str | None = None) -> Absence:
    return Absence(
        id=person,
        person_id=person,
        begins_at=NOON,
        ends_at=NOON + DAY,
        made_at=NOON,
        made_by="nakano",
        deputy=deputy,
    )


def refuses(person: str, channel: Channel) -> OptOut:
    address = a_person(person).address(channel)
    return OptOut(person_id=person, channel=channel, digest=address_digest(str(address)), at=NOON)


def asked(role: Role, roster: Roster, *entries: Any) -> list[str]:
    return [person.id for person in roster_at(roster, Standings.of(entries), at=NOON).holders(role)]


NOBODY_WHO_CAN: list[tuple[str, Person, tuple[Any, ...]]] = [
    ("from outside", a_person("kobayashi"), ()),
    ("inactive", a_person("suzuki", active=False), ()),
    ("gone", a_person("suzuki"), (Departure(person_id="suzuki", at=NOON, by="nakano"),)),
    ("without an address", a_person("suzuki", phone=None, mail=None), ()),
    ("opted out of the only one", a_person("suzuki", mail=None), (refuses("suzuki", Channel.SMS),)),
    ("away too", a_person("suzuki"), (away("suzuki"),)),
]
unpageable = pytest.mark.parametrize(
    ("deputy", "entries"),
    [each[1:] for each in NOBODY_WHO_CAN],
    ids=[each[0] for each in NOBODY_WHO_CAN],
)


@unpageable
def test_where_the_deputy_cannot_be_paged_the_person_is_asked(
    deputy: Person, entries: tuple[Any, ...]
) -> None:
    roster = a_roster(people={deputy.id: deputy})
    assert asked(Role.EXECUTIVE, roster, away("takahashi", deputy.id), *entries) == ["takahashi"]


@unpageable
def test_the_deputy_of_such_a_deputy_comes_before_the_person(
    deputy: Person, entries: tuple[Any, ...]
) -> None:
    roster = a_roster(people={deputy.id: replace(deputy, deputy="tanaka")})
    assert asked(Role.EXECUTIVE, roster, away("takahashi", deputy.id), *entries) == ["tanaka"]


def test_a_deputy_who_refuses_one_way_and_takes_another_stands_in() -> None:
    refused = refuses("suzuki", Channel.SMS)
    assert asked(Role.EXECUTIVE, a_roster(), away("takahashi", "suzuki"), refused) == ["suzuki"]


def test_the_person_is_asked_beside_colleagues_if_nobody_stands_in_for_them_who_should() -> None:
    two = replace(a_roster(), seats={Role.EXECUTIVE: ("takahashi", "sato")})
    assert asked(Role.EXECUTIVE, two, away("takahashi", "kobayashi")) == ["takahashi", "sato"]
    assert asked(Role.EXECUTIVE, two, away("takahashi")) == ["sato"]


def test_somebody_who_left_is_not_asked_for_want_of_a_deputy() -> None:
    roster = a_roster(people={"takahashi": a_person("takahashi", deputy="kobayashi")})
    assert asked(Role.EXECUTIVE, roster, Departure(person_id="takahashi", at=NOON, by="nakano")) == []


# ---- rotations ---------------------------------------------------------------------------------


def rotating(*people: str, **changes: Person) -> Roster:
    rotation = Rotation(id="watch", name="当番", people=people, starts_at=NOON, role=Role.DESK)
    return a_roster(rotations={"watch": rotation}, people=changes)


def test_a_turn_passes_to_the_next_who_can_be_reached() -> None:
    mute = a_person("suzuki", phone=None, mail=None)
    assert asked(Role.DESK, rotating("suzuki", "tanaka", suzuki=mute)) == ["tanaka"]
    refused = [refuses("suzuki", channel) for channel in Channel]
    assert asked(Role.DESK, rotating("suzuki", "tanaka"), *refused) == ["tanaka"]
    assert asked(Role.DESK, rotating("suzuki", "tanaka"), away("suzuki", "kobayashi")) == ["tanaka"]


def test_a_turn_that_leaves_nobody_else_goes_to_the_first_who_is_away_and_can_be_reached() -> None:
    mute = a_person("suzuki", phone=None, mail=None)
    assert asked(Role.DESK, rotating("suzuki", "tanaka", suzuki=mute), away("tanaka")) == ["tanaka"]


def test_a_rotation_that_reaches_nobody_leaves_the_seat_to_its_holders() -> None:
    mute = a_person("suzuki", phone=None, mail=None)
    assert asked(Role.DESK, rotating("suzuki", suzuki=mute)) == ["nakano"]


# ---- what the desk enters ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "deputy",
    [a_person("kobayashi"), a_person("suzuki", phone=None, mail=None), a_person("suzuki", active=False)],
    ids=["from outside", "without an address", "inactive"],
)
def test_a_deputy_who_cannot_be_paged_is_refused(deputy: Person) -> None:
    directory = InMemoryDirectory()
    roster = a_roster(people={deputy.id: deputy})
    records = Records(
        directory=directory, roster=roster, clock=FrozenClock(NOON), ids=SequenceIds(), by="nakano"
    )
    with pytest.raises(InvalidFormError) as refused:
        add_absence("takahashi", begins_at=NOON, ends_at=NOON + DAY, deputy=deputy.id, records=records)
    assert refused.value.field == "deputy"
    assert directory.standings() == Standings()


def test_a_deputy_who_is_away_now_is_taken_for_later() -> None:
    directory = InMemoryDirectory()
    roster = roster_at(a_roster(), Standings(absences=(away("suzuki"),)), at=NOON)
    records = Records(
        directory=directory, roster=roster, clock=FrozenClock(NOON), ids=SequenceIds(), by="nakano"
    )
    begins = NOON + 2 * DAY
    add_absence("takahashi", begins_at=begins, ends_at=begins + DAY, deputy="suzuki", records=records)
    assert [each.deputy for each in directory.standings().absences] == ["suzuki"]


@pytest.mark.parametrize(
    ("usual", "said"),
    [
        ("tanaka", "代理　田中 翠"),
        (None, "代理は決まっていません。ほかに連絡できる方がいないときは、本人に連絡します。"),
        (
            "kobayashi",
            (
                "代理の小林 律さんには連絡できないため、不在中も本人に連絡します。"
                "連絡できる方を代理にして、登録し直してください。"
            ),
        ),
    ],
)
def test_the_page_says_whom_an_absence_falls_back_on(usual: str | None, said: str) -> None:
    boss = a_person("takahashi", deputy=usual)
    roster = roster_at(
        a_roster(people={"takahashi": boss}), Standings(absences=(away("takahashi"),)), at=NOON
    )
    page = duty_page(roster, roster.person("nakano"), words=Wording(), at=NOON, base="/r/x")
    assert [row.note for row in page.absences] == [said]
