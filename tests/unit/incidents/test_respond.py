from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.actions import POSSIBLE_WHILE, Action, Role
from hikeshi.domain.assessment import CrisisType, Fault
from hikeshi.domain.care import CareStep, HarmKind
from hikeshi.domain.decisions import ask, decide
from hikeshi.domain.errors import (
    AlreadyDecidedError,
    ConcurrentChangeError,
    IllegalTransitionError,
    NotAllowedError,
    NotFoundError,
    NotReadyError,
)
from hikeshi.domain.evidence import Attached
from hikeshi.domain.facts import Credibility, Verdict
from hikeshi.domain.headquarters import InboundVerdict, SourceKind
from hikeshi.domain.incidents import Room, RoomChange, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.masking import Names
from hikeshi.domain.outbox import WorkflowCommand
from hikeshi.domain.reports import Answer, ChangeKind, RootCause, Signature
from hikeshi.domain.support import Way
from hikeshi.domain.takedowns import Ground, Look, TakedownEvent, TakedownState
from hikeshi.services import (
    care_desk,
    evidence_desk,
    fact_register,
    handover,
    headquarters_desk,
    kind_desk,
    own_post_desk,
    report_desk,
    respond,
    statement_desk,
    support_desk,
    takedown_desk,
    task_desk,
)
from hikeshi.services.consulting import Scope, ask_expert, withdraw_request
from hikeshi.services.need_to_know import admit, exclude, lift_restriction, restrict
from hikeshi.services.respond import Responder
from hikeshi.services.takedown_desk import Asked
from tests.builders import (
    NOON,
    a_bulletin,
    a_compensation,
    a_configuration,
    a_consultation,
    a_correction,
    a_decision,
    a_draft,
    a_fact,
    a_headquarters,
    a_judged_fact,
    a_sighting,
    a_statement,
    a_takedown,
    a_task,
    a_verified_report,
    a_written_report,
    an_approval,
    an_escalation_policy,
    an_evidence_file,
    an_inbound_report,
    an_incident,
    an_inquiry,
    an_outcome,
    an_own_post,
    answered_proposals,
)
from tests.fakes.stage import Stage
from tests.photos import larva

S = IncidentStatus
ID = an_incident().id
TRACK = "care-01"

