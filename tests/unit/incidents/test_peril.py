"""A post that puts a life at risk: an incident of its own, and word to all at once where it joins one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.incidents import Incident, RoomChange
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel
from hikeshi.domain.peril import PERIL_AGAIN, PERIL_FOUND, PERIL_HELD, Peril
from hikeshi.domain.timeline import TimelineEvent
from hikeshi.services.incidents.open_incident import Outcome, open_incident
from hikeshi.services.messages.said import said
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.timeline_text import sentence
from tests.builders import NOON
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import FIRST, OTHER, grow, settle, the_room

SELF_HARM, VIOLENCE = Peril.SELF_HARM, Peril.VIOLENCE


def incident_of(stage: Stage, alert_id: str) -> Incident:
    alert = stage.alerts.alert(alert_id)
    assert alert is not None
    assert alert.incident_id is not None
    return stage.incidents.room(alert.incident_id).incident


def begin_with_a_threat(stage: Stage, **changes: Any) -> None:
    stage.keep(peril=VIOLENCE, category=Category.ATTACK, signature=(1,), **changes)
    open_incident(FIRST, stage.opening)
    stage.page(the_room(stage), "nakano")


def threatens(stage: Stage, number: int, **changes: Any) -> None:
    """Let one more alert of its own words join."""
    alert_id = f"alert-{number:032d}"
    stage.keep(
        **{"id": alert_id, "peril": VIOLENCE, "category": Category.ATTACK, "signature": (number,)} | changes
    )
    assert open_incident(alert_id, stage.opening).outcome is Outcome.JOINED


def due_by_now(stage: Stage) -> list[Any]:
    """Return the SMS of further posts that have left, or leave at this moment."""
    return [
        row
        for row in stage.incidents.outbox.values()
        if isinstance(row.body, Message)
        and (row.body.moment, row.body.channel) == ("peril", Channel.SMS)
        and row.due_at <= stage.clock.now()
    ]


@pytest.mark.parametrize(
    ("peril", "title", "said"),
    [
        (SELF_HARM, "自殺をほのめかす投稿", "人命に関わる投稿と判定しました（自殺をほのめかす投稿）。"),
        (VIOLENCE, "危害を予告する投稿", "人命に関わる投稿と判定しました（危害を予告する投稿）。"),
    ],
)
def test_an_incident_about_a_life_says_so_in_its_title_and_its_timeline(
    stage: Stage, peril: Peril, title: str, said: str
) -> None:
    stage.keep(peril=peril, category=Category.HARASSMENT, has_media=True)
    open_incident(FIRST, stage.opening)
    incident = the_room(stage).incident
    assert (incident.peril, incident.title) == (peril, title)
    noted = [
        entry.event for entry in stage.incidents.timeline(incident.id) if entry.event.kind == PERIL_FOUND
    ]
    told = [sentence(event, words=Wording(), roster=stage.configuration.roster) for event in noted]
    assert told == [said]


def test_every_title_about_a_life_fits_an_sms() -> None:
    for peril in Peril:
        assert 4 <= len(Wording().text(f"title.{peril}")) <= 20


def test_an_open_incident_of_the_same_category_does_not_swallow_it(stage: Stage) -> None:
    stage.keep(category=Category.HARASSMENT)
    open_incident(FIRST, stage.opening)
    stage.keep(id=OTHER, category=Category.HARASSMENT, peril=SELF_HARM)
    assert open_incident(OTHER, stage.opening).outcome is Outcome.OPENED
    assert incident_of(stage, FIRST).peril is None
    assert incident_of(stage, OTHER).peril is SELF_HARM


def test_it_swallows_no_ordinary_posts_of_its_category_either(stage: Stage) -> None:
    stage.keep(category=Category.HARASSMENT, peril=SELF_HARM)
    open_incident(FIRST, stage.opening)
    stage.keep(id=OTHER, category=Category.HARASSMENT)
    assert open_incident(OTHER, stage.opening).outcome is Outcome.OPENED


def test_one_more_post_about_a_life_joins_and_is_told_at_once(stage: Stage) -> None:
    stage.keep(peril=VIOLENCE, category=Category.ATTACK)
    open_incident(FIRST, stage.opening)
    stage.page(the_room(stage), "nakano")
    stage.keep(id=OTHER, peril=VIOLENCE, category=Category.HARASSMENT)
    assert open_incident(OTHER, stage.opening).outcome is Outcome.JOINED
    assert stage.people_told("peril") == ["nakano"]
    joined, again = (entry.event for entry in stage.incidents.timeline(the_room(stage).incident.id)[-2:])
    assert again.kind == PERIL_AGAIN
    assert said(joined.details["why"], Wording()) == "同じブランドの、人命に関わる投稿が24時間以内"
    open_incident(OTHER, stage.opening)
    assert stage.people_told("peril") == ["nakano"]


def test_a_flood_of_threats_is_told_every_five_minutes_and_every_one_joins(stage: Stage) -> None:
    begin_with_a_threat(stage)
    told = []
    for number in range(3, 15):
        stage.clock.advance(minutes=1)
        threatens(stage, number)
        told.append(len(due_by_now(stage)))
    assert len(the_room(stage).incident.alerts) == 13
    assert told == [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3]


def test_what_comes_within_five_minutes_is_told_once_when_they_are_over(stage: Stage) -> None:
    begin_with_a_threat(stage)
    threatens(stage, 2)
    stage.clock.advance(minutes=1)
    for number in (3, 4):
        threatens(stage, number)
    assert len(due_by_now(stage)) == 1
    stage.clock.advance(minutes=3, seconds=59)
    assert len(due_by_now(stage)) == 1
    stage.clock.advance(seconds=1)
    assert len(due_by_now(stage)) == 2
    stage.clock.advance(minutes=30)
    assert len(due_by_now(stage)) == 2
    (held,) = (
        entry.event
        for entry in stage.incidents.timeline(the_room(stage).incident.id)
        if entry.event.kind == PERIL_HELD
    )
    assert sentence(held, words=Wording(), roster=stage.configuration.roster) == (
        "人命に関わる投稿がさらに見つかりました。続けて見つかったものとまとめて、"
        "2026年5月13日 13:03（日本時間）に関係者へ知らせます（危害を予告する投稿）。"
    )


def test_whoever_is_called_while_a_word_waits_gets_it_too(stage: Stage) -> None:
    begin_with_a_threat(stage)
    threatens(stage, 2)
    stage.clock.advance(minutes=1)
    threatens(stage, 3)
    stage.page(the_room(stage), "sato")
    threatens(stage, 4)
    stage.clock.advance(minutes=4)
    assert sorted(row.body.person_id for row in due_by_now(stage)[1:]) == ["nakano", "sato"]


@pytest.mark.parametrize(
    ("said", "at_once"),
    [
        ("新宿店にも火をつける", True),
        ("次は鈴木店長を刺す", True),
        ("渋谷店に火をつけるって本気だから", False),
        ("全員殺してやるから覚えておけ", False),
    ],
)
def test_a_threat_to_another_place_or_person_is_told_at_once(stage: Stage, said: str, at_once: bool) -> None:
    begin_with_a_threat(stage, quote="渋谷店に火をつける")
    threatens(stage, 2, quote="あした渋谷店に火をつけてやる")
    stage.clock.advance(minutes=1)
    threatens(stage, 3, quote=said)
    assert len(due_by_now(stage)) == (2 if at_once else 1)


def test_the_same_words_about_somebody_else_are_told_at_once_whatever_the_name_looks_like(
    stage: Stage,
) -> None:
    begin_with_a_threat(stage)
    threatens(stage, 2)
    stage.clock.advance(minutes=1)
    threatens(stage, 3, signature=(2,))
    assert len(due_by_now(stage)) == 2


def test_a_flood_that_names_one_place_after_the_other_is_no_flood_of_messages(stage: Stage) -> None:
    begin_with_a_threat(stage)
    told = []
    for number in range(3, 15):
        threatens(stage, number, quote=f"{number:02d}号店を爆破する")
        told.append(len(due_by_now(stage)))
        stage.clock.advance(seconds=20)
    assert told == [1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]
    stage.clock.advance(minutes=2)
    assert len(due_by_now(stage)) == 4


def test_a_word_that_waited_for_a_matter_that_was_over_keeps_nobody_from_hearing_anew(stage: Stage) -> None:
    """What waited when an incident was reopened is not sent: the next threat must not count on it."""
    begin_with_a_threat(stage)
    threatens(stage, 2)
    stage.clock.advance(minutes=1)
    threatens(stage, 3)
    room = the_room(stage)
    reopened = TimelineEvent(kind="reopened", at=stage.clock.now())
    stage.incidents.commit(RoomChange(before=room, after=room, events=(reopened,)))
    stage.page(the_room(stage), "nakano")
    threatens(stage, 4)
    assert len(due_by_now(stage)) == 2


def test_a_running_incident_that_turns_out_to_be_about_a_life_tells_everybody_once(stage: Stage) -> None:
    stage.keep(category=Category.LEAK)
    open_incident(FIRST, stage.opening)
    stage.page(the_room(stage), "tanaka")
    grow(stage, posts=2, peril=SELF_HARM)
    open_incident(FIRST, stage.opening)
    open_incident(FIRST, stage.opening)
    incident = the_room(stage).incident
    assert incident.peril is SELF_HARM
    assert stage.incidents.kinds(incident.id).count(PERIL_FOUND) == 1
    assert stage.people_told("peril") == ["tanaka"]
    grow(stage, posts=3, peril=VIOLENCE)
    open_incident(FIRST, stage.opening)
    assert the_room(stage).incident.peril is VIOLENCE
    assert [
        each.params["first_key"] for each in stage.incidents.messages() if each.channel is Channel.SMS
    ] == [
        "first.self_harm",
        "first.both",
    ]


def test_if_the_level_rises_with_it_the_raised_level_tells_it_and_nothing_else(stage: Stage) -> None:
    stage.keep()
    open_incident(FIRST, stage.opening)
    stage.page(the_room(stage), "nakano")
    grow(stage, level=Level.CRITICAL, peril=VIOLENCE)
    assert open_incident(FIRST, stage.opening).outcome is Outcome.RAISED
    assert not stage.people_told("peril")
    told = [each for each in stage.incidents.messages() if each.moment in ("page", "level_raised")]
    assert told
    assert {message.params["first_key"] for message in told} == {"first.violence"}


def test_a_life_at_risk_takes_back_that_it_was_a_false_alarm(stage: Stage) -> None:
    room = settle(stage, IncidentStatus.DISMISSED)
    grow(stage, posts=2, peril=SELF_HARM)
    assert open_incident(FIRST, stage.opening).outcome is Outcome.REOPENED
    assert the_room(stage).incident.generation == room.incident.generation + 1


def test_a_life_at_risk_reopens_a_closed_incident_though_the_post_is_older(stage: Stage) -> None:
    settle(stage, IncidentStatus.CLOSED, at=NOON + timedelta(hours=2))
    grow(stage, posts=2, peril=SELF_HARM)
    assert open_incident(FIRST, stage.opening).outcome is Outcome.REOPENED
    assert the_room(stage).incident.peril is SELF_HARM


def test_who_dismissed_a_post_about_a_life_is_not_asked_again_for_the_same_posts(stage: Stage) -> None:
    room = settle(stage, IncidentStatus.DISMISSED)
    stage.incidents.put(replace(room, incident=replace(room.incident, peril=VIOLENCE)))
    grow(stage, peril=VIOLENCE)
    open_incident(FIRST, stage.opening)
    assert the_room(stage).incident.status is IncidentStatus.DISMISSED
