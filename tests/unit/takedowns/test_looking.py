"""Addresses are opened once a day, within bounds, and the request follows what is there."""

from __future__ import annotations

from datetime import datetime, timedelta

from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.takedowns import Look, Takedown, TakedownState
from hikeshi.services.audit.audit import audit
from hikeshi.services.takedowns.takedown_watch import BUDGET, LOOKS_A_RUN, Looking, look_at, pages_due
from tests.builders import NOON, a_room, a_takedown, an_incident
from tests.fakes.looking import ListedPages
from tests.unit.audit.night import Night

ID = an_incident().id
URL = a_takedown().url
PASSAGE = a_takedown().passage
QUARTER = NOON + timedelta(minutes=3)
"""13:00: incidents that are over are asked after every quarter of an hour."""


def asked(**changes: object) -> Takedown:
    days = {"requested_at": NOON, "approved_by": "tanaka", "approved_at": NOON, "sent_by": "suzuki"}
    known = {"state": TakedownState.SENT, "sent_at": NOON, "deadline": NOON + timedelta(days=7)}
    return a_takedown(**(days | known | changes))


def night_with(*takedowns: Takedown, **incident: object) -> Night:
    """A night in which the only incident is closed, and these requests are left of it."""
    night = Night()
    closed = an_incident(status=IncidentStatus.CLOSED, closed_at=NOON, **incident)
    night.incidents.put(a_room(incident=closed, takedowns=takedowns))
    return night


def pass_days(night: Night, probe: ListedPages, days: int, *, every: timedelta) -> None:
    """Let the auditor run over some days, and open what it finds to be due."""
    for step in range(days * (timedelta(days=1) // every)):
        night.clock.set(QUARTER + step * every)
        audited = audit(night.auditor)
        assert audited.errors == []
        looks = look_at(audited.pages, lambda: looking(night, probe), began_at=audited.began_at)
        assert looks.errors == []


def looking(night: Night, probe: ListedPages) -> Looking:
    return Looking(
        probe=probe,
        incidents=night.incidents,
        configuration=lambda: night.configuration,
        clock=night.clock,
        ids=night.ids,
    )


def the_takedown(night: Night) -> Takedown:
    return night.incidents.room(ID).takedowns[0]


def test_s1_15_an_address_is_opened_once_a_day_and_the_request_ends_when_it_is_gone() -> None:
    night, probe = night_with(asked()), ListedPages()
    probe.pages[URL] = (200, PASSAGE)
    pass_days(night, probe, 3, every=timedelta(hours=3))
    assert probe.opened == [URL] * 3
    assert the_takedown(night).state is TakedownState.SENT
    probe.pages[URL] = (404, "")
    night.clock.set(QUARTER + timedelta(days=3))
    audited = audit(night.auditor)
    look_at(audited.pages, lambda: looking(night, probe), began_at=audited.began_at)
    takedown = the_takedown(night)
    assert (takedown.state, takedown.settled_by) == (TakedownState.REMOVED, "hikeshi")
    assert night.incidents.kinds(ID)[-2:] == ["takedown_looked", "takedown_removed"]
    assert {m.person_id for m in night.incidents.messages() if m.moment == "status"} >= {"suzuki"}


def test_s1_15_a_removal_that_was_announced_is_checked_until_it_was_seen() -> None:
    removed = asked(state=TakedownState.REMOVED, settled_by="suzuki", settled_at=NOON)
    night, probe = (
        night_with(removed, asked(id="other", number=2, url="https://b.example.jp/")),
        ListedPages(),
    )
    probe.pages[URL] = (200, PASSAGE)
    pass_days(night, probe, 1, every=timedelta(hours=6))
    assert the_takedown(night).state is TakedownState.APPROVED
    assert "takedown_seen_again" in night.incidents.kinds(ID)


def test_s1_15_an_answer_that_is_overdue_expires_by_itself() -> None:
    night, probe = night_with(asked()), ListedPages()
    pass_days(night, probe, 8, every=timedelta(hours=12))
    assert the_takedown(night).state is TakedownState.EXPIRED
    assert {"takedown_expired", "takedown_reminded", "takedown_overdue"} <= set(night.incidents.kinds(ID))


def test_what_a_page_does_not_tell_changes_nothing_and_is_told_to_nobody() -> None:
    night, probe = night_with(asked()), ListedPages()
    probe.pages[URL] = (200, "JavaScriptを有効にしてください")
    pass_days(night, probe, 2, every=timedelta(hours=12))
    assert the_takedown(night).state is TakedownState.SENT
    assert [look.look for look in the_takedown(night).looks] == [Look.UNKNOWN] * 2
    assert night.incidents.kinds(ID) == []


def room_of(*takedowns: Takedown, **incident: object) -> Room:
    return a_room(incident=an_incident(**incident), takedowns=takedowns)


def urls_due(room: Room, at: datetime) -> list[str]:
    return [page.url for page in pages_due(room, at=at)]


def test_only_what_is_under_way_is_looked_at_and_not_for_ever() -> None:
    at = NOON + timedelta(days=2)
    for state in TakedownState:
        over = state in (TakedownState.WITHDRAWN, TakedownState.REFUSED)
        assert urls_due(room_of(asked(state=state)), at) == ([] if over else [URL])
    assert urls_due(room_of(asked()), NOON + timedelta(days=31)) == []


def test_no_address_of_a_drill_is_ever_opened() -> None:
    assert urls_due(room_of(asked(), drill="drill-1"), NOON + timedelta(days=2)) == []


def test_a_run_opens_a_few_addresses_and_none_when_it_is_late() -> None:
    many = tuple(asked(id=f"t-{n}", number=n, url=f"https://m.example.jp/{n}") for n in range(1, 9))
    night, probe = night_with(*many), ListedPages()
    due = pages_due(night.incidents.room(ID), at=night.clock.now())
    assert len(due) == len(many)
    looks = look_at(due, lambda: looking(night, probe), began_at=night.clock.now())
    assert looks.opened == len(probe.opened) == LOOKS_A_RUN
    late = night.clock.now() - BUDGET - timedelta(seconds=1)
    assert look_at(due, lambda: looking(night, probe), began_at=late).opened == 0


def test_an_address_that_breaks_keeps_no_other_from_its_turn() -> None:
    class Broken(ListedPages):
        def look(self, url: str, *, passage: str) -> object:  # type: ignore[override]  # it never answers
            if url.endswith("/1"):
                raise RuntimeError("out of memory")
            return super().look(url, passage=passage)

    two = tuple(asked(id=f"t-{n}", number=n, url=f"https://m.example.jp/{n}") for n in (1, 2))
    night, probe = night_with(*two), Broken()
    due = pages_due(night.incidents.room(ID), at=night.clock.now())
    looks = look_at(due, lambda: looking(night, probe), began_at=night.clock.now())
    assert ([str(error) for error in looks.errors], looks.opened) == (["out of memory"], 1)


def test_somebody_who_looked_meanwhile_is_believed() -> None:
    night, probe = night_with(asked()), ListedPages()
    due = pages_due(night.incidents.room(ID), at=night.clock.now())
    probe.pages[URL] = (404, "")
    for _ in range(2):
        look_at(due, lambda: looking(night, probe), began_at=night.clock.now())
    assert night.incidents.kinds(ID) == ["takedown_looked", "takedown_removed"]