SIGNED = Signature(by="suzuki", at=NOON, roles=frozenset({Role.LEAD}))
ACTS: dict[Action, Callable[[Responder], Room]] = {
    Action.OPEN_CARE: lambda by: care_desk.open_care(ID, by=by),
    Action.RECORD_NAMES: lambda by: care_desk.record_names(
        ID, by=by, track=TRACK, names=Names(family="青木")
    ),
    Action.ASSIGN_CARE: lambda by: care_desk.assign(
        ID, by=by, track=TRACK, step=CareStep.LEGAL, owner="tanaka"
    ),
    Action.COMPLETE_CARE: lambda by: care_desk.complete(
        ID, by=by, track=TRACK, step=CareStep.LEGAL, note="渡しました"
    ),
    Action.NOTE_HARM: lambda by: care_desk.note_harm(
        ID, by=by, track=TRACK, kind=HarmKind.ABUSE, what="中傷", effect="不眠"
    ),
    Action.RECORD_CONSENT: lambda by: care_desk.record_consent(
        ID, by=by, track=TRACK, terms=("青木",), how="面談", days=30
    ),
    Action.REVOKE_CONSENT: lambda by: care_desk.revoke_consent(ID, by=by, track=TRACK),
    Action.REVEAL_NAMES: lambda by: care_desk.reveal_names(ID, by=by, track=TRACK, reason="連絡のため"),
    Action.ACKNOWLEDGE: lambda by: respond.acknowledge(ID, by=by),
    Action.DISMISS: lambda by: respond.dismiss(ID, by=by, reason="玩具の写真でした"),
    Action.ESCALATE: lambda by: respond.escalate(ID, by=by),
    Action.ADD_FACT: lambda by: fact_register.add_fact(ID, by=by, claim="購入した店舗", source="お客様"),
    Action.JUDGE_FACT: lambda by: fact_register.judge_fact(
        ID, by=by, fact_id="fact-1", verdict=Verdict.REFUTED, basis="製造番号が違いました"
    ),
    Action.ESTABLISH_FACTS: lambda by: respond.establish_facts(ID, by=by),
    Action.COMPLETE_TASK: lambda by: respond.complete_task(ID, by=by, task_id="1-lot", result="特定しました"),
    Action.ADD_TASK: lambda by: task_desk.add_task(
        ID, by=by, title="在庫の確認", department=Role.QUALITY, owner="ito", due_at=NOON + timedelta(hours=9)
    ),
    Action.HAND_TASK: lambda by: task_desk.hand_task(ID, by=by, task_id="1-lot", owner="yamamoto"),
    Action.SET_KIND: lambda by: kind_desk.set_kind(
        ID,
        by=by,
        crisis_type=CrisisType.FLAMING,
        fault=Fault.UNKNOWN,
        facts=(),
        reason="批判が集まっています",
    ),
    Action.DRAFT_STATEMENT: lambda by: statement_desk.draft_statement(
        ID,
        by=by,
        draft=a_draft(),
    ),
    Action.APPROVE_STATEMENT: lambda by: statement_desk.approve_statement(ID, by=by, version=1),
    Action.WAIVE_STATEMENT: lambda by: statement_desk.waive_statement(
        ID, by=by, reason="当社の商品ではありません"
    ),
    Action.DECLARE_CALM: lambda by: respond.declare_calm(ID, by=by, basis="1時間に1件未満です"),
    Action.TAKE_INQUIRY: lambda by: support_desk.take_inquiry(
        ID, by=by, number="CS-7", way=Way.MAIL, gist="返品したいとのことです"
    ),
    Action.REPLY: lambda by: support_desk.reply(ID, by=by, inquiry_id="inquiry-1", text="お詫びしました"),
    Action.ANSWER_IN_PUBLIC: lambda by: support_desk.answer_in_public(
        ID, by=by, inquiry_id="inquiry-1", text="公表文の第1案"
    ),
    Action.PROMISE_COMPENSATION: lambda by: support_desk.promise(
        ID, by=by, number="CS-7", what="返金", amount_yen=500, due_at=by.clock.now() + timedelta(days=3)
    ),
    Action.PAY_COMPENSATION: lambda by: support_desk.pay(ID, by=by, compensation_id="compensation-1"),
    Action.BEGIN_SURGE: lambda by: support_desk.begin_surge(ID, by=by),
    Action.END_SURGE: lambda by: support_desk.end_surge(ID, by=by),
    Action.NOTE_CHECK: lambda by: support_desk.note_check(ID, by=by, calm=True, note=""),
    Action.CALM_EARLY: lambda by: respond.declare_calm_early(ID, by=by, reason="訂正が行き渡りました"),
    Action.EDIT_REPORT: lambda by: report_desk.edit_report(ID, by=by, evaluation="連絡は早かった"),
    Action.SIGN_REPORT: lambda by: report_desk.sign_report(ID, by=by, version=1),
    Action.OPEN_HEADQUARTERS: lambda by: headquarters_desk.open_headquarters(ID, by=by, reason="取材"),
    Action.ATTEND: lambda by: headquarters_desk.attend(ID, by=by),
    Action.SET_CHIEF: lambda by: headquarters_desk.hand_over(ID, by=by, person="takahashi"),
    Action.SET_MEMBER: lambda by: headquarters_desk.set_member(ID, by=by, person="kato", leaves=False),
    Action.SET_MEETING: lambda by: headquarters_desk.set_meeting(
        ID, by=by, place="https://meet.example.jp/1", code=""
    ),
    Action.FILE_INBOUND: lambda by: headquarters_desk.file_report(
        ID, by=by, source="店舗", words="返品の問い合わせが3件あったそうです"
    ),
    Action.JUDGE_INBOUND: lambda by: headquarters_desk.judge_report(
        ID, by=by, report_id="inbound-1", verdict=InboundVerdict.VERIFIED, grounds="受付記録"
    ),
    Action.ADOPT_INBOUND: lambda by: headquarters_desk.adopt_report(ID, by=by, report_id="inbound-2"),
    Action.ISSUE_BULLETIN: lambda by: headquarters_desk.issue_bulletin(
        ID, by=by, picture="", guidance="窓口を一本化してください", facts=(), reports=()
    ),
    Action.WITHDRAW_BULLETIN: lambda by: headquarters_desk.withdraw_bulletin(
        ID, by=by, number=1, reason="誤りがありました"
    ),
    Action.READ_BULLETIN: lambda by: headquarters_desk.read_bulletin(ID, by=by, number=1),
    Action.ADD_SIGHTING: lambda by: headquarters_desk.add_sighting(
        ID, by=by, kind=SourceKind.NEWS, finding="報道はありません", url=""
    ),
    Action.WAIVE_SECOND_VIEW: lambda by: headquarters_desk.waive_second_view(
        ID, by=by, reason="社内の記録だけで分かります"
    ),
    Action.NOTE_OUTCOME: lambda by: report_desk.note_outcome(ID, by=by, outcome=an_outcome()),
    Action.NOTE_LESSONS: lambda by: report_desk.note_lessons(
        ID, by=by, causes=(RootCause.RULE_GAP,), lessons="窓口を増やします"
    ),
    Action.GIVE_FEEDBACK: lambda by: report_desk.give_feedback(
        ID, by=by, speed=4, precision=3, correctness=5
    ),
    Action.ADD_CORRECTION: lambda by: report_desk.add_correction(
        ID,
        by=by,
        title="手順を作る",
        owner="ito",
        due_at=NOON + timedelta(days=30),
        check="訓練で確かめる",
        check_at=NOON + timedelta(days=60),
        change_kind=ChangeKind.MANUAL,
    ),
    Action.COMPLETE_CORRECTION: lambda by: report_desk.complete_correction(
        ID, by=by, action_id="corr-1", result="作りました"
    ),
    Action.CHECK_CORRECTION: lambda by: report_desk.check_correction(
        ID, by=by, action_id="corr-2", effective=True, effect="守られています"
    ),
    Action.ANSWER_PROPOSAL: lambda by: report_desk.answer_proposal(
        ID, by=by, proposal_id="128-1-manual", answer=Answer.ACCEPT, text="電話を加える", reason=""
    ),
    Action.UNDO: lambda by: handover.undo(ID, by=by, of="2026-05-13T03:58:00+00:00"),
    Action.CONFIRM: lambda by: handover.confirm(ID, by=by),
    Action.ASK_EXPERT: lambda by: ask_expert(
        ID, by=by, scope=Scope(expert="kobayashi", question="表示に問題はありますか", facts=(1,))
    ),
    Action.WITHDRAW_REQUEST: lambda by: withdraw_request(ID, by=by, consultation_id="consultation-1"),
    Action.RESTRICT: lambda by: restrict(ID, by=by, reason="個人の話です"),
    Action.LIFT_RESTRICTION: lambda by: lift_restriction(ID, by=by, reason="公になりました"),
    Action.ADMIT: lambda by: admit(ID, by=by, person_id="suzuki", reason="公表文を書きます"),
    Action.EXCLUDE: lambda by: exclude(ID, by=by, person_id="suzuki", reason="文案ができました"),
    Action.ADD_SOURCE: lambda by: fact_register.add_source(
        ID, by=by, fact_id="fact-1", name="製造記録", credibility=Credibility.A, origin="", url=""
    ),
    Action.KEEP_PROOF: lambda by: fact_register.keep_proof(
        ID, by=by, fact_id="fact-1", title="製造記録", content="ロット 0513"
    ),
    Action.ATTACH_TO_FACT: lambda by: attached(by, Action.ATTACH_TO_FACT, "fact-1"),
    Action.ATTACH_TO_TAKEDOWN: lambda by: attached(by, Action.ATTACH_TO_TAKEDOWN, "takedown-1"),
    Action.ATTACH_TO_REPORT: lambda by: attached(by, Action.ATTACH_TO_REPORT, "inbound-1"),
    Action.FETCH_ORIGINAL: lambda by: evidence_desk.ask_for_original(
        ID, by=by, file_id="file-1", reason="撮影の日時を確かめます"
    ),
    Action.MARK_KEY: lambda by: fact_register.mark_key(ID, by=by, fact_id="fact-1", key=True),
    Action.PUBLISH_STATEMENT: lambda by: statement_desk.publish_statement(ID, by=by, version=1),
    Action.SET_EXPIRY: lambda by: handover.set_expiry(ID, by=by, after=timedelta(hours=1)),
    Action.REQUEST_TAKEDOWN: lambda by: takedown_desk.request_takedown(
        ID,
        by=by,
        asked=Asked(
            url="https://matome.example.jp/archives/514",
            ground=Ground.THREAT,
            passage="店に火をつけてやる",
            reason="放火の予告です",
        ),
    ),
    Action.ADOPT_TAKEDOWN: lambda by: takedown_desk.adopt_takedown(
        ID, by=by, takedown_id="takedown-2", reason="同じ文面です", doubt_reason=""
    ),
    Action.APPROVE_TAKEDOWN: lambda by: takedown_desk.approve_takedown(ID, by=by, takedown_id="takedown-1"),
    Action.RECORD_TAKEDOWN: lambda by: takedown_desk.record_step(
        ID, by=by, takedown_id="takedown-1", step=TakedownEvent.WITHDRAWN, note="本人が消しました"
    ),
    Action.CHECK_TAKEDOWN: lambda by: takedown_desk.note_look(
        ID, by=by, takedown_id="takedown-1", look=Look.THERE
    ),
    Action.ARCHIVE_OWN_POST: lambda by: own_post_desk.archive_own_post(
        ID, by=by, url="https://x.com/tsukimi_example/status/2", text="ご自由に", wrong="皮肉です"
    ),
    Action.REMOVE_OWN_POST: lambda by: own_post_desk.remove_own_post(
        ID, by=by, post_id="own-1", reason="配慮を欠きました", notice="お詫びして取り下げます。"
    ),
    Action.ANNOUNCE_OWN_POST: lambda by: own_post_desk.announce_own_post(
        ID, by=by, post_id="own-2", where="自社サイト"
    ),
}
ABLE = {
    Action.APPROVE_TAKEDOWN: "tanaka",
    Action.APPROVE_STATEMENT: "tanaka",
    Action.SIGN_REPORT: "tanaka",
    Action.WAIVE_STATEMENT: "takahashi",
    Action.DECLARE_CALM: "takahashi",
    Action.READ_BULLETIN: "ito",
    Action.CALM_EARLY: "takahashi",
}
LEAVES = {
    Action.OPEN_CARE: "care_opened",
    Action.ACKNOWLEDGE: "acknowledged",
    Action.DISMISS: "dismissed",
    Action.ESCALATE: "escalated",
    Action.RESTRICT: "restricted",
    Action.ASK_EXPERT: "expert_asked",
    Action.WITHDRAW_REQUEST: "expert_withdrawn",
    Action.ADD_FACT: "fact_added",
    Action.JUDGE_FACT: "fact_judged",
    Action.ESTABLISH_FACTS: "facts_established",
    Action.COMPLETE_TASK: "task_done",
    Action.ADD_TASK: "task_added",
    Action.HAND_TASK: "task_handed_over",
    Action.SET_KIND: "kind_set",
    Action.DRAFT_STATEMENT: "statement_drafted",
    Action.APPROVE_STATEMENT: "statement_approved",
    Action.WAIVE_STATEMENT: "statement_waived",
    Action.DECLARE_CALM: "calm_declared",
    Action.CALM_EARLY: "calm_declared_early",
    Action.TAKE_INQUIRY: "inquiry_taken",
    Action.REPLY: "inquiry_replied",
    Action.ANSWER_IN_PUBLIC: "inquiry_answered",
    Action.PROMISE_COMPENSATION: "compensation_promised",
    Action.PAY_COMPENSATION: "compensation_paid",
    Action.BEGIN_SURGE: "surge_begun",
    Action.NOTE_CHECK: "care_checked",
    Action.EDIT_REPORT: "report_edited",
    Action.SIGN_REPORT: "report_signed",
    Action.NOTE_OUTCOME: "outcome_noted",
    Action.NOTE_LESSONS: "lessons_noted",
    Action.GIVE_FEEDBACK: "feedback_given",
    Action.ADD_CORRECTION: "correction_added",
    Action.COMPLETE_CORRECTION: "correction_done",
    Action.CHECK_CORRECTION: "correction_effective",
    Action.ANSWER_PROPOSAL: "change_accepted",
    Action.ADD_SOURCE: "source_added",
    Action.KEEP_PROOF: "proof_kept",
    Action.ATTACH_TO_FACT: "file_kept",
    Action.ATTACH_TO_TAKEDOWN: "takedown_file_kept",
    Action.ATTACH_TO_REPORT: "inbound_file_kept",
    Action.FETCH_ORIGINAL: "original_handed_out",
    Action.MARK_KEY: "fact_made_key",
    Action.ATTEND: "headquarters_attended",
    Action.SET_CHIEF: "chief_changed",
    Action.SET_MEMBER: "member_added",
    Action.SET_MEETING: "meeting_set",
    Action.FILE_INBOUND: "inbound_filed",
    Action.JUDGE_INBOUND: "inbound_verified",
    Action.ADOPT_INBOUND: "inbound_adopted",
    Action.ISSUE_BULLETIN: "bulletin_superseded",
    Action.WITHDRAW_BULLETIN: "bulletin_withdrawn",
    Action.READ_BULLETIN: "bulletin_read",
    Action.ADD_SIGHTING: "sighting_added",
    Action.WAIVE_SECOND_VIEW: "second_view_waived",
    Action.REQUEST_TAKEDOWN: "takedown_requested",
    Action.ADOPT_TAKEDOWN: "takedown_adopted",
    Action.APPROVE_TAKEDOWN: "takedown_approved",
    Action.RECORD_TAKEDOWN: "takedown_withdrawn",
    Action.CHECK_TAKEDOWN: "takedown_looked",
    Action.ARCHIVE_OWN_POST: "own_post_archived",
    Action.REMOVE_OWN_POST: "own_post_removed",
    Action.ANNOUNCE_OWN_POST: "own_post_announced",
}


