"""Every button of the pages pressed once, in the scene where it can be."""

from __future__ import annotations

from hikeshi.domain.actions import Action
from hikeshi.domain.peril import Peril
from hikeshi.domain.takedowns import TakedownState
from hikeshi.services.alerts.dangers import name_of_text
from tests.builders import NOON, a_correction, a_surge, an_approved_statement
from tests.unit.pages import scenes
from tests.unit.pages.protected import looked_after
from tests.unit.pages.stage import NUMBER

LEAVES = {
    Action.ACKNOWLEDGE: {"acknowledged", "taken_over"},
    Action.NOTE_CALL: {"help_called"},
    Action.UNDO: {"acknowledgement_undone", "dismissal_undone", "no_danger_undone"},
    Action.MARK_KEY: {"fact_made_key"},
    Action.SET_MEMBER: {"member_added", "member_released"},
    Action.JUDGE_INBOUND: {"inbound_verified"},
    Action.ISSUE_BULLETIN: {"bulletin_superseded"},
    Action.RECORD_TAKEDOWN: {"takedown_sent"},
    Action.CHECK_TAKEDOWN: {"takedown_looked"},
    Action.CHECK_CORRECTION: {"correction_effective"},
    Action.ANSWER_PROPOSAL: {"change_accepted"},
}
"""What an action leaves in the timeline if it is one of several."""

CARE_OF = {"track_id": "care-01"}

CARE = {**CARE_OF, "care_step": "legal"}

