"""The roster as it holds at a moment: absences, deputies, leavers, shifts, confirmed addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.actions import Action, Role
from hikeshi.domain.errors import InvalidFormError, NotFoundError
from hikeshi.domain.people import Channel, Roster
from hikeshi.domain.rotations import WEEK, Absence, Rotation
from hikeshi.domain.standings import (
    Departure,
    OptOut,
    Standings,
    Verification,
    address_digest,
    roster_at,
)
from hikeshi.services.people.directory import (
    FRESH_FOR,
    FreshStandings,
    Records,
    check_opt_outs,
    come_back,
    leave,
)
from hikeshi.services.people.duties import add_absence, add_override, cancel
from tests.builders import NOON, a_person, a_roster
from tests.fakes.directory import InMemoryDirectory, ListedOptOuts
from tests.fakes.environment import FrozenClock, SequenceIds

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
SMS = Channel.SMS


def away(
    person: str, *, deputy: str | None = None, begins: datetime = NOON, days: int = 7, made: int = 0
) -> Absence:
    return Absence(
        id=f"{person}-{made}",
        person_id=person,
        begins_at=NOON,
        ends_at=NOON + WEEK,
        made_at=NOON + timedelta(minutes=made),
        made_by="nakano",
        deputy=deputy,
    )


def a_rotating_roster(*people: str) -> Roster:
    rotation = Rotation(id="watch", name="監視当番", people=people, starts_at=NOON, role="desk")
    return a_roster(rotations={"watch": rotation})


def holders(roster: Roster, role: Role, standings: Standings, at: datetime = NOON) -> list[str]:
    return [person.id for person in roster_at(roster, standings, at=at).holders(role)]


# ---- absences and deputies ---------------------------------------------------------------------


def test_the_deputy_of_an_absence_is_asked_from_its_first_moment_until_before_its_end() -> None:
    standings = Standings(absences=(away("sato", deputy="suzuki"),))
    seen = [
        holders(a_roster(), Role.LEAD, standings, NOON + step)
        for step in (-SECOND, 0 * DAY, 7 * DAY - SECOND)
    ]
    assert seen == [["sato"], ["suzuki"], ["suzuki"]]
    assert holders(a_roster(), Role.LEAD, standings, NOON + 7 * DAY) == ["sato"]


def test_without_a_deputy_of_its_own_an_absence_uses_the_usual_one() -> None:
    assert holders(a_roster(), Role.QUALITY, Standings(absences=(away("ito"),))) == ["yamamoto"]


def test_of_two_absences_that_overlap_the_later_entered_names_the_deputy() -> None:
    both = (away("sato", deputy="suzuki", made=1), away("sato", deputy="tanaka", made=2))
    assert holders(a_roster(), Role.LEAD, Standings(absences=both)) == ["tanaka"]


def test_a_chain_of_deputies_is_followed_to_the_first_who_is_there() -> None:
    chain = Standings(absences=(away("sato", deputy="suzuki"), away("suzuki", deputy="tanaka")))
    assert holders(a_roster(), Role.LEAD, chain) == ["tanaka"]


def test_a_chain_of_deputies_in_a_circle_ends_and_asks_the_person_after_all() -> None:
    circle = Standings(absences=(away("sato", deputy="suzuki"), away("suzuki", deputy="sato")))
    assert holders(a_roster(), Role.LEAD, circle) == ["sato"]


def test_a_seat_with_nobody_left_asks_whoever_is_away_rather_than_nobody() -> None:
    assert holders(a_roster(), Role.LEAD, Standings(absences=(away("sato"),))) == ["sato"]


def test_an_absence_that_was_taken_back_changes_nothing() -> None:
    taken_back = replace(away("sato", deputy="suzuki"), cancelled_at=NOON)
    assert holders(a_roster(), Role.LEAD, Standings(absences=(taken_back,))) == ["sato"]


def test_whoever_is_away_may_still_act_by_a_link() -> None:
    now = roster_at(a_roster(), Standings(absences=(away("sato"),)), at=NOON)
    assert now.person("sato").may(Action.ACKNOWLEDGE)


IDS = ["sato", "suzuki", "ito", "yamamoto", "tanaka"]


@given(
    st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from([*IDS, None])), max_size=8),
    st.lists(st.sampled_from(IDS), max_size=5),
)
def test_however_people_are_away_and_gone_nobody_gone_is_asked_and_no_chain_runs_for_ever(
    absences: list[tuple[str, str | None]], gone: list[str]
) -> None:
    standings = Standings(
        absences=tuple(away(person, deputy=deputy, made=n) for n, (person, deputy) in enumerate(absences)),
        departures=tuple(Departure(person_id=each, at=NOON, by="nakano") for each in gone),
    )
    now = roster_at(a_rotating_roster(*IDS), standings, at=NOON)
    for role in Role:
        assert not {person.id for person in now.holders(role)} & set(gone)
    left = [each for each in IDS if each not in gone]
    assert len(now.on_call("watch")) == (1 if left else 0)


# ---- leavers -----------------------------------------------------------------------------------


def test_a_leaver_is_out_of_every_seat_and_may_do_nothing() -> None:
    gone = Standings(departures=(Departure(person_id="ito", at=NOON, by="nakano"),))
    now = roster_at(a_roster(), gone, at=NOON)
    assert not now.person("ito").active
    assert not now.person("ito").may(Action.ACKNOWLEDGE)
    assert [person.id for person in now.holders(Role.QUALITY)] == ["yamamoto"]


def test_the_shift_of_a_leaver_is_skipped_and_no_other_shift_moves() -> None:
    roster = a_rotating_roster("sato", "suzuki", "tanaka")
    gone = Standings(departures=(Departure(person_id="suzuki", at=NOON, by="nakano"),))
    weeks = [holders(roster, Role.DESK, gone, NOON + n * WEEK) for n in range(4)]
    assert weeks == [["sato"], ["tanaka"], ["tanaka"], ["sato"]]


def test_somebody_who_left_comes_back_as_they_were() -> None:
    directory, clock = InMemoryDirectory(), FrozenClock(NOON)
    records = Records(directory=directory, roster=a_roster(), clock=clock, ids=SequenceIds(), by="nakano")
    leave("sato", records=records)
    assert holders(a_roster(), Role.LEAD, directory.standings()) == []
    assert come_back("sato", records=records) == 1
    assert holders(a_roster(), Role.LEAD, directory.standings()) == ["sato"]
    assert come_back("sato", records=records) == 0


def test_an_absence_of_the_configuration_ends_when_its_person_comes_back() -> None:
    planned = replace(away("sato", deputy="suzuki"), id="absence-0")
    later = replace(planned, id="absence-1", begins_at=NOON + 2 * WEEK, ends_at=NOON + 3 * WEEK)
    roster = replace(a_roster(), absences=(planned, later))
    directory, clock = InMemoryDirectory(), FrozenClock(NOON)

    def seen(at: datetime) -> list[str]:
        return holders(roster, Role.LEAD, directory.standings(), at)

    def records() -> Records:
        now = roster_at(roster, directory.standings(), at=clock.now())
        return Records(directory=directory, roster=now, clock=clock, ids=SequenceIds(), by="nakano")

    assert (seen(NOON), seen(NOON + 2 * WEEK)) == (["suzuki"], ["suzuki"])
    assert come_back("sato", records=records()) == 1
    assert (seen(NOON), seen(NOON + 2 * WEEK)) == (["sato"], ["suzuki"])
    assert come_back("sato", records=records()) == 0
    prolonged = replace(planned, ends_at=planned.ends_at + WEEK)
    again = replace(roster, absences=(prolonged,))
    assert holders(again, Role.LEAD, directory.standings(), NOON) == ["suzuki"]


def test_nobody_unknown_can_leave() -> None:
    records = Records(
        directory=InMemoryDirectory(), roster=a_roster(), clock=FrozenClock(NOON), ids=SequenceIds(), by="x"
    )
    with pytest.raises(NotFoundError):
        leave("nobody", records=records)


# ---- shifts ------------------------------------------------------------------------------------


def test_whoever_is_on_call_fills_the_seat_of_the_rotation_alone() -> None:
    roster = a_rotating_roster("nakano", "suzuki")
    assert holders(roster, Role.DESK, Standings()) == ["nakano"]
    assert holders(roster, Role.DESK, Standings(), NOON + WEEK - SECOND) == ["nakano"]
    assert holders(roster, Role.DESK, Standings(), NOON + WEEK) == ["suzuki"]


def test_on_call_and_away_sends_the_deputy_and_without_one_the_next_in_turn() -> None:
    roster = a_rotating_roster("nakano", "suzuki", "tanaka")
    assert holders(roster, Role.DESK, Standings(absences=(away("nakano", deputy="sato"),))) == ["sato"]
    assert holders(roster, Role.DESK, Standings(absences=(away("nakano"),))) == ["suzuki"]


def test_a_rotation_of_which_everybody_left_gives_the_seat_back_to_its_holders() -> None:
    roster = a_rotating_roster("suzuki", "tanaka")
    gone = Standings(departures=tuple(Departure(person_id=p, at=NOON, by="x") for p in ("suzuki", "tanaka")))
    assert holders(roster, Role.DESK, gone) == ["nakano"]


def test_a_roster_that_was_never_made_effective_still_knows_who_takes_turns() -> None:
    assert [person.id for person in a_rotating_roster("suzuki", "tanaka").on_call("watch")] == ["suzuki"]


# ---- addresses ---------------------------------------------------------------------------------


def test_a_number_that_changed_is_confirmed_anew() -> None:
    digest = address_digest("+819000001002")
    known = Standings(verifications=(Verification(person_id="sato", channel=SMS, digest=digest, at=NOON),))
    assert roster_at(a_roster(), known, at=NOON).person("sato").verified == {SMS}
    moved = a_roster(people={"sato": a_person("sato", phone="+819000009999")})
    assert roster_at(moved, known, at=NOON).person("sato").verified == frozenset()


def test_the_confirmation_of_one_person_is_not_that_of_another_with_the_same_number() -> None:
    shared = a_roster(people={"suzuki": a_person("suzuki", phone="+819000001002")})
    digest = address_digest("+819000001002")
    known = Standings(verifications=(Verification(person_id="sato", channel=SMS, digest=digest, at=NOON),))
    assert roster_at(shared, known, at=NOON).person("suzuki").verified == frozenset()


def test_a_number_that_refuses_texts_is_left_out_until_it_takes_them_again() -> None:
    directory, clock = InMemoryDirectory(), FrozenClock(NOON)
    records = Records(directory=directory, roster=a_roster(), clock=clock, ids=SequenceIds(), by="auditor")
    opt_outs, people = ListedOptOuts("+819000001002"), a_roster().people.values()
    (refused,) = check_opt_outs(people, opt_outs=opt_outs, records=records)
    assert refused == OptOut(person_id="sato", channel=SMS, digest=address_digest("+819000001002"), at=NOON)
    assert check_opt_outs(people, opt_outs=opt_outs, records=records) == ()
    now = roster_at(a_roster(), directory.standings(), at=NOON)
    assert [contact.channel for contact in now.person("sato").contacts(urgent=True)] == [Channel.MAIL]
    opt_outs.refused.clear()
    (lifted,) = check_opt_outs(people, opt_outs=opt_outs, records=records)
    assert lifted.lifted_at == NOON
    assert roster_at(a_roster(), directory.standings(), at=NOON).person("sato").opted_out == frozenset()


def test_people_who_left_are_not_asked_about() -> None:
    gone = a_roster(people={"sato": a_person("sato", active=False)})
    records = Records(
        directory=InMemoryDirectory(), roster=gone, clock=FrozenClock(NOON), ids=SequenceIds(), by="auditor"
    )
    opt_outs = ListedOptOuts("+819000001002")
    assert check_opt_outs(gone.people.values(), opt_outs=opt_outs, records=records) == ()


# ---- what the desk enters ----------------------------------------------------------------------


@pytest.fixture
def records() -> Records:
    return Records(
        directory=InMemoryDirectory(),
        roster=a_rotating_roster("nakano"),
        clock=FrozenClock(NOON),
        ids=SequenceIds(),
        by="nakano",
    )


@pytest.mark.parametrize(
    ("person", "deputy", "days", "field"),
    [
        ("nobody", None, (0, 1), "person"),
        ("sato", "sato", (0, 1), "deputy"),
        ("sato", "nobody", (0, 1), "deputy"),
        ("sato", None, (1, 1), "until"),
        ("sato", None, (2, 1), "until"),
        ("sato", None, (-3, -1), "until"),
        ("sato", None, (0, 400), "until"),
    ],
)
def test_an_absence_that_makes_no_sense_is_refused(
    records: Records, person: str, deputy: str | None, days: tuple[int, int], field: str
) -> None:
    begins, ends = (NOON + n * DAY for n in days)
    with pytest.raises(InvalidFormError) as refused:
        add_absence(person, begins_at=begins, ends_at=ends, deputy=deputy, records=records)
    assert refused.value.field == field
    assert records.directory.standings() == Standings()


def test_a_duty_goes_only_to_people_who_have_its_role(records: Records) -> None:
    with pytest.raises(InvalidFormError) as refused:
        add_override("watch", "takahashi", begins_at=NOON, ends_at=NOON + DAY, records=records)
    assert refused.value.field == "person"


def test_taking_back_twice_is_taking_back_once(records: Records) -> None:
    entry = add_absence("sato", begins_at=NOON, ends_at=NOON + DAY, deputy=None, records=records)
    assert cancel(entry.id, records=records) == cancel(entry.id, records=records)
    with pytest.raises(NotFoundError):
        cancel("another", records=records)


# ---- freshness ---------------------------------------------------------------------------------


def test_the_directory_is_read_anew_after_half_a_minute_and_not_before() -> None:
    directory, clock = InMemoryDirectory(), FrozenClock(NOON)
    fresh = FreshStandings(directory=directory, clock=clock)
    fresh.current()
    directory.put(Departure(person_id="sato", at=NOON, by="nakano"))
    clock.set(NOON + FRESH_FOR - SECOND)
    assert fresh.current().departures == ()
    clock.set(NOON + FRESH_FOR)
    assert [each.person_id for each in fresh.current().departures] == ["sato"]
    assert directory.reads == 2


def test_a_directory_that_cannot_be_read_leaves_what_was_read_last() -> None:
    directory, clock = InMemoryDirectory(), FrozenClock(NOON)
    fresh = FreshStandings(directory=directory, clock=clock)
    directory.put(Departure(person_id="sato", at=NOON, by="nakano"))
    known = fresh.current()
    directory.down = True
    clock.set(NOON + DAY)
    assert fresh.current() == known
    directory.down = False
    directory.put(Departure(person_id="ito", at=NOON, by="nakano"))
    assert len(fresh.current().departures) == 2