def attached(by: Responder, action: Action, about: str) -> Room:
    photo = Attached(label="IMG_0513.jpg", content=larva())
    return evidence_desk.attach(ID, action, by=by, about=about, title="写真", attached=photo)


def set_scene(stage: Stage, status: IncidentStatus, **changes: Any) -> Room:
    """Put a room on the stage in which every action has what it is about."""
    furnished: dict[str, Any] = {
        "facts": (a_judged_fact(),),
        "consultations": (a_consultation(),),
        "tasks": (a_task(), a_task(id="1-other")),
        "inquiries": (an_inquiry(),),
        "compensations": (a_compensation(),),
        "statement": a_statement(),
        "takedowns": (
            a_takedown(),
            a_takedown(id="takedown-2", number=2, url="https://b.example.jp/1", state=TakedownState.PROPOSED),
        ),
        "own_posts": (
            an_own_post(),
            an_own_post(
                id="own-2", number=2, url="https://b.example.jp/2", removed_by="sato", removed_at=NOON
            ),
        ),
        "report": a_written_report(),
        "proposals": answered_proposals(),
        "headquarters": a_headquarters(),
        "inbound": (an_inbound_report(), a_verified_report(id="inbound-2")),
        "bulletins": (a_bulletin(),),
        "sightings": (a_sighting(),),
        "files": (an_evidence_file(),),
        "corrections": (a_correction(), a_correction(id="corr-2", done_by="ito", done_at=NOON)),
    }
    return stage.room(status, **furnished | changes)


