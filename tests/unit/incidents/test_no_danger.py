"""Posts that were taken for a danger and are none: who says so, what ends by it, and the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.assessment import Category, Level, Reason
from hikeshi.domain.errors import AlreadyDecidedError, NotAllowedError, NotReadyError
from hikeshi.domain.feedback import FeedbackVerdict
from hikeshi.domain.incidents import Incident, Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.peril import NO_DANGER, NO_DANGER_UNDONE, PERIL_FOUND, PERIL_LIFTED, Peril, named
from hikeshi.domain.protecting import MOST_SAID
from hikeshi.services.alerts.dangers import MOST_READ, name_of_text
from hikeshi.services.alerts.learning import lessons_of
from hikeshi.services.incidents.endangering import ASKED
from hikeshi.services.incidents.handover import undo
from hikeshi.services.incidents.no_danger_desk import say_no_danger
from hikeshi.services.incidents.open_incident import Outcome, open_incident
from hikeshi.services.messages.wording import Wording
from hikeshi.services.playbooks.engaging import seed_claims
from hikeshi.services.reports.timeline_text import sentence
from tests.builders import (
    a_configuration,
    a_decision,
    a_post,
    a_slot,
    a_task,
    an_alerted_post,
    an_assessment,
)
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import FIRST, OTHER, the_room
from tests.unit.incidents.test_protecting import BOOKS, told

S = IncidentStatus
LYRICS = "あの歌の「お前を必ず殺す」のところ、何度聴いても好き"
THREAT = "今夜、店に行ってやる"
RULES = {Peril.VIOLENCE: "life.violence.place", Peril.SELF_HARM: "life.self_harm.announced"}
WHY = "歌詞の引用でした"


def grave(text: str, peril: Peril = Peril.VIOLENCE) -> AlertedPost:
    reason = Reason(rule=RULES[peril], label="規則", points=90)
    return an_alerted_post(
        post=a_post(id=text, text=text), assessment=an_assessment(level=Level.CRITICAL, reasons=(reason,))
    )


def alerted(stage: Stage, *texts: str, alert_id: str = FIRST, peril: Peril = Peril.VIOLENCE) -> Outcome:
    members = [grave(text, peril) for text in texts]
    category = Category.ATTACK
    known = stage.alerts.alert(alert_id)
    stage.keep(known, *members, id=alert_id, peril=peril, category=category, signature=(len(alert_id),))
    return open_incident(alert_id, stage.opening).outcome


def harmless(stage: Stage, *texts: str, by: str = "sato") -> Room:
    names = [name_of_text(text) for text in texts]
    return say_no_danger(the_room(stage).incident.id, by=stage.by(by), texts=names, reason=WHY)


def taken_back(stage: Stage, *, by: str = "ito") -> Room:
    incident = the_room(stage).incident
    return undo(incident.id, by=stage.by(by), of=incident.harmless[-1].at.isoformat())


def in_hand(stage: Stage, status: IncidentStatus = S.RESPONDING, **changes: Any) -> Incident:
    """Let somebody have the incident, with the questions and tasks that its playbook asks for."""
    stage.configuration = a_configuration(playbooks=BOOKS)
    room = the_room(stage)
    if status in ASKED:
        room, _ = seed_claims(room, BOOKS.of(room.incident), at=stage.clock.now())
    tasks = (
        a_task(id="1-lot", owner="ito"),
        a_task(id="1-draft", owner="suzuki"),
        a_task(id="1-police", owner="tanaka"),
    )
    held = replace(room.incident, status=status, lead="sato", **changes)
    stage.incidents.put(replace(room, incident=held, tasks=tasks if status is S.RESPONDING else ()))
    stage.page(the_room(stage), "nakano")
    stage.incidents.outbox.clear()
    return held


def events(stage: Stage) -> list[str]:
    return stage.incidents.kinds(the_room(stage).incident.id)


def test_an_incident_whose_only_danger_was_none_is_no_longer_about_a_life(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    incident = harmless(stage, LYRICS).incident
    assert (incident.peril, incident.perils) == (None, ())
    assert incident.title == Wording().text("title_media.attack")
    assert events(stage)[-3:] == [NO_DANGER, PERIL_LIFTED, "task_closed"]
    entries = [entry.event for entry in stage.incidents.timeline(incident.id)][-3:]
    said = [sentence(event, words=Wording(), roster=stage.configuration.roster) for event in entries]
    assert said == [
        "佐藤 花子さんが、1種類の文面の投稿を、命の危険はないと判断しました。理由：歌詞の引用でした",
        "命に関わる投稿はほかにないため、人命優先の扱いを終えました。",
        "品質保証の「製造ロットと出荷日の特定」は、不要になったため取りやめました。理由：歌詞の引用でした",
    ]


def test_what_was_to_be_done_for_the_life_is_closed_and_the_rest_goes_on(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    room = harmless(stage, LYRICS)
    assert [task.id for task in room.tasks if task.is_open] == ["1-lot", "1-draft"]
    assert room.task("1-police").dropped_at == stage.clock.now()
    assert told(stage, "status") == {"nakano", "ito", "suzuki", "tanaka"}
    (key,) = {each.params["news_key"] for each in stage.incidents.messages() if each.moment == "status"}
    assert key == "news.no_danger"
    assert not any("life_key" in each.params for each in stage.incidents.messages())


@pytest.mark.parametrize(("drill", "asked"), [("", "ask.no_danger"), ("drill-1", "ask.nothing")])
def test_whoever_was_called_for_help_is_told_but_in_a_drill_nobody_is(
    stage: Stage, drill: str, asked: str
) -> None:
    alerted(stage, LYRICS)
    in_hand(stage, drill=drill)
    harmless(stage, LYRICS)
    said = {each.params["ask_key"] for each in stage.incidents.messages() if each.moment == "status"}
    assert said == {asked}


def test_who_had_stood_down_has_work_again(stage: Stage) -> None:
    alerted(stage, LYRICS, peril=Peril.SELF_HARM)
    in_hand(stage)
    dropped = replace(the_room(stage).task("1-draft"), dropped_at=stage.clock.now())
    room = the_room(stage)
    stage.incidents.put(replace(room, tasks=(room.tasks[0], dropped, room.tasks[2])))
    room = harmless(stage, LYRICS)
    assert [task.id for task in room.tasks if task.is_open] == ["1-lot", "1-draft"]
    assert told(stage, "task") == {"suzuki"}


def test_as_long_as_another_post_puts_a_life_at_risk_it_stays_so(stage: Stage) -> None:
    alerted(stage, LYRICS, THREAT)
    in_hand(stage)
    room = harmless(stage, LYRICS)
    assert room.incident.peril is Peril.VIOLENCE
    assert room.task("1-police").is_open
    assert events(stage)[-1] == NO_DANGER
    assert not stage.incidents.messages()
    assert harmless(stage, THREAT).incident.peril is None


def test_so_it_does_if_another_alert_does(stage: Stage) -> None:
    alerted(stage, LYRICS)
    alerted(stage, THREAT, alert_id=OTHER)
    in_hand(stage)
    assert harmless(stage, LYRICS).incident.peril is Peril.VIOLENCE
    assert harmless(stage, THREAT).incident.peril is None


def test_of_two_kinds_of_danger_the_other_one_stays_and_gives_the_title(stage: Stage) -> None:
    alerted(stage, LYRICS)
    alert = stage.alerts.alert(FIRST)
    farewell = grave("もう限界なので今夜", Peril.SELF_HARM)
    stage.keep(alert, farewell, peril=Peril.VIOLENCE, second_peril=Peril.SELF_HARM)
    open_incident(FIRST, stage.opening)
    assert named(the_room(stage).incident.perils) == "both"
    in_hand(stage)
    incident = harmless(stage, LYRICS).incident
    assert incident.perils == (Peril.SELF_HARM,)
    assert incident.title == Wording().text("title.self_harm")
    assert PERIL_LIFTED not in events(stage)


def test_a_copy_of_what_was_read_brings_nothing_back(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    harmless(stage, LYRICS)
    stage.incidents.outbox.clear()
    copy = grave(LYRICS)
    stage.keep(stage.alerts.alert(FIRST), replace(copy, post=replace(copy.post, id="copy")), posts=42)
    open_incident(FIRST, stage.opening)
    assert the_room(stage).incident.peril is None
    assert not stage.incidents.messages()


def test_words_that_nobody_has_read_put_the_life_at_risk_again_and_all_hear(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    harmless(stage, LYRICS)
    stage.incidents.outbox.clear()
    stage.clock.advance(minutes=1)
    alerted(stage, LYRICS + "。渋谷の店に行く")
    incident = the_room(stage).incident
    assert incident.peril is Peril.VIOLENCE
    assert the_room(stage).task("1-police").is_open
    assert told(stage, "task") == {"tanaka"}
    assert {"nakano", "ito", "sato"} <= told(stage, "peril")
    assert events(stage).count(PERIL_FOUND) == 2


def test_a_threat_apart_from_what_was_no_danger_is_an_incident_of_its_own(stage: Stage) -> None:
    """The room is not about a life any more: a threat that it took in would page nobody."""
    alerted(stage, LYRICS)
    in_hand(stage)
    harmless(stage, LYRICS)
    assert alerted(stage, THREAT, alert_id=OTHER) is Outcome.OPENED
    assert len(stage.incidents.rooms) == 2


def test_who_closed_it_as_a_false_alarm_is_not_asked_again_for_what_was_no_danger(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage, S.FACT_FINDING)
    harmless(stage, LYRICS)
    room = the_room(stage)
    over = replace(room.incident, status=S.DISMISSED)
    choice = a_decision(choice="dismissed", at=stage.clock.now())
    stage.incidents.put(replace(room, incident=over, slots=(a_slot(slot=Slot.FACT_CHECK, decision=choice),)))
    stage.clock.advance(minutes=20)
    assert alerted(stage, LYRICS) is Outcome.UNCHANGED
    assert alerted(stage, THREAT) is Outcome.REOPENED


def test_anybody_may_take_it_back_at_any_time_and_all_is_as_it_was(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    before = the_room(stage)
    harmless(stage, LYRICS)
    stage.incidents.outbox.clear()
    stage.clock.advance(minutes=90)
    room = taken_back(stage)
    assert (room.incident.peril, room.incident.harmless) == (Peril.VIOLENCE, ())
    assert room.incident.title == before.incident.title
    assert [task.id for task in room.tasks if task.is_open] == ["1-lot", "1-draft", "1-police"]
    assert room.task("1-police").due_at == stage.clock.now() + timedelta(minutes=15)
    assert events(stage)[-3:] == [NO_DANGER_UNDONE, PERIL_FOUND, "task_wanted_again"]
    assert told(stage, "peril") == {"nakano", "sato", "suzuki", "tanaka"}
    assert told(stage, "task") == {"tanaka"}
    with pytest.raises(NotReadyError) as refused:
        undo(room.incident.id, by=stage.by("ito"), of=stage.clock.now().isoformat())
    assert refused.value.missing == ("undo",)


def test_what_is_said_again_after_it_was_taken_back_is_told_again(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    for _ in range(2):
        stage.incidents.outbox.clear()
        stage.clock.advance(minutes=1)
        harmless(stage, LYRICS)
        stage.clock.advance(minutes=1)
        taken_back(stage)
        assert {"nakano"} <= told(stage, "status") & told(stage, "peril")


@pytest.mark.parametrize("texts", [(), ("何も言っていない投稿",), (LYRICS, "何も言っていない投稿")])
def test_it_is_said_of_posts_that_were_read_and_no_others(stage: Stage, texts: tuple[str, ...]) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    with pytest.raises(NotReadyError) as refused:
        harmless(stage, *texts)
    assert refused.value.missing == ("no_danger_texts",)
    assert the_room(stage).incident.peril is Peril.VIOLENCE


def test_only_whoever_may_close_it_as_a_false_alarm_says_so(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage, answered=("1/round-1",))
    with pytest.raises(NotAllowedError):
        harmless(stage, LYRICS, by="ito")
    with pytest.raises(AlreadyDecidedError) as refused:
        harmless(stage, LYRICS, by="suzuki")
    assert refused.value.by == "sato"
    assert harmless(stage, LYRICS, by="takahashi").incident.peril is None


def test_of_an_alert_that_nobody_can_read_to_its_end_the_danger_stays(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    alert = stage.alerts.alert(FIRST)
    copy = grave(LYRICS)
    posts = [replace(copy, post=replace(copy.post, id=str(number))) for number in range(MOST_READ)]
    stage.keep(alert, *posts)
    assert harmless(stage, LYRICS).incident.peril is Peril.VIOLENCE


def test_it_is_not_said_without_end(stage: Stage) -> None:
    alerted(stage, LYRICS)
    in_hand(stage)
    harmless(stage, LYRICS)
    room = the_room(stage)
    said = room.incident.harmless * MOST_SAID
    stage.incidents.put(replace(room, incident=replace(room.incident, harmless=said, peril=Peril.VIOLENCE)))
    alerted(stage, THREAT)
    with pytest.raises(NotReadyError) as refused:
        harmless(stage, THREAT)
    assert refused.value.missing == ("fewer_no_dangers",)


def test_it_teaches_what_was_no_danger_and_what_was_right(stage: Stage) -> None:
    alerted(stage, LYRICS, THREAT)
    in_hand(stage)
    harmless(stage, LYRICS)
    room = the_room(stage)
    assert not lessons_of(room, alerts=stage.alerts)
    signed = a_slot(slot=Slot.REPORT, decision=a_decision(at=stage.clock.now()))
    learned = {
        each.post.text: each for each in lessons_of(replace(room, slots=(signed,)), alerts=stage.alerts)
    }
    assert learned[THREAT].verdict is FeedbackVerdict.RIGHT
    lyrics = learned[LYRICS]
    assert (lyrics.verdict, lyrics.reason, lyrics.by) == (FeedbackVerdict.FALSE_ALARM, WHY, "sato")
