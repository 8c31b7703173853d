"""A copy of what was asked about, at another address, proposes a request of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.takedowns import Takedown, TakedownState
from hikeshi.services.incidents.open_incident import Outcome, open_incident
from hikeshi.services.takedowns import takedown_desk
from hikeshi.services.takedowns.mirrors import MOST_PROPOSED
from tests.builders import NOON, a_post, a_takedown, an_alert, an_alerted_post, an_evidence
from tests.fakes.stage import Stage

ALERT = an_alert().id
_RESPONDING = IncidentStatus.RESPONDING
EXPOSED = "虫の写真を載せた店員の本名は森田 光、自宅は月見駅の裏のアパートで、毎朝8時に出るらしい"
COPY = f"【速報】{EXPOSED} ｗｗｗ | まとめ速報"


def a_found_post(name: str, text: str = COPY, **changes: Any) -> AlertedPost:
    post = a_post(id=name, text=text, url=f"https://copy.example.jp/{name}", **changes)
    evidence = an_evidence(uri=f"s3://archive/evidence/{name}.json", sha256=f"{len(name):02x}" * 32)
    return an_alerted_post(post=post, evidence=evidence)


def asked_in(stage: Stage, **changes: Any) -> None:
    """Open an incident for the alert, in which one post was asked about."""
    stage.keep()
    open_incident(ALERT, stage.opening)
    (room,) = stage.incidents.rooms.values()
    known = {"passage": EXPOSED, "state": TakedownState.SENT, "sent_at": NOON, "deadline": NOON} | changes
    stage.incidents.put(replace(room, takedowns=(a_takedown(**known),)))
    stage.incidents.outbox.clear()


def find(stage: Stage, *members: AlertedPost) -> tuple[Takedown, ...]:
    stage.keep(stage.alerts.alert(ALERT), *members)
    open_incident(ALERT, stage.opening)
    (room,) = stage.incidents.rooms.values()
    return room.takedowns[1:]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.mark.parametrize(
    "state", [TakedownState.SENT, TakedownState.ACKNOWLEDGED, TakedownState.REMOVED, TakedownState.EXPIRED]
)
def test_s1_15_a_copy_at_another_address_proposes_a_new_request(stage: Stage, state: TakedownState) -> None:
    asked_in(stage, state=state)
    (proposal,) = find(stage, a_found_post("copy-1"))
    assert (proposal.state, proposal.number) == (TakedownState.PROPOSED, 2)
    assert proposal.url == "https://copy.example.jp/copy-1"
    assert (proposal.mirror_of, proposal.ground) == ("takedown-1", a_takedown().ground)
    assert proposal.evidence.uri == "s3://archive/evidence/copy-1.json"
    assert stage.people_told("status") == ["suzuki", "tanaka"]
    (room,) = stage.incidents.rooms.values()
    assert stage.incidents.kinds(room.incident.id)[-1] == "takedown_proposed"


def test_s1_15_a_proposal_is_nothing_until_a_person_adopts_it_and_another_approves(stage: Stage) -> None:
    asked_in(stage)
    (proposal,) = find(stage, a_found_post("copy-1"))
    (room,) = stage.incidents.rooms.values()
    stage.incidents.put(replace(room, incident=replace(room.incident, status=_RESPONDING)))
    takedown_desk.adopt_takedown(
        room.incident.id,
        by=stage.by("suzuki"),
        takedown_id=proposal.id,
        reason="同じ文面です",
        doubt_reason="",
    )
    after = takedown_desk.approve_takedown(room.incident.id, by=stage.by("tanaka"), takedown_id=proposal.id)
    adopted = after.takedowns[1]
    assert (adopted.requested_by, adopted.approved_by) == ("suzuki", "tanaka")


def test_the_same_copy_proposes_once_and_another_proposes_again(stage: Stage) -> None:
    asked_in(stage)
    assert len(find(stage, a_found_post("copy-1"))) == 1
    assert len(find(stage, a_found_post("copy-1", reposts=9))) == 1
    assert open_incident(ALERT, stage.opening).outcome is Outcome.UNCHANGED
    assert len(find(stage, a_found_post("copy-2"))) == 2


@pytest.mark.parametrize(
    "post",
    [
        a_found_post("other", "店員の対応が悪かった。もう行かない。"),
        a_found_post("same", COPY, published_at=NOON),
    ],
)
def test_criticism_and_the_reported_address_itself_propose_nothing(stage: Stage, post: AlertedPost) -> None:
    asked_in(stage, url="http://copy.example.jp/same/")
    assert find(stage, post) == ()


def test_a_post_without_an_address_proposes_nothing(stage: Stage) -> None:
    asked_in(stage)
    post = a_found_post("copy-1")
    assert find(stage, replace(post, post=replace(post.post, url=None))) == ()


@pytest.mark.parametrize(
    "state", [TakedownState.PROPOSED, TakedownState.DRAFT, TakedownState.REFUSED, TakedownState.WITHDRAWN]
)
def test_what_nobody_was_asked_about_or_what_was_refused_is_not_looked_for(
    stage: Stage, state: TakedownState
) -> None:
    asked_in(stage, state=state)
    assert find(stage, a_found_post("copy-1")) == ()


def test_a_flood_of_copies_proposes_no_more_than_a_person_can_look_at(stage: Stage) -> None:
    asked_in(stage)
    flood = [
        a_found_post(f"copy-{n}", published_at=NOON + timedelta(seconds=n)) for n in range(MOST_PROPOSED + 5)
    ]
    assert len(find(stage, *flood)) == MOST_PROPOSED