# ---- every action ----------------------------------------------------------------------------------


@pytest.mark.parametrize("action", LEAVES)
def test_every_action_leaves_its_line_in_the_timeline(stage: Stage, action: Action) -> None:
    status = min(POSSIBLE_WHILE[action], key=list(S).index)
    set_scene(stage, status)
    person = ABLE.get(action, "sato")
    ACTS[action](stage.by(person))
    event = stage.incidents.timeline(ID)[0].event
    assert (event.kind, event.actor, event.at) == (LEAVES[action], person, stage.clock.now())


@pytest.mark.parametrize("action", Action)
def test_nobody_does_what_their_roles_do_not_include(stage: Stage, action: Action) -> None:
    room = set_scene(stage, min(POSSIBLE_WHILE[action], key=list(S).index))
    with pytest.raises(NotAllowedError):
        ACTS[action](stage.by("kobayashi"))
    assert stage.incidents.room(ID) == room


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", S)
def test_no_action_is_possible_where_the_incident_does_not_stand(
    stage: Stage, action: Action, status: IncidentStatus
) -> None:
    if status in POSSIBLE_WHILE[action]:
        return
    room = set_scene(stage, status)
    with pytest.raises(IllegalTransitionError):
        ACTS[action](stage.by(ABLE.get(action, "sato")))
    assert stage.incidents.room(ID) == room


