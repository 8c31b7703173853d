"""Every action as somebody takes it, where it can be taken, by whom, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hikeshi.domain.actions import Action, Role
from hikeshi.domain.assessment import CrisisType, Fault, Reason
from hikeshi.domain.care import CareStep, HarmKind
from hikeshi.domain.evidence import Attached
from hikeshi.domain.facts import Credibility, Verdict
from hikeshi.domain.headquarters import InboundVerdict, SourceKind
from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.masking import Names
from hikeshi.domain.peril import Peril
from hikeshi.domain.reports import Answer, ChangeKind, RootCause, Signature
from hikeshi.domain.support import Way
from hikeshi.domain.takedowns import Ground, Look, TakedownEvent, TakedownState
from hikeshi.services.aftercare import support_desk
from hikeshi.services.alerts.dangers import name_of_text
from hikeshi.services.care import care_desk
from hikeshi.services.experts.consulting import Scope, ask_expert, withdraw_request
from hikeshi.services.facts import evidence_desk, fact_register
from hikeshi.services.headquarters import headquarters_desk
from hikeshi.services.incidents import handover, kind_desk, no_danger_desk, peril_desk, respond
from hikeshi.services.incidents.need_to_know import admit, exclude, lift_restriction, restrict
from hikeshi.services.incidents.respond import Responder
from hikeshi.services.playbooks import task_desk
from hikeshi.services.reports import report_desk
from hikeshi.services.statements import statement_desk
from hikeshi.services.takedowns import own_post_desk, takedown_desk
from hikeshi.services.takedowns.takedown_desk import Asked
from tests.builders import (
    NOON,
    a_bulletin,
    a_compensation,
    a_consultation,
    a_correction,
    a_draft,
    a_headquarters,
    a_judged_fact,
    a_last_word,
    a_sighting,
    a_statement,
    a_takedown,
    a_task,
    a_verified_report,
    a_written_report,
    an_alert,
    an_alerted_post,
    an_assessment,
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
    Action.RETURN_STATEMENT: lambda by: statement_desk.return_statement(
        ID, by=by, version=1, reason="お詫びの言葉が要ります"
    ),
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
    Action.NOTE_CALL: lambda by: peril_desk.note_call(ID, by=by, told="URLと日時を伝えました"),
    Action.SAY_NO_DANGER: lambda by: no_danger(by, reason="歌詞の引用です"),
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
    Action.RETURN_STATEMENT: "tanaka",
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
    Action.NOTE_CALL: "help_called",
    Action.SAY_NO_DANGER: "no_danger",
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
    Action.RETURN_STATEMENT: "statement_returned",
    Action.WAIVE_STATEMENT: "statement_ended",
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


def no_danger(by: Responder, *, reason: str) -> Room:
    """Find the quoted song behind the incident's alert to be no danger."""
    rule = Reason(rule="life.violence.place", label="規則", points=90)
    song = an_alerted_post(assessment=an_assessment(reasons=(rule,)))
    for alert_id in by.incidents.room(ID).incident.alerts:
        if by.alerts.alert(alert_id) is None:
            by.alerts.save(an_alert(id=alert_id, peril=Peril.VIOLENCE, version=0), song)
    texts = (name_of_text(song.post.text),)
    return no_danger_desk.say_no_danger(ID, by=by, texts=texts, reason=reason)


def attached(by: Responder, action: Action, about: str) -> Room:
    photo = Attached(label="IMG_0513.jpg", content=larva())
    return evidence_desk.attach(ID, action, by=by, about=about, title="写真", attached=[photo])


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
        "earlier_statements": (a_last_word(version=0),),
        "proposals": answered_proposals(),
        "headquarters": a_headquarters(),
        "inbound": (an_inbound_report(), a_verified_report(id="inbound-2")),
        "bulletins": (a_bulletin(),),
        "sightings": (a_sighting(),),
        "files": (an_evidence_file(),),
        "corrections": (a_correction(), a_correction(id="corr-2", done_by="ito", done_at=NOON)),
    }
    return stage.room(status, **furnished | changes)
