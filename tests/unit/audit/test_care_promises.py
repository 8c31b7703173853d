"""Steps for a member of staff are reminded of when they are due, to whoever sees to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category
from hikeshi.domain.care import CareStep
from hikeshi.domain.caring import assign, complete, open_if_about_staff, open_track
from hikeshi.services.care.care_promises import care_steps
from tests.builders import NOON, a_room, an_incident


def test_s3_7_what_is_due_together_is_one_reminder_to_those_who_see_to_it() -> None:
    room, _ = open_track(a_room(), by="ito", at=NOON)
    first, *_, last = care_steps(room)
    assert first.due_at == NOON + timedelta(hours=1)
    assert first.roles == (Role.HR, Role.LEAD)
    assert (last.due_at, last.roles) == (NOON + timedelta(days=7), (Role.HR,))
    assert len({each.key for each in care_steps(room)}) == len(list(care_steps(room)))


def test_s3_7_an_owner_is_reminded_in_place_of_the_role_and_what_is_done_of_nothing() -> None:
    room, _ = open_track(a_room(), by="ito", at=NOON)
    room, _ = assign(room, "care-01", CareStep.CONTACT_PERSON, owner="tanaka", by="kato", at=NOON)
    first = next(care_steps(room))
    assert (first.people, first.roles) == (("tanaka",), (Role.LEAD,))
    for step in CareStep:
        room, _ = complete(room, "care-01", step, note="済", by="kato", at=NOON)
    assert list(care_steps(room)) == []


def test_s3_7_a_track_that_opened_by_itself_asks_nobody_before_somebody_has_the_incident() -> None:
    staff = an_incident(category=Category.MISCONDUCT, lead=None)
    room, _ = open_if_about_staff(a_room(incident=staff), at=NOON)
    assert list(care_steps(room)) == []
    assert list(care_steps(replace(room, incident=replace(staff, lead="sato"))))