@pytest.mark.parametrize(
    ("action", "status", "slot", "choice"),
    [
        (Action.ACKNOWLEDGE, S.DETECTED, Slot.TRIAGE, "acknowledged"),
        (Action.DISMISS, S.REOPENED, Slot.TRIAGE, "dismissed"),
        (Action.DISMISS, S.FACT_FINDING, Slot.FACT_CHECK, "dismissed"),
        (Action.ESTABLISH_FACTS, S.FACT_FINDING, Slot.FACT_CHECK, "done"),
        (Action.DECLARE_CALM, S.CALMING, Slot.CALMING, "done"),
        (Action.CALM_EARLY, S.CALMING, Slot.CALMING, "done"),
        (Action.SIGN_REPORT, S.REPORTING, Slot.REPORT, "done"),
    ],
)
def test_a_decision_answers_the_waiting_execution_and_the_second_hears_who_was_first(
    stage: Stage, action: Action, status: IncidentStatus, slot: Slot, choice: str
) -> None:
    half_signed = a_written_report(signatures=(SIGNED,))
    room = set_scene(stage, status, report=half_signed)
    stage.incidents.put(ask(room, slot, task_token="token", at=stage.clock.now()))
    person = ABLE.get(action, "sato")
    ACTS[action](stage.by(person))
    (order,) = stage.incidents.orders()
    assert (order.command, order.task_token) == (WorkflowCommand.RESUME, "token")
    assert order.payload == f'{{"choice": "{choice}", "by": "{person}"}}'
    with pytest.raises(AlreadyDecidedError) as refused:
        ACTS[action](stage.by("takahashi"))
    assert (refused.value.by, refused.value.decision) == (person, choice)
    assert len(stage.incidents.orders()) == 1


