"""Type and fault, said by people: kept, logged with their facts, and followed by the departments."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType, Fault, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import InvalidFormError, NotAllowedError, NotReadyError
from hikeshi.domain.facts import Verdict
from hikeshi.domain.headquarters import MOST_MEMBERS
from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.playbooks import Playbooks, PlaybookTask, Refinement
from hikeshi.domain.reports import RootCause
from hikeshi.services.incidents import kind_desk, respond
from hikeshi.services.incidents.kind_text import kind_in_words
from hikeshi.services.incidents.open_incident import open_incident
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.draft_report import draft_report
from hikeshi.services.reports.report_causes import supposed_causes
from hikeshi.services.reports.timeline_text import sentence
from hikeshi.services.statements import statement_desk
from tests.builders import (
    a_bulletin,
    a_configuration,
    a_fact,
    a_headquarters,
    a_judged_fact,
    a_playbook,
    a_room,
    a_sighting,
    a_statement,
    a_task,
    a_written_report,
    an_alert,
    an_approval,
    an_approved_statement,
    an_incident,
)
from tests.fakes.stage import Stage

S = IncidentStatus
WORDS = Wording()
ID = an_incident().id
RUMOUR = {"crisis_type": CrisisType.COMPETITOR_ATTACK, "fault": Fault.NOT_OURS}


def says(stage: Stage, person: str = "sato", **changes: Any) -> Room:
    asked: dict[str, Any] = {
        "crisis_type": CrisisType.OWN_FAULT,
        "fault": Fault.OURS,
        "facts": (1,),
        "reason": "記録と合いました",
    }
    return kind_desk.set_kind(ID, by=stage.by(person), **asked | changes)


@pytest.fixture
def stage() -> Stage:
    """A company whose playbook lets quality stand down for a rumour, and engages legal and the lead."""
    legal = PlaybookTask(id="removal", department=Role.LEGAL, title="削除の請求の検討", due_minutes=60)
    rumour = Refinement(
        fault=Fault.NOT_OURS,
        tasks=(legal,),
        cards={Role.LEGAL: ("記録を残す",), Role.HR: ("従業員に知らせる",)},
        stand_down=frozenset({Role.QUALITY}),
        claims=("元の投稿はどこから出たか",),
    )
    books = Playbooks(default=a_playbook(), refinements=(rumour,))
    return Stage(configuration=a_configuration(playbooks=books))


def responding(stage: Stage, **changes: Any) -> Room:
    tasks = (
        a_task(),
        a_task(id="1-desk", department=Role.CUSTOMER_SUPPORT, title="窓口", owner="watanabe"),
        a_task(id="1-word", department=Role.PR, title="第一報", owner="suzuki"),
    )
    return stage.room(S.RESPONDING, **{"facts": (a_judged_fact(),), "tasks": tasks} | changes)


# ---- the judgement ---------------------------------------------------------------------------------


def test_s2_10_the_decision_is_logged_with_the_facts_that_it_rests_on(stage: Stage) -> None:
    responding(stage)
    says(stage)
    event = next(e.event for e in stage.incidents.timeline(ID) if e.event.kind == "kind_set")
    assert event.actor == "sato"
    assert event.details["fault"] == "ours"
    assert event.details["reason"] == "記録と合いました"
    assert event.details["facts"] == "投稿の写真は当社の商品ですか"
    assert event.details["verdicts"] == "fact-1:confirmed"


@pytest.mark.parametrize("facts", [(), (2,), (1, 2)])
def test_s2_10_a_fault_is_named_on_checked_facts_alone(stage: Stage, facts: tuple[int, ...]) -> None:
    room = responding(stage, facts=(a_judged_fact(), a_fact(id="fact-2")))
    with pytest.raises(NotReadyError) as refused:
        says(stage, facts=facts)
    assert refused.value.missing == ("judged_fact",)
    assert stage.incidents.room(ID) == room


def test_a_refuted_claim_bears_a_rumour_out(stage: Stage) -> None:
    responding(stage, facts=(a_judged_fact(verdict=Verdict.REFUTED),))
    assert says(stage, **RUMOUR).incident.fault is Fault.NOT_OURS


def test_the_type_alone_needs_no_fact_and_neither_does_going_back_to_unknown(stage: Stage) -> None:
    responding(stage)
    says(stage)
    assert says(stage, crisis_type=CrisisType.FLAMING, facts=()).incident.crisis_type is CrisisType.FLAMING
    assert says(stage, fault=Fault.UNKNOWN, facts=()).incident.fault is Fault.UNKNOWN


def test_saying_what_is_so_already_is_told_and_changes_nothing(stage: Stage) -> None:
    room = responding(stage)
    with pytest.raises(NotReadyError):
        says(stage, crisis_type=CrisisType.OWN_FAULT, fault=Fault.UNKNOWN)
    assert stage.incidents.room(ID) == room


def test_a_number_of_no_fact_is_refused(stage: Stage) -> None:
    responding(stage)
    with pytest.raises(InvalidFormError) as refused:
        says(stage, facts=(7,))
    assert refused.value.field == "kind_facts"


def graver(stage: Stage) -> Room:
    """A second alert joins: graver, and of another type."""
    alert = an_alert(
        id="alert-" + "0" * 31 + "2",
        level=Level.CRITICAL,
        crisis_type=CrisisType.SCANDAL,
        incident_id=ID,
    )
    stage.keep(replace(alert, version=0))
    open_incident(alert.id, stage.opening)
    return stage.incidents.room(ID)


def test_s2_8_the_type_follows_the_scoring_until_a_person_says_otherwise(stage: Stage) -> None:
    stage.room(S.FACT_FINDING)
    assert graver(stage).incident.crisis_type is CrisisType.SCANDAL
    assert "type_judged" in stage.incidents.kinds(ID)


def test_s2_8_what_a_person_said_is_kept_whatever_the_scoring_says_later(stage: Stage) -> None:
    stage.room(S.FACT_FINDING, facts=(a_judged_fact(),))
    says(stage, crisis_type=CrisisType.CUSTOMER_COMPLAINT, fault=Fault.OURS)
    incident = graver(stage).incident
    assert incident.level is Level.CRITICAL
    assert (incident.crisis_type, incident.fault) == (CrisisType.CUSTOMER_COMPLAINT, Fault.OURS)
    assert incident.kind_set_by == "sato"


# ---- what follows ----------------------------------------------------------------------------------


def test_s4_1_a_rumour_engages_legal_and_lets_quality_go_and_only_the_new_ones_hear(stage: Stage) -> None:
    responding(stage)
    room = says(stage, **RUMOUR)
    assert [(task.id, task.is_open) for task in room.tasks] == [
        ("1-lot", False),
        ("1-desk", True),
        ("1-word", True),
        ("1-removal", True),
    ]
    assert stage.people_told("task") == ["tanaka"]
    assert stage.people_told("status") == ["kato"]
    assert room.facts[-1].claim == "元の投稿はどこから出たか"


def test_s4_1_whom_the_new_playbook_engages_sits_in_the_open_headquarters_and_hears_of_it_once(
    stage: Stage,
) -> None:
    responding(stage, headquarters=a_headquarters(), bulletins=(a_bulletin(),))
    room = says(stage, **RUMOUR)
    assert room.headquarters is not None
    assert room.headquarters.members == (*a_headquarters().members, "tanaka", "kato")
    assert stage.people_told("task") == ["tanaka"]
    assert stage.people_told("headquarters") == ["kato"]
    assert stage.people_told("status") == []
    assert set(room.bulletins[0].laggards) >= {"tanaka", "kato"}
    (seated,) = (e.event for e in stage.incidents.timeline(ID) if e.event.kind == "member_added")
    assert seated.details == {"person": "tanaka,kato"}


def test_s4_1_a_full_headquarters_keeps_nobody_from_saying_what_it_is(stage: Stage) -> None:
    full = a_headquarters(members=("sato", *(f"member-{n}" for n in range(MOST_MEMBERS - 1))))
    responding(stage, headquarters=full)
    room = says(stage, **RUMOUR)
    assert room.incident.fault is Fault.NOT_OURS
    assert room.headquarters == full
    assert stage.people_told("status") == ["kato"]


def test_all_work_that_was_done_is_kept(stage: Stage) -> None:
    done = a_task(done_by="ito", done_at=stage.clock.now(), result="特定しました")
    responding(stage, tasks=(done,))
    assert says(stage, **RUMOUR).task("1-lot") == done


def test_what_people_added_by_hand_stays_open(stage: Stage) -> None:
    own = a_task(id="task-1", added_by="sato")
    responding(stage, tasks=(own,))
    assert says(stage, **RUMOUR).task("task-1").is_open


def test_a_task_that_is_needed_again_is_taken_up_with_a_new_time(stage: Stage) -> None:
    responding(stage)
    says(stage, **RUMOUR)
    stage.clock.advance(hours=2)
    room = says(stage)
    assert room.task("1-lot").is_open
    assert room.task("1-lot").due_at == stage.clock.now() + timedelta(minutes=60)
    assert not room.task("1-removal").is_open
    kinds = stage.incidents.kinds(ID)
    assert kinds.count("task_dropped") == 2
    assert kinds.count("task_resumed") == 1


def test_before_tasks_are_handed_out_only_the_newly_engaged_are_asked_to_join(stage: Stage) -> None:
    stage.room(S.FACT_FINDING, facts=(a_judged_fact(verdict=Verdict.REFUTED),))
    room = says(stage, **RUMOUR)
    assert room.tasks == ()
    assert stage.people_told("status") == ["kato", "tanaka"]
    asked = {each.person_id: each.params for each in stage.incidents.messages() if each.moment == "status"}
    assert asked["kato"]["asker_key"] == "asker.person"
    assert asked["kato"]["by"] == stage.configuration.roster.people[room.incident.lead or ""].name


def test_a_lead_of_an_engaged_department_is_not_asked_by_themselves(stage: Stage) -> None:
    checking = an_incident(status=S.FACT_FINDING, lead="kato")
    stage.incidents.put(a_room(incident=checking, facts=(a_judged_fact(verdict=Verdict.REFUTED),)))
    says(stage, **RUMOUR)
    asked = {each.person_id: each.params for each in stage.incidents.messages() if each.moment == "status"}
    assert asked["tanaka"]["asker_key"] == "asker.person"
    assert "asker_key" not in asked["kato"]


def test_letting_the_last_open_task_go_may_complete_the_response(stage: Stage) -> None:
    responding(stage, tasks=(a_task(),), statement=an_approved_statement(published_at=stage.clock.now()))
    stage.configuration = a_configuration(
        playbooks=Playbooks(
            default=a_playbook(tasks=a_playbook().tasks[:1]),
            refinements=(Refinement(fault=Fault.NOT_OURS, stand_down=frozenset({Role.QUALITY})),),
        )
    )
    says(stage, **RUMOUR)
    assert "response_completed" in stage.incidents.kinds(ID)


def test_s4_1_a_text_written_under_another_fault_cannot_go_out(stage: Stage) -> None:
    responding(stage, statement=an_approved_statement())
    says(stage, **RUMOUR)
    with pytest.raises(NotReadyError) as refused:
        statement_desk.publish_statement(ID, by=stage.by("suzuki"), version=1)
    assert "flagged_statement" in refused.value.missing
    assert stage.people_told("status") == ["kato", "suzuki", "tanaka"]


def test_what_is_out_already_is_left_as_it_was_read(stage: Stage) -> None:
    out = an_approved_statement(published_by="suzuki", published_at=stage.clock.now())
    responding(stage, statement=out)
    assert says(stage, **RUMOUR).statement == out


# ---- authority -------------------------------------------------------------------------------------


@pytest.mark.parametrize("category", [each for each in Category if each not in ("none", "support")])
def test_s0_11_an_approval_by_somebody_whom_the_category_does_not_name_is_refused(
    shipped: Configuration, category: Category
) -> None:
    stage = Stage(configuration=a_configuration(playbooks=shipped.playbooks))
    room = stage.room(S.RESPONDING, statement=a_statement())
    incident = replace(room.incident, category=category, crisis_type=CrisisType.NONE)
    stage.incidents.put(replace(room, incident=incident))
    allowed = shipped.playbooks.of(incident).approvers
    for person, role in (("sato", Role.LEAD), ("takahashi", Role.EXECUTIVE), ("ito", Role.QUALITY)):
        if role in allowed:
            continue
        with pytest.raises(NotAllowedError):
            statement_desk.approve_statement(ID, by=stage.by(person), version=1)
    statement_desk.approve_statement(ID, by=stage.by("tanaka"), version=1)


def test_s0_11_the_lead_may_not_approve_what_is_left_to_legal_and_executives(shipped: Configuration) -> None:
    stage = Stage(configuration=a_configuration(playbooks=shipped.playbooks))
    room = stage.room(S.RESPONDING, statement=a_statement(approvals=(an_approval("tanaka"),)))
    stage.incidents.put(replace(room, incident=replace(room.incident, category=Category.LEAK)))
    with pytest.raises(NotAllowedError):
        statement_desk.approve_statement(ID, by=stage.by("sato"), version=1)
    done = statement_desk.approve_statement(ID, by=stage.by("takahashi"), version=1)
    assert done.statement is not None
    assert done.statement.is_settled


def test_s0_11_who_may_not_decide_may_not_end_the_check_of_facts(shipped: Configuration) -> None:
    stage = Stage(configuration=a_configuration(playbooks=shipped.playbooks))
    room = stage.room(S.FACT_FINDING, facts=(a_judged_fact(),), sightings=(a_sighting(),))
    stage.incidents.put(replace(room, incident=replace(room.incident, category=Category.HARASSMENT)))
    with pytest.raises(NotAllowedError):
        respond.establish_facts(ID, by=stage.by("suzuki"))
    with pytest.raises(NotAllowedError):
        says(stage, "suzuki")
    assert says(stage, "takahashi").incident.kind_set_by == "takahashi"


def test_the_report_tells_what_was_begun_and_no_longer_needed(stage: Stage) -> None:
    responding(stage)
    room = says(stage, **RUMOUR)
    stage.incidents.put(replace(room, incident=replace(room.incident, status=S.REPORTING)))
    report = draft_report(ID, stage.drafting).report
    assert report is not None
    assert "- 製造ロットと出荷日の特定：不要になりました" in report.body.splitlines()


# ---- before the facts --------------------------------------------------------------------------------


@pytest.mark.parametrize("crisis_type", CrisisType)
def test_what_the_scoring_sees_is_told_as_assumed_and_blames_nobody(crisis_type: CrisisType) -> None:
    told = kind_in_words(an_incident(crisis_type=crisis_type), WORDS)
    assert told.startswith("（仮）")
    assert "過失" not in told
    assert told.endswith("原因は調査中")


def test_our_fault_is_said_once_it_is_decided_on_a_fact(stage: Stage) -> None:
    responding(stage)
    says(stage, fault=Fault.UNKNOWN, crisis_type=CrisisType.FLAMING, facts=())
    blamed = says(stage, fault=Fault.UNKNOWN, facts=()).incident
    assert kind_in_words(blamed, WORDS) == "（仮）自社の製品・業務に関する指摘／原因は調査中"
    assert kind_in_words(says(stage).incident, WORDS) == "自社の過失／当社に原因がある"
    told = [
        sentence(entry.event, words=WORDS, roster=stage.configuration.roster)
        for entry in stage.incidents.timeline(ID)
        if entry.event.kind == "kind_set"
    ]
    assert ["自社の過失" in each for each in told] == [False, False, True]


def test_a_drafted_report_follows_the_decision_and_has_to_be_signed_anew(stage: Stage) -> None:
    room = responding(stage)
    stage.incidents.put(replace(room, incident=replace(room.incident, status=S.REPORTING)))
    drafted = draft_report(ID, stage.drafting).report
    decided = says(stage).report
    assert drafted is not None
    assert decided is not None
    assert "- 型（仮）：自社の製品・業務に関する指摘（原因は調査中）" in drafted.body.splitlines()
    assert "- 型：自社の過失（当社に原因がある）" in decided.body.splitlines()
    assert "仮" not in decided.body
    assert decided.version == drafted.version + 1


@pytest.mark.parametrize(
    ("cause", "fault", "supposed"),
    [
        (RootCause.QUALITY_GAP, Fault.UNKNOWN, True),
        (RootCause.QUALITY_GAP, Fault.NOT_OURS, True),
        (RootCause.QUALITY_GAP, Fault.OURS, False),
        (RootCause.OUTSIDE, Fault.UNKNOWN, True),
        (RootCause.OUTSIDE, Fault.NOT_OURS, False),
        (RootCause.MONITORING_GAP, Fault.UNKNOWN, False),
    ],
)
def test_a_cause_that_no_decision_bears_out_is_supposed(
    cause: RootCause, fault: Fault, *, supposed: bool
) -> None:
    report = a_written_report(causes=(cause,))
    room = a_room(incident=an_incident(fault=fault), report=report)
    assert supposed_causes(room) == ((cause,) if supposed else ())