WHOLE_LIFE: list[tuple[scenes.Scene, str, Action, dict[str, str]]] = [
    (scenes.checking(), "ito", Action.OPEN_CARE, {}),
    (looked_after(scenes.checking()), "kato", Action.RECORD_NAMES, {**CARE_OF, "family_name": "早乙女"}),
    (looked_after(scenes.checking()), "kato", Action.ASSIGN_CARE, {**CARE, "care_owner": "tanaka"}),
    (looked_after(scenes.checking()), "tanaka", Action.COMPLETE_CARE, {**CARE, "care_note": "渡しました"}),
    (
        looked_after(scenes.checking()),
        "kato",
        Action.NOTE_HARM,
        {**CARE_OF, "harm_kind": "abuse", "harm_what": "中傷", "harm_effect": "不眠"},
    ),
    (
        looked_after(scenes.checking()),
        "kato",
        Action.RECORD_CONSENT,
        {**CARE_OF, "consent_terms": "青山", "consent_how": "面談", "consent_days": "30"},
    ),
    (looked_after(scenes.checking()), "sato", Action.REVOKE_CONSENT, CARE_OF),
    (scenes.found(), "sato", Action.ACKNOWLEDGE, {}),
    (scenes.found(), "sato", Action.DISMISS, {"reason": "他社の商品でした", "check_number": NUMBER}),
    (scenes.found(), "sato", Action.ESCALATE, {}),
    (
        scenes.endangering(scenes.found(), Peril.VIOLENCE),
        "sato",
        Action.NOTE_CALL,
        {"call_told": "佐藤が電話し、URLと投稿者名と日時を伝えました"},
    ),
    (
        scenes.endangering(scenes.found(), Peril.VIOLENCE),
        "sato",
        Action.SAY_NO_DANGER,
        {
            "no_danger_texts": name_of_text(scenes.found().alerts[0][1][0].post.text),
            "reason": "歌詞の引用でした",
            "check_number": NUMBER,
        },
    ),
    (
        scenes.checking(),
        "tanaka",
        Action.ASK_EXPERT,
        {
            "expert": "kobayashi",
            "question": "回収の届け出は要りますか",
            "shared_facts": "1、２",
            "shared_posts": "1",
            "days": "3",
            "check_number": NUMBER,
        },
    ),
    (scenes.asking(), "tanaka", Action.WITHDRAW_REQUEST, {"consultation_id": "consultation-1"}),
    (scenes.found(), "kato", Action.RESTRICT, {"reason": "従業員個人の話です"}),
    (
        scenes.among_few(scenes.found()),
        "tanaka",
        Action.LIFT_RESTRICTION,
        {"reason": "報道されました", "check_number": NUMBER},
    ),
    (
        scenes.among_few(scenes.found()),
        "tanaka",
        Action.ADMIT,
        {"member": "suzuki", "reason": "公表文を書きます", "check_number": NUMBER},
    ),
    (
        scenes.among_few(scenes.found(), "suzuki"),
        "tanaka",
        Action.EXCLUDE,
        {"member_out": "suzuki", "reason": "文案ができました"},
    ),
    (scenes.checking(), "sato", Action.ADD_FACT, {"claim": "購入店はどこですか", "source": "投稿"}),
    (
        scenes.checking(),
        "ito",
        Action.JUDGE_FACT,
        {"fact_id": "fact-2", "verdict": "refuted", "basis": "受付記録を確かめました"},
    ),
    (scenes.checking(), "sato", Action.ESTABLISH_FACTS, {"check_number": NUMBER}),
    (scenes.responding(), "ito", Action.COMPLETE_TASK, {"task_id": "1-lot", "result": "特定しました"}),
    (
        scenes.responding(),
        "ito",
        Action.ADD_TASK,
        {"task_title": "在庫の確認", "department": "quality", "owner": "ito", "due_at": "2026-05-13T18:00"},
    ),
    (scenes.responding(), "ito", Action.HAND_TASK, {"task_id": "1-lot", "owner": "yamamoto"}),
    (
        scenes.responding(),
        "sato",
        Action.SET_KIND,
        {"crisis_type": "own_fault", "fault": "ours", "kind_facts": "1", "reason": "製造の記録と合いました"},
    ),
    (
        scenes.responding(statement=None),
        "suzuki",
        Action.DRAFT_STATEMENT,
        scenes.HOLDING,
    ),
    (scenes.responding(), "tanaka", Action.APPROVE_STATEMENT, {"version": "1", "check_number": NUMBER}),
    (
        scenes.responding(),
        "tanaka",
        Action.RETURN_STATEMENT,
        {"version": "1", "reason": "お詫びの言葉が要ります"},
    ),
    (scenes.responding(), "sato", Action.WAIVE_STATEMENT, {"reason": "お客様へ直接", "check_number": NUMBER}),
    (scenes.calming(), "sato", Action.DECLARE_CALM, {"basis": "平常以下です", "check_number": NUMBER}),
    (
        scenes.attended(),
        "watanabe",
        Action.TAKE_INQUIRY,
        {"case_number": "cs-1043", "inquiry_way": "mail", "inquiry_gist": "返品したいとのことです"},
    ),
    (
        scenes.attended(),
        "watanabe",
        Action.REPLY,
        {"inquiry_id": "inquiry-1", "private_reply": "お詫びし、返金をご案内しました"},
    ),
    (
        scenes.attended(),
        "suzuki",
        Action.ANSWER_IN_PUBLIC,
        {"inquiry_id": "inquiry-1", "public_answer": "公表文の第1案"},
    ),
    (
        scenes.attended(),
        "watanabe",
        Action.PROMISE_COMPENSATION,
        {
            "case_number": "CS-1043",
            "compensation_what": "商品代金の返金",
            "amount_yen": "3,240",
            "pay_by": "2026-05-20T17:00",
        },
    ),
    (scenes.attended(), "watanabe", Action.PAY_COMPENSATION, {"compensation_id": "compensation-1"}),
    (scenes.calming(), "watanabe", Action.BEGIN_SURGE, {}),
    (scenes.attended(surges=(a_surge(),)), "watanabe", Action.END_SURGE, {}),
    (scenes.attended(), "sato", Action.NOTE_CHECK, {"check_found": "calm", "check_note": ""}),
    (
        scenes.calming(),
        "takahashi",
        Action.CALM_EARLY,
        {"reason": "訂正が行き渡りました", "check_number": NUMBER},
    ),
    (
        scenes.reporting(),
        "suzuki",
        Action.EDIT_REPORT,
        {"evaluation": "良", "customers": ""},
    ),
    (scenes.to_sign(), "tanaka", Action.SIGN_REPORT, {"version": "4", "check_number": NUMBER}),
    (
        scenes.reporting(),
        "suzuki",
        Action.NOTE_OUTCOME,
        {"impact_brand": "なし", "loss_yen": "１２０，０００", "impact_people": "なし"},
    ),
    (
        scenes.reporting(),
        "suzuki",
        Action.NOTE_LESSONS,
        {"cause_rule_gap": "yes", "lessons": "夜間の連絡先", "no_corrections": ""},
    ),
    (
        scenes.reporting(),
        "ito",
        Action.GIVE_FEEDBACK,
        {"speed": "4", "precision": "3", "correctness": "5", "feedback_note": ""},
    ),
    (
        scenes.reporting(),
        "suzuki",
        Action.ADD_CORRECTION,
        {
            "correction": "休日の手順を作る",
            "owner": "ito",
            "due_at": "2026-06-30",
            "check": "訓練で確かめる",
            "check_at": "2026-09-30",
            "change": "manual",
        },
    ),
    (
        scenes.closed(),
        "ito",
        Action.COMPLETE_CORRECTION,
        {"correction_id": "corr-1", "result": "手順を配りました"},
    ),
    (
        scenes.closed(parts={"corrections": (a_correction(done_by="ito", done_at=NOON),)}),
        "ito",
        Action.CHECK_CORRECTION,
        {"correction_id": "corr-1", "effective": "yes", "effect": "40分で照会できました"},
    ),
    (
        scenes.reporting(),
        "suzuki",
        Action.ANSWER_PROPOSAL,
        {"change_id": "128-1-manual", "answer": "accept", "change_text": "電話を加える", "reason": ""},
    ),
    (scenes.lapsed(), "ito", Action.ACKNOWLEDGE, {}),
    (scenes.just_taken(), "sato", Action.UNDO, {"of": scenes.minute(43).isoformat()}),
    (scenes.dropped(), "sato", Action.UNDO, {"of": scenes.minute(43).isoformat()}),
    (scenes.just_taken(), "sato", Action.SET_EXPIRY, {"expires_after": "240"}),
    (scenes.checking(), "takahashi", Action.CONFIRM, {}),
    (
        scenes.checking(),
        "ito",
        Action.ADD_SOURCE,
        {"fact_id": "fact-2", "source_name": "製造記録", "credibility": "a", "origin": "", "source_url": ""},
    ),
    (
        scenes.checking(),
        "ito",
        Action.KEEP_PROOF,
        {"fact_id": "fact-2", "proof_title": "製造記録", "proof": "ロット 0513\n出荷 2025年11月"},
    ),
    (scenes.checking(), "ito", Action.ATTACH_TO_FACT, {"fact_id": "fact-2", "file_title": "お客様の写真"}),
    (
        scenes.taking_down(),
        "ito",
        Action.ATTACH_TO_TAKEDOWN,
        {"takedown_id": "takedown-1", "file_title": "掲載の画面"},
    ),
    (scenes.gathered(), "ito", Action.ATTACH_TO_REPORT, {"inbound_id": "inbound-1", "file_title": "現物"}),
    (scenes.checking(), "sato", Action.MARK_KEY, {"fact_id": "fact-2", "key": "yes"}),
    (
        scenes.responding(),
        "suzuki",
        Action.REQUEST_TAKEDOWN,
        {
            "url": "https://matome.example.jp/archives/514",
            "ground": "threat",
            "passage": "店に火をつけてやる",
            "infringes": "放火の予告です",
        },
    ),
    (
        scenes.taking_down(state=TakedownState.PROPOSED),
        "suzuki",
        Action.ADOPT_TAKEDOWN,
        {"takedown_id": "takedown-1", "infringes": "同じ文面です"},
    ),
    (
        scenes.taking_down(),
        "tanaka",
        Action.APPROVE_TAKEDOWN,
        {"takedown_id": "takedown-1", "check_number": NUMBER},
    ),
    (
        scenes.taking_down(state=TakedownState.APPROVED),
        "suzuki",
        Action.RECORD_TAKEDOWN,
        {"takedown_id": "takedown-1", "step": "sent", "site_answer": "受付 0513"},
    ),
    (scenes.taking_down(), "ito", Action.CHECK_TAKEDOWN, {"takedown_id": "takedown-1", "look": "there"}),
    (
        scenes.responding(),
        "suzuki",
        Action.ARCHIVE_OWN_POST,
        {"url": "https://x.com/tsukimi_example/status/2", "own_text": "ご自由に", "wrong": "皮肉です"},
    ),
    (
        scenes.taking_down(),
        "suzuki",
        Action.REMOVE_OWN_POST,
        {"own_post_id": "own-1", "reason": "配慮を欠きました", "notice": "お詫びして取り下げます。"},
    ),
    (
        scenes.taking_down(own={"removed_by": "suzuki", "removed_at": scenes.minute(80)}),
        "suzuki",
        Action.ANNOUNCE_OWN_POST,
        {"own_post_id": "own-1", "where": "自社サイト"},
    ),
    (
        scenes.responding(statement=an_approved_statement()),
        "suzuki",
        Action.PUBLISH_STATEMENT,
        {"version": "1", "check_number": NUMBER},
    ),
    (scenes.found(), "sato", Action.OPEN_HEADQUARTERS, {"reason": "取材対応", "check_number": NUMBER}),
    (scenes.gathered(), "watanabe", Action.ATTEND, {}),
    (scenes.gathered(), "sato", Action.SET_CHIEF, {"chief": "takahashi"}),
    (scenes.gathered(), "sato", Action.SET_MEMBER, {"hq_member": "kato"}),
    (scenes.gathered(), "sato", Action.SET_MEMBER, {"hq_member": "ito", "leaves": "yes"}),
    (scenes.gathered(), "nakano", Action.SET_MEETING, {"meeting": "03-0000-0000", "meeting_code": "12"}),
    (scenes.gathered(), "ito", Action.FILE_INBOUND, {"inbound_source": "工場", "inbound_words": "異常なし"}),
    (
        scenes.gathered(),
        "ito",
        Action.JUDGE_INBOUND,
        {"inbound_id": "inbound-1", "inbound_verdict": "verified", "grounds": "受付記録を確かめました"},
    ),
    (scenes.gathered(), "ito", Action.ADOPT_INBOUND, {"inbound_id": "inbound-2"}),
    (
        scenes.gathered(),
        "sato",
        Action.ISSUE_BULLETIN,
        {"picture": "当社の商品です", "bulletin_facts": "1", "bulletin_reports": "2", "check_number": NUMBER},
    ),
    (
        scenes.gathered(),
        "suzuki",
        Action.WITHDRAW_BULLETIN,
        {"bulletin": "2", "reason": "誤りがありました", "check_number": NUMBER},
    ),
    (scenes.gathered(), "watanabe", Action.READ_BULLETIN, {"bulletin": "2"}),
    (
        scenes.checking(),
        "watanabe",
        Action.ADD_SIGHTING,
        {"source_kind": "news", "finding": "報道はありません", "source_url": ""},
    ),
    (
        scenes.checking(),
        "sato",
        Action.WAIVE_SECOND_VIEW,
        {"reason": "社内の記録で足ります", "check_number": NUMBER},
    ),
]