def test_a_decision_before_the_question_waits_for_it(stage: Stage) -> None:
    stage.room()
    respond.acknowledge(ID, by=stage.by("nakano"))
    assert stage.incidents.orders() == []
    assert stage.incidents.room(ID).incident.lead == "nakano"


def test_nobody_waits_for_the_workflow_to_catch_up(stage: Stage) -> None:
    stage.room()
    respond.acknowledge(ID, by=stage.by("sato"))
    fact_register.add_fact(ID, by=stage.by("ito"), claim="購入した店舗", source="お客様")
    fact_id = stage.incidents.room(ID).facts[0].id
    fact_register.judge_fact(ID, by=stage.by("ito"), fact_id=fact_id, verdict=Verdict.CONFIRMED, basis="写真")
    ACTS[Action.ADD_SIGHTING](stage.by("ito"))
    respond.establish_facts(ID, by=stage.by("sato"))
    statement_desk.draft_statement(
        ID,
        by=stage.by("suzuki"),
        draft=a_draft(),
    )
    statement_desk.approve_statement(ID, by=stage.by("tanaka"), version=1)
    room = statement_desk.approve_statement(ID, by=stage.by("sato"), version=1)
    assert room.incident.status is S.DETECTED
    assert room.slot(Slot.RESPONSE).decision is None


