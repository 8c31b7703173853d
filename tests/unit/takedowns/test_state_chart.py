"""Where a request may go: by the chart, and whatever people do in whatever order."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import event as hypothesis_event
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hikeshi.domain.actions import Role
from hikeshi.domain.errors import HikeshiError, NotReadyError
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.owing import owes
from hikeshi.domain.removing import propose_mirrors
from hikeshi.domain.takedowns import (
    KEPT_FOR,
    TRANSITIONS,
    Ground,
    Look,
    Looked,
    Sight,
    TakedownEvent,
    TakedownState,
    judged,
    next_state,
)
from hikeshi.services.takedowns import takedown_desk
from hikeshi.services.takedowns.takedown_desk import Asked
from hikeshi.services.takedowns.takedown_watch import Looking, end_overdue, look_at, pages_due
from tests.builders import a_takedown, an_incident
from tests.fakes.looking import ListedPages
from tests.fakes.stage import Stage

S, E = TakedownState, TakedownEvent
ID = an_incident().id
THREAT = "今から店に火をつけてやる"
PEOPLE = st.sampled_from(("nakano", "sato", "suzuki", "tanaka", "mori", "ito", "kobayashi"))
WHICH = st.integers(0, 3)


def reached_from(state: TakedownState, *, without: TakedownEvent | None = None) -> set[TakedownState]:
    """Every state that can come after one, over any way that leaves an event out."""
    found, waiting = {state}, [state]
    while waiting:
        here = waiting.pop()
        after = {to for (at, event), to in TRANSITIONS.items() if at is here and event is not without}
        waiting += after - found
        found |= after
    return found


@pytest.mark.parametrize(("state", "event"), list(product(S, E)))
def test_s1_15_the_chart_has_a_step_or_refuses_it(state: TakedownState, event: TakedownEvent) -> None:
    if (state, event) in TRANSITIONS:
        assert next_state(state, event) is TRANSITIONS[state, event]
        return
    with pytest.raises(NotReadyError) as refused:
        next_state(state, event)
    assert refused.value.missing == ("takedown_step",)


def test_s1_15_nothing_is_sent_without_an_approval() -> None:
    for start in (S.PROPOSED, S.DRAFT):
        assert S.SENT in reached_from(start)
        assert S.SENT not in reached_from(start, without=E.APPROVED)


def test_s1_15_every_request_can_be_brought_to_an_end() -> None:
    for start in S:
        assert reached_from(start) & {S.REMOVED, S.REFUSED, S.WITHDRAWN}


class Desk(RuleBasedStateMachine):
    """A room in which people ask, approve, send, record, and addresses are looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage()
        self.probe = ListedPages()

    @initialize()
    def the_response_begins(self) -> None:
        self.stage.room(IncidentStatus.RESPONDING)

    @property
    def room(self) -> Room:
        return self.stage.incidents.room(ID)

    def act(self, action: Any, person: str, **form: Any) -> None:
        before = self.room
        self.stage.clock.advance(seconds=7)
        try:
            action(ID, by=self.stage.by(person), **form)
        except HikeshiError:
            assert self.room == before, "a refusal changes nothing"

    def each(self, which: int) -> list[str]:
        return [takedown.id for takedown in self.room.takedowns[which : which + 1]]

    @rule(person=PEOPLE, which=WHICH, ground=st.sampled_from(Ground), doubt=st.booleans())
    def somebody_asks(self, person: str, which: int, ground: Ground, doubt: bool) -> None:
        asked = Asked(
            url=f"https://matome.example.jp/{which}",
            ground=ground,
            passage=THREAT,
            reason="放火の予告です",
            doubt_reason="写真に写っています" if doubt else "",
        )
        self.act(takedown_desk.request_takedown, person, asked=asked)

    @rule(which=WHICH)
    def a_copy_is_found(self, which: int) -> None:
        room = self.room
        stored = json.dumps({"copy": which}).encode()
        digest = hashlib.sha256(stored).hexdigest()
        uri = self.stage.proofs.keep(ID, name=f"{digest}.json", content=stored)
        evidence = a_takedown().evidence
        copy = a_takedown(
            id=f"copy-{which}",
            url=f"https://copy.example.jp/{which}",
            ground=Ground.THREAT,
            passage=THREAT,
            evidence=type(evidence)(
                title="", uri=uri, sha256=digest, kept_by="hikeshi", kept_at=self.stage.clock.now()
            ),
            state=S.PROPOSED,
            requested_by="hikeshi",
        )
        after, events = propose_mirrors(room, (copy,))
        if events:
            self.stage.incidents.commit(RoomChange(before=room, after=after, events=events))

    @rule(person=PEOPLE, which=WHICH)
    def somebody_adopts(self, person: str, which: int) -> None:
        for takedown in self.each(which):
            form = {"takedown_id": takedown, "reason": "同じ文面です", "doubt_reason": ""}
            self.act(takedown_desk.adopt_takedown, person, **form)

    @rule(person=st.sampled_from(("tanaka", "mori", "suzuki")), which=WHICH)
    def somebody_approves(self, person: str, which: int) -> None:
        for takedown in self.each(which):
            self.act(takedown_desk.approve_takedown, person, takedown_id=takedown)

    @rule(person=PEOPLE, which=WHICH, step=st.sampled_from(E))
    def somebody_records(self, person: str, which: int, step: TakedownEvent) -> None:
        for takedown in self.each(which):
            self.act(takedown_desk.record_step, person, takedown_id=takedown, step=step, note="")

    @rule(person=PEOPLE, which=WHICH, look=st.sampled_from(Look))
    def somebody_looks(self, person: str, which: int, look: Look) -> None:
        for takedown in self.each(which):
            self.act(takedown_desk.note_look, person, takedown_id=takedown, look=look)

    @rule(status=st.sampled_from((200, 404, 500)), shown=st.booleans(), days=st.integers(0, 40))
    def days_pass(self, status: int, shown: bool, days: int) -> None:
        self.stage.clock.advance(seconds=days * 86_400)
        at = self.stage.clock.now()
        room = end_overdue(self.room, incidents=self.stage.incidents, at=at)
        for page in pages_due(room, at=at):
            self.probe.pages[page.url] = (status, THREAT if shown else "")
        looks = look_at(pages_due(room, at=at), lambda: looking(self.stage, self.probe), began_at=at)
        assert looks.errors == []

    @rule(which=WHICH, asker=st.sampled_from(("suzuki", "tanaka")))
    def one_is_carried_through_perhaps_by_legal_alone(self, which: int, asker: str) -> None:
        self.somebody_asks(asker, which, Ground.THREAT, doubt=False)
        self.somebody_approves("tanaka", which)
        self.somebody_records(asker, which, E.SENT)

    @invariant()
    def whatever_was_sent_has_evidence_and_two_people(self) -> None:
        room = self.stage.incidents.rooms.get(ID)
        for takedown in room.takedowns if room else ():
            assert takedown.ground is not Ground.CRITICISM
            kept = self.stage.proofs.files[ID, f"{takedown.evidence.sha256}.json"]
            assert hashlib.sha256(kept).hexdigest() == takedown.evidence.sha256
            if takedown.sent_at is None:
                continue
            hypothesis_event(f"sent, and {takedown.state}")
            assert takedown.approved_by is not None
            assert takedown.approved_at is not None
            assert takedown.approved_by not in (takedown.requested_by, "hikeshi")
            assert takedown.requested_by != "hikeshi"
            assert Role.LEGAL in self.stage.by(takedown.approved_by).person.roles
            assert takedown.approved_at <= takedown.sent_at

    @invariant()
    def nothing_is_waited_for_without_an_end(self) -> None:
        room = self.stage.incidents.rooms.get(ID)
        if room is None:
            return
        later = self.stage.clock.now() + KEPT_FOR + timedelta(days=1)
        other = Stage(clock=type(self.stage.clock)(later))
        closed = an_incident(status=IncidentStatus.CLOSED)
        other.incidents.put(type(room)(incident=closed, takedowns=room.takedowns))
        assert not owes(end_overdue(other.incidents.room(ID), incidents=other.incidents, at=later))


def looking(stage: Stage, probe: ListedPages) -> Looking:
    return Looking(
        probe=probe,
        incidents=stage.incidents,
        configuration=lambda: stage.configuration,
        clock=stage.clock,
        ids=stage.ids,
    )


TestS115WhateverIsSentHasEvidenceAndTwoPeople = Desk.TestCase
TestS115WhateverIsSentHasEvidenceAndTwoPeople.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None
)


def test_a_sight_that_never_showed_the_passage_does_not_tell_that_it_is_gone(stage: Stage) -> None:
    takedown = a_takedown()
    assert judged(takedown, Sight.NOT_SHOWN) is Look.UNKNOWN
    assert judged(takedown, Sight.ABSENT) is Look.GONE
    assert judged(takedown, Sight.UNREADABLE) is Look.UNKNOWN
    seen = (Looked(look=Look.THERE, by="hikeshi", at=stage.clock.now()),)
    assert judged(a_takedown(looks=seen), Sight.NOT_SHOWN) is Look.GONE
    by_hand = (Looked(look=Look.THERE, by="suzuki", at=stage.clock.now()),)
    assert judged(a_takedown(looks=by_hand), Sight.NOT_SHOWN) is Look.UNKNOWN