def test_whoever_always_comes_second_gives_up_after_five_tries(stage: Stage) -> None:
    stage.room()
    tries = 0

    class AlwaysLate:
        def __getattr__(self, name: str) -> object:
            return getattr(stage.incidents, name)

        def commit(self, change: RoomChange) -> Room:
            nonlocal tries
            tries += 1
            raise ConcurrentChangeError(ID)

    late = replace(stage.by("sato"), incidents=AlwaysLate())  # type: ignore[arg-type]  # stands in front of one
    with pytest.raises(ConcurrentChangeError):
        respond.acknowledge(ID, by=late)
    assert tries == 5


# ---- facts, tasks, statement, report -----------------------------------------------------------------


def test_facts_suffice_only_with_a_verdict(stage: Stage) -> None:
    set_scene(stage, S.FACT_FINDING, facts=(a_fact(),))
    with pytest.raises(NotReadyError) as refused:
        respond.establish_facts(ID, by=stage.by("sato"))
    assert refused.value.missing == ("verdict",)


def test_unknown_facts_and_tasks_are_not_found(stage: Stage) -> None:
    set_scene(stage, S.RESPONDING, facts=(), tasks=())
    with pytest.raises(NotFoundError):
        ACTS[Action.JUDGE_FACT](stage.by("ito"))
    with pytest.raises(NotFoundError):
        ACTS[Action.COMPLETE_TASK](stage.by("ito"))


def test_a_task_is_done_once(stage: Stage) -> None:
    set_scene(stage, S.RESPONDING)
    ACTS[Action.COMPLETE_TASK](stage.by("ito"))
    with pytest.raises(AlreadyDecidedError) as refused:
        ACTS[Action.COMPLETE_TASK](stage.by("yamamoto"))
    assert refused.value.by == "ito"


@pytest.mark.parametrize("last", [Action.COMPLETE_TASK, Action.APPROVE_STATEMENT, Action.WAIVE_STATEMENT])
def test_whatever_comes_last_completes_the_response(stage: Stage, last: Action) -> None:
    one_in = a_statement(approvals=(an_approval("sato"),))
    room = set_scene(stage, S.RESPONDING, tasks=(a_task(),), statement=one_in)
    stage.incidents.put(ask(room, Slot.RESPONSE, task_token="token", at=stage.clock.now()))
    before = Action.COMPLETE_TASK if last is not Action.COMPLETE_TASK else Action.APPROVE_STATEMENT
    ACTS[before](stage.by(ABLE.get(before, "ito")))
    assert stage.incidents.orders() == []
    ACTS[last](stage.by(ABLE.get(last, "ito")))
    (order,) = stage.incidents.orders()
    assert order.task_token == "token"
    assert stage.incidents.kinds(ID)[-1] == "response_completed"


def test_a_draft_asks_the_lead_and_legal_to_approve(stage: Stage) -> None:
    set_scene(stage, S.RESPONDING, statement=None)
    ACTS[Action.DRAFT_STATEMENT](stage.by("suzuki"))
    assert stage.people_told("status") == ["sato", "tanaka"]
    assert {m.params["ask_key"] for m in stage.incidents.messages()} == {"ask.statement_drafted"}
    ACTS[Action.APPROVE_STATEMENT](stage.by("tanaka"))
    assert ("suzuki", "mail") not in stage.told("status")
    ACTS[Action.APPROVE_STATEMENT](stage.by("takahashi"))
    assert stage.told("status") >= {("suzuki", "mail"), ("sato", "mail")}


def test_the_writer_does_not_approve_and_an_older_text_is_not_approved(stage: Stage) -> None:
    set_scene(stage, S.RESPONDING, statement=a_statement(drafted_by="tanaka", version=2))
    with pytest.raises(NotReadyError) as own:
        statement_desk.approve_statement(ID, by=stage.by("tanaka"), version=2)
    assert own.value.missing == ("second_person",)
    with pytest.raises(NotReadyError) as older:
        statement_desk.approve_statement(ID, by=stage.by("takahashi"), version=1)
    assert older.value.missing == ("newer_version",)


# ---- escalating --------------------------------------------------------------------------------------


def test_each_press_pages_the_next_rung_at_once_and_then_the_last_resort(stage: Stage) -> None:
    stage.room()
    paged = []
    for _ in range(6):
        before = len(stage.incidents.messages())
        respond.escalate(ID, by=stage.by("nakano"))
        paged.append(sorted({m.person_id for m in stage.incidents.messages()[before:]}))
    assert paged == [
        ["ito", "suzuki", "watanabe"],
        ["sato"],
        ["takahashi"],
        ["sato"],
        ["takahashi"],
        ["takahashi", "tanaka"],
    ]
    assert stage.incidents.kinds(ID)[:2] == ["escalated", "paged"]
    respond.escalate(ID, by=stage.by("nakano"))
    assert stage.incidents.kinds(ID).count("escalated") == 7
    assert stage.incidents.room(ID).incident.paged[-1] == "1/warning/-1"


def test_a_rung_paged_by_hand_has_the_ids_that_the_ladder_would_give(stage: Stage) -> None:
    stage.room()
    respond.escalate(ID, by=stage.by("suzuki"))
    assert f"{ID}/1/warning/0/nakano/sms" in stage.incidents.outbox
    assert stage.incidents.room(ID).incident.paged == ("1/warning/0",)
    assert {m.cancel_when_decided for m in stage.incidents.messages()} == {"1/round-1"}


def test_once_somebody_has_it_the_next_rung_is_asked_to_join_instead_of_paged(stage: Stage) -> None:
    room = stage.room(S.FACT_FINDING)
    stage.incidents.put(decide(room, Slot.TRIAGE, a_decision()))
    respond.escalate(ID, by=stage.by("sato"))
    assert {m.moment for m in stage.incidents.messages()} == {"status"}
    assert {m.params["news_key"] for m in stage.incidents.messages()} == {"news.escalated"}
    assert {m.cancel_when_decided for m in stage.incidents.messages()} == {None}


def test_with_nobody_left_to_turn_to_the_page_says_so(stage: Stage) -> None:
    policy = an_escalation_policy(last_resort=(Role.EXECUTIVE,))
    stage.configuration = a_configuration(escalation=policy)
    room = stage.room()
    every = tuple(f"1/warning/{position}" for position in range(5))
    stage.incidents.put(replace(room, incident=replace(room.incident, paged=every)))
    with pytest.raises(NotReadyError) as refused:
        respond.escalate(ID, by=stage.by("takahashi"))
    assert refused.value.missing == ("next_person",)
    assert "missing.next_person" in stage.lifecycle.words
