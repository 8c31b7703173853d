"""An incident from its first minute to its last, scene by scene."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hikeshi.domain.actions import Role
from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.assessment import Category, Level, Reason
from hikeshi.domain.clock_marks import ClockMarks
from hikeshi.domain.facts import Credibility, Fact, FactSource, Proof, Verdict
from hikeshi.domain.file_kinds import FileKind
from hikeshi.domain.headquarters import Ground, InboundVerdict, Receipt, SourceKind
from hikeshi.domain.incidents import DecisionSlot, Incident, ResponseTask, Room, Slot, Spread
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.reports import Answer, ChangeKind, Feedback, RootCause, Signature
from hikeshi.domain.statements import Part, Sentence, StatementKind
from hikeshi.domain.timeline import TimelineEvent
from tests.builders import (
    NOON,
    a_bulletin,
    a_circle,
    a_compensation,
    a_consultation,
    a_correction,
    a_decision,
    a_fact,
    a_headquarters,
    a_judged_fact,
    a_post,
    a_proposal,
    a_report,
    a_room,
    a_sighting,
    a_slot,
    a_statement,
    a_takedown,
    a_task,
    a_verified_report,
    an_alert,
    an_alerted_post,
    an_approval,
    an_approved_statement,
    an_evidence,
    an_evidence_file,
    an_inbound_report,
    an_incident,
    an_inquiry,
    an_outcome,
    an_own_post,
)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A room, what led to it, and when it is looked at."""

    room: Room
    events: tuple[TimelineEvent, ...]
    at: datetime
    alerts: tuple[tuple[Alert, tuple[AlertedPost, ...]], ...] = ()


HOLDING = {
    "kind": "holding",
    "said_opening": "このたびはご心配をおかけしております。",
    "said_fact": "当社の商品に関する投稿を確認いたしました。",
    "said_action": "現在、詳しい状況を調査しております。",
    "said_contact": "お客様相談室　0120-000-000",
    "said_care": "投稿された方への誹謗中傷はお控えくださいますよう、お願いいたします。",
    "next_update_at": "2026-05-13T16:30",
    "tone_reason": "",
}
"""A form that lacks nothing."""


def minute(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def event(kind: str, at: float, /, actor: str = "hikeshi", **details: str) -> TimelineEvent:
    return TimelineEvent(kind=kind, at=minute(at), actor=actor, details=details)


def decided(slot: Slot, at: float, by: str = "sato", choice: str = "done") -> DecisionSlot:
    return a_slot(slot, decision=a_decision(choice=choice, by=by, at=minute(at)))


def _moved(before: str, after: str) -> dict[str, str]:
    return {"from": before, "to": after}


# ---- scenes: each goes on from the one before --------------------------------------------------

_REASONS = (
    Reason(rule="contamination.insect", label="異物（虫）", points=42, span="虫が入っていた"),
    Reason(rule="first_hand", label="本人の体験として書かれている", points=18),
    Reason(rule="media.photo", label="写真がある", points=12),
)
_WORDS = (
    "つきみのチョコを開けたら虫が入っていた。写真を載せておきます",
    "これ本当？ 同じ商品を今朝子どもが食べた",
    "つきみに電話したけどつながらない",
    "写真を見た。しばらく買うのをやめる",
)


def posts(count: int = 14, *, every: float = 2.6) -> tuple[AlertedPost, ...]:
    """Posts that come ever closer together."""
    made = []
    for n in range(count):
        at = minute(0 if n == 0 else 34 - (count - n) * every * (count - n) / count)
        post = a_post(
            id=f"post-{n}",
            text=_WORDS[n % len(_WORDS)],
            published_at=at,
            fetched_at=at + timedelta(seconds=40),
            url=f"https://kuchikomi.example.jp/posts/{n}",
            author=f"author_{n}",
        )
        evidence = an_evidence(
            uri=f"s3://hikeshi-archive/evidence/{post.key}.json",
            sha256=f"{n:02x}" * 32,
            captured_at=at + timedelta(seconds=50),
        )
        why = "この投稿から始まりました" if n == 0 else "同じ写真と同じ文を含むため"
        made.append(an_alerted_post(post=post, evidence=evidence, why_grouped=why))
    return tuple(made)


def _alert(kept: tuple[AlertedPost, ...]) -> tuple[Alert, tuple[AlertedPost, ...]]:
    alert = an_alert(
        posts=len(kept),
        reposts=742,
        authors=len(kept),
        level=Level.CRITICAL,
        reasons=_REASONS,
        why_grouped="同じ写真と、ほぼ同じ文の投稿をまとめています",
        why_level="引用・転載が300件以上になりました",
    )
    return alert, kept


def _incident(**changes: Any) -> Incident:
    return an_incident(
        level=Level.CRITICAL,
        clock=ClockMarks(told_at=NOON + timedelta(minutes=1)),
        spread=Spread(
            posts=14,
            reposts=742,
            authors=386,
            per_minute=18.2,
            normal_per_minute=0.3,
            sigma=8.4,
            acceleration=2.6,
            new_words=("混入", "回収"),
            measured_at=minute(40),
        ),
        **changes,
    )


_FOUND = (
    event("detected", 1),
    event("opened", 1, level="warning"),
    event("paged", 1, step="1", people="nakano,ito,watanabe,suzuki"),
    event("level_raised", 34, **_moved("warning", "critical"), why="引用・転載が300件を超えました"),
    event("paged", 34, step="1", people="takahashi,sato"),
)


def found() -> Scene:
    """Minute 41: paged, and nobody has it."""
    room = a_room(incident=_incident())
    return Scene(room=room, events=_FOUND, at=minute(41), alerts=(_alert(posts()),))


_TAKEN = (
    *_FOUND,
    event("acknowledged", 43, actor="sato"),
    event("status_changed", 43, **_moved("detected", "acknowledged")),
    event("status_changed", 43, **_moved("acknowledged", "fact_finding")),
    event(
        "fact_judged",
        52,
        actor="ito",
        claim="投稿の写真は当社の商品ですか",
        verdict="confirmed",
        basis="ロット番号を写真で確かめました",
    ),
)


def _facts() -> tuple[Fact, ...]:
    return (
        a_judged_fact(judged_at=minute(52)),
        a_fact(id="fact-2", claim="健康への影響はありますか"),
        a_fact(id="fact-3", claim="ほかに同じ申し出はありますか", source="お客様相談室の受付記録"),
    )


def asking() -> Scene:
    """Minute 55, and a lawyer from outside was asked what the law says."""
    scene = checking()
    asked = a_consultation(expert="kobayashi", asked_at=minute(50), until=minute(50) + timedelta(days=3))
    return replace(scene, room=replace(scene.room, consultations=(asked,)))


def among_few(scene: Scene, *guests: str) -> Scene:
    """Keep a scene among legal, HR, executives and the lead, and those who were let in."""
    circle = a_circle(people=guests)
    incident = replace(scene.room.incident, category=Category.HARASSMENT, circle=circle)
    return replace(scene, room=replace(scene.room, incident=incident))


def just_taken() -> Scene:
    """Minute 46: Sato took it three minutes ago, and can still take that back."""
    scene = checking()
    incident = replace(
        scene.room.incident, taken_at=minute(43), last_move_at=minute(43), answered=("1/round-1",)
    )
    return replace(scene, room=replace(scene.room, incident=incident), at=minute(46))


def dropped() -> Scene:
    """Minute 46: Sato pressed "false alarm" three minutes ago, and can still take that back."""
    scene = found()
    room = replace(scene.room, slots=(decided(Slot.TRIAGE, 43, choice="dismissed"),))
    return replace(scene, room=room, at=minute(46))


def lapsed() -> Scene:
    """Minute 110: nothing moved for an hour, and the second round looks for somebody."""
    scene = just_taken()
    incident = replace(
        scene.room.incident,
        round=2,
        expired_at=minute(103),
        reached=("sato", "nakano"),
        next_page_at=minute(113),
    )
    lapse = event("acknowledgement_expired", 103, lead="sato", since=minute(43).isoformat(), round="1")
    return replace(
        scene,
        room=replace(scene.room, incident=incident),
        events=(*scene.events, lapse),
        at=minute(110),
    )


def checking() -> Scene:
    """Minute 55: Sato has it, one of three claims is checked."""
    incident = _incident(status=IncidentStatus.FACT_FINDING, lead="sato")
    slots = (decided(Slot.TRIAGE, 43, choice="acknowledged"),)
    room = a_room(incident=incident, facts=_facts(), slots=slots, sightings=(a_sighting(),))
    return Scene(room=room, events=_TAKEN, at=minute(55), alerts=(_alert(posts()),))


_RESPONDING = (
    *_TAKEN,
    event("facts_established", 63, actor="sato"),
    event("status_changed", 63, **_moved("fact_finding", "responding")),
    event("task_assigned", 63, title="製造ロットと出荷日の特定", owner="ito", role="quality"),
    event("task_assigned", 63, title="投稿者への連絡窓口の用意", owner="watanabe", role="customer_support"),
    event("task_assigned", 63, title="第一報の準備", owner="suzuki", role="pr"),
    event(
        "task_done", 71, actor="watanabe", title="投稿者への連絡窓口の用意", result="専用の窓口を開きました。"
    ),
    event("statement_drafted", 78, actor="suzuki", kind="holding", version="1"),
)


def _tasks() -> tuple[ResponseTask, ...]:
    return (
        a_task(due_at=minute(80)),
        a_task(
            id="1-desk",
            department=Role.CUSTOMER_SUPPORT,
            title="投稿者への連絡窓口の用意",
            owner="watanabe",
            due_at=minute(93),
            done_by="watanabe",
            done_at=minute(71),
            result="専用の窓口を開きました。",
        ),
        a_task(id="1-word", department=Role.PR, title="第一報の準備", owner="suzuki", due_at=minute(108)),
    )


def responding(**changes: Any) -> Scene:
    """Minute 92: one task late, one done, a statement waits for approval."""
    incident = _incident(status=IncidentStatus.RESPONDING, lead="sato")
    slots = (decided(Slot.TRIAGE, 43, choice="acknowledged"), decided(Slot.FACT_CHECK, 63))
    facts = tuple(f if f.judged_by else replace(f, **_CHECKED) for f in _facts())
    room = a_room(
        incident=incident,
        facts=facts,
        tasks=_tasks(),
        statement=a_statement(drafted_at=minute(78)),
        slots=slots,
    )
    return Scene(room=replace(room, **changes), events=_RESPONDING, at=minute(92), alerts=(_alert(posts()),))


def gathered(**changes: Any) -> Scene:
    """Minute 92, with a headquarters: three of five are there, one of three reports is not checked."""
    there = tuple(
        Receipt(by=person, at=minute(at)) for person, at in (("sato", 43), ("ito", 47), ("suzuki", 51))
    )
    headquarters = a_headquarters(
        opened_at=minute(43),
        attendance=there,
        established_at=minute(51),
        meeting="https://meet.example.jp/taisaku-128",
        meeting_code="4471 2205",
    )
    verified = a_verified_report(id="inbound-2", words="同じロットの申し出は、ほかに届いていません")
    rejected = replace(
        verified,
        id="inbound-3",
        words="工場の従業員が写真を撮ったそうです",
        source="社内のうわさ",
        verdict=InboundVerdict.REJECTED,
        grounds="当日の入退室の記録と合いません",
    )
    first = a_bulletin(issued_at=minute(58), guidance="お問い合わせは、お客様相談室だけでお受けします。")
    second = a_bulletin(
        number=2,
        issued_at=minute(70),
        picture="写真の商品は当社の製品です。ほかに同じ申し出はありません。",
        guidance="原因は調査中です。推測を話さず、お客様相談室へおつなぎください。",
        grounds=(
            Ground(id="fact-1", words="投稿の写真は当社の商品ですか"),
            Ground(id="inbound-2", words=verified.words),
        ),
        receipts=(Receipt(by="sato", at=minute(70)), Receipt(by="ito", at=minute(74))),
    )
    scene = responding()
    room = replace(
        scene.room,
        headquarters=headquarters,
        inbound=(an_inbound_report(), verified, rejected),
        bulletins=(first, second),
        sightings=(a_sighting(), a_sighting(id="sighting-2", kind=SourceKind.NEWS, finding="なし")),
    )
    return replace(scene, room=replace(room, **changes))


def proven(*, released: bool = False, fallen: bool = False, **changes: Any) -> Scene:
    """Minute 150: the chain is on the register, and a full statement that says it waits for approval."""
    source = FactSource(name="製造記録", credibility=Credibility.A, added_by="ito", added_at=minute(100))
    told = replace(source, name="専門機関の鑑定", credibility=Credibility.B, origin="虫類研究所")
    proof = Proof(
        title="出荷記録の写し",
        uri="s3://archive/evidence/facts/1",
        sha256="5e" * 32,
        kept_by="ito",
        kept_at=minute(101),
    )
    shipped = a_judged_fact(
        id="fact-8",
        claim="写真の商品は半年前に出荷した",
        source="品質保証",
        key=True,
        sources=(source, told),
        proofs=(proof,),
        added_at=minute(99),
        judged_at=minute(110),
    )
    larva = replace(shipped, id="fact-9", claim="幼虫は生後30日から40日である", added_at=minute(102))
    if fallen:
        larva = replace(larva, verdict=Verdict.REFUTED, basis="別の鑑定で50日以上とされた")
    age = replace(
        a_fact(id="fact-a", claim="虫は製造のときに入ったものではない", added_at=minute(104)),
        rests_on=("fact-8", "fact-9"),
        key=True,
    )
    said = (
        Sentence(part=Part.OPENING, text="このたびはご心配をおかけしております。"),
        Sentence(part=Part.FACT, text="写真の商品は、半年前に出荷したものです。", facts=("fact-8",)),
        Sentence(part=Part.FACT, text="写っている幼虫は、生後30日から40日です。", facts=("fact-9",)),
        Sentence(part=Part.ACTION, text="専門機関とともに、くわしい調査を続けております。"),
        Sentence(part=Part.NEXT, text="次のお知らせは、2026年5月13日 18:00（日本時間）の予定です。"),
        Sentence(part=Part.CONTACT, text="お客様相談室　0120-000-000（9時から18時まで）"),
        Sentence(part=Part.CARE, text=HOLDING["said_care"]),
    )
    full = a_statement(
        kind=StatementKind.FULL,
        text="\n\n".join(each.text for each in said),
        sentences=said,
        drafted_at=minute(145),
        version=2,
        next_update_at=minute(303),
    )
    approvals = (an_approval("tanaka", at=minute(147)), an_approval("sato", at=minute(148)))
    if released or fallen:
        full = replace(full, approvals=approvals, approved_by="sato", approved_at=minute(148))
    if fallen:
        full = replace(full, flagged_at=minute(149), flagged_facts=("fact-9",))
    before = an_approved_statement(
        sentences=(said[0], Sentence(part=Part.FACT, text="事実を確認しています。"), *said[4:]),
        published_by="suzuki",
        published_at=minute(97),
    )
    scene = responding(statement=full, earlier_statements=(before,))
    facts = (*scene.room.facts, shipped, larva, age)
    return replace(scene, room=replace(scene.room, facts=facts, **changes), at=minute(150))


def taking_down(*, own: dict[str, Any] | None = None, **takedown: Any) -> Scene:
    """Minute 92: a request to take a post down, and a bad post of our own."""
    return responding(takedowns=(a_takedown(**takedown),), own_posts=(an_own_post(**(own or {})),))


def with_files() -> Scene:
    """Minute 150: a fact has a photo that tells a place, one that cannot be cut, a letter and a table."""
    photo = an_evidence_file(about="fact-8", located=True)
    sheet = replace(photo, located=False, kind=FileKind.PDF, label="鑑定書.pdf", size=812_544)
    files = (
        photo,
        replace(
            photo, id="file-2", kind=FileKind.HEIC, label="IMG_0514.HEIC", title="割れ口", sha256="7a" * 32
        ),
        replace(sheet, id="file-3", title="虫類研究所の鑑定書", sha256="9d" * 32),
        replace(
            sheet, id="file-4", title="ロットの表", kind=FileKind.TEXT, label="lot.csv", sha256="1b" * 32
        ),
        replace(photo, id="file-5", about="fact-9"),
    )
    return proven(files=files)


_CHECKED: dict[str, Any] = {
    "verdict": Verdict.REFUTED,
    "basis": "受付記録と医療機関からの連絡を確かめました",
    "judged_by": "watanabe",
    "judged_at": minute(60),
}
_CALMING = (
    *_RESPONDING,
    event("statement_approved", 95, actor="tanaka", version="1"),
    event(
        "task_done",
        101,
        actor="ito",
        title="製造ロットと出荷日の特定",
        result="1ロットに特定しました。",
    ),
    event("task_done", 104, actor="suzuki", title="第一報の準備", result="自社サイトに掲載しました。"),
    event("response_completed", 104, actor="suzuki"),
    event("status_changed", 104, **_moved("responding", "calming")),
)


def calming() -> Scene:
    """Five hours on: everything is done, posts ebb."""
    before = responding().room
    approved = a_statement(drafted_at=minute(78), approved_by="tanaka", approved_at=minute(95))
    tasks = tuple(replace(t, done_by=t.owner, done_at=t.done_at or minute(102)) for t in before.tasks)
    incident = replace(
        before.incident,
        status=IncidentStatus.CALMING,
        spread=replace(before.incident.spread, per_minute=0.2, posts=20, measured_at=minute(299)),
    )
    room = replace(
        before,
        incident=incident,
        tasks=tasks,
        statement=approved,
        slots=(*before.slots, decided(Slot.RESPONSE, 104, by="suzuki")),
    )
    late = tuple(
        replace(p, post=replace(p.post, id=f"late-{n}", published_at=minute(45 + 33 * n)))
        for n, p in enumerate(posts(6))
    )
    return Scene(room=room, events=_CALMING, at=minute(300), alerts=(_alert((*posts(), *late)),))


BODY = """# #128 完了報告書

## 概要

- 案件：商品に異物混入とする写真
- 最初の投稿：2026年5月13日 12:57（日本時間）
- 最初の投稿から担当の決定まで：43分

## 確認した事実

| 事実 | 結果 | 根拠 |
|---|---|---|
| 投稿の写真は当社の商品ですか | 事実と確認 | ロット番号を写真で確かめました |
| 健康への影響はありますか | 事実ではないと確認 | 受付記録を確かめました |

## 経過

1. 12:58 投稿を検知しました。
2. 13:40 佐藤 花子さんが担当になりました。
3. 14:32 田中 翠さんが公表文の第1案を承認しました。
"""


def reporting(*, parts: dict[str, Any] | None = None, **report: Any) -> Scene:
    """Six hours on: calm, the report and the changes are drafted."""
    before = calming()
    drafted = {
        "body": BODY,
        "response_figures": RESPONSE_FIGURES,
        "result_figures": RESULT_FIGURES,
        "drafted_at": minute(332),
    }
    room = replace(
        before.room,
        incident=replace(before.room.incident, status=IncidentStatus.REPORTING),
        report=a_report(**drafted | report),
        proposals=CHANGES,
        slots=(*before.room.slots, decided(Slot.CALMING, 330)),
        **(parts or {}),
    )
    events = (
        *_CALMING,
        event("calm_declared", 330, actor="sato", basis="3時間、平常を下回っています"),
        event("report_drafted", 332),
    )
    return Scene(room=room, events=events, at=minute(345), alerts=before.alerts)


RESPONSE_FIGURES = """### 速さ
| 節目 | 時刻 | 投稿からの時間 |
|---|---|---|
| 検知 | 5月13日 12:58 | 1分 |
| 公表の承認 | 5月13日 14:32 | 1時間35分 |
"""

RESULT_FIGURES = """### 投稿の推移と回復
最も多かったのは 13:00〜14:00 の12件です。そこから半分に減るまで、約2時間でした（回復の半減期）。

%curve
| 時間帯 | 投稿 |
|---|---|
| 5月13日 12:00〜13:00 | 3件 |
| 5月13日 13:00〜14:00 | 12件 |
| 5月13日 14:00〜15:00 | 8件 |
| 5月13日 15:00〜16:00 | 2件 |
| 5月13日 16:00〜17:00 | 0件 |

### 投稿の内訳
%shares
| 内容 | 投稿 | 割合 |
|---|---|---|
| 批判・指摘 | 21件 | 84% |
| 困りごと | 4件 | 16% |
"""

CHANGES = (
    a_proposal(
        ChangeKind.MANUAL,
        text="休日でも一時間以内に製造記録を取り出せるようにする（#128の振り返り）",
        target="crisis#事実の確認",
        base="1.0",
        diff="--- manual/crisis.md 1.0\n+++ manual/crisis.md\n@@ -30,1 +30,2 @@\n"
        " - 記録は消さずに残します。\n"
        "+- 休日でも一時間以内に製造記録を取り出せるようにする（#128の振り返り）",
    ),
    a_proposal(ChangeKind.WATCH_WORD, text="ひのまる幼虫"),
    a_proposal(
        ChangeKind.QUESTION,
        text="問い　異物の投稿を見つけました。最初にすることはどれですか。\n"
        "○　監視デスクへ知らせる\n×　個人のアカウントから返信する\n理由　最初の数時間が大切です。",
    ),
)

WRITTEN: dict[str, Any] = {
    "evaluation": "最初の投稿から43分で担当が決まり、目標の3時間より前に第一報を出しました。",
    "customers": "お客様相談室に14件のお電話をいただき、説明にご納得いただきました。",
    "outcome": an_outcome(),
    "causes": (RootCause.QUALITY_GAP, RootCause.SNS_SPREAD),
    "lessons": "夜間の連絡先に電話を加えます。",
    "edited_by": "suzuki",
    "version": 4,
}

ANSWERED: dict[str, Any] = {
    "proposals": tuple(
        replace(
            each,
            answer=Answer.DECLINE if each.kind is ChangeKind.WATCH_WORD else Answer.ACCEPT,
            reason="いまの言葉で見つけられました" if each.kind is ChangeKind.WATCH_WORD else "",
            answered_by="suzuki",
            answered_at=minute(340),
        )
        for each in CHANGES
    ),
    "corrections": (a_correction(added_at=minute(341)),),
    "feedback": (
        Feedback(
            generation=1,
            by="ito",
            at=minute(338),
            speed=4,
            precision=4,
            correctness=5,
            note="休日の照会に時間がかかりました",
        ),
    ),
}


def to_sign(**report: Any) -> Scene:
    """Everything is written and answered; nobody has signed."""
    return written(reporting(**WRITTEN | report))


def written(scene: Scene) -> Scene:
    """The changes are answered, and something is put right."""
    return replace(scene, room=replace(scene.room, **ANSWERED))


def closed(*, parts: dict[str, Any] | None = None) -> Scene:
    """The next morning: signed and closed."""
    signatures = (
        Signature(by="tanaka", at=minute(355), roles=frozenset({Role.LEGAL})),
        Signature(by="sato", at=minute(360), roles=frozenset({Role.LEAD})),
    )
    signed = {
        "signatures": signatures,
        "signed_by": "sato",
        "signed_at": minute(360),
        "sha256": "c0" * 32,
    }
    before = to_sign(**signed)
    incident = replace(before.room.incident, status=IncidentStatus.CLOSED, closed_at=minute(360))
    slots = (*before.room.slots, decided(Slot.REPORT, 360, by="sato"))
    events = (
        *before.events,
        event("report_signed", 355, actor="tanaka"),
        event("report_signed", 360, actor="sato"),
        event("report_completed", 360),
    )
    room = replace(before.room, incident=incident, slots=slots, **(parts or {}))
    return Scene(room=room, events=events, at=minute(20 * 60), alerts=before.alerts)


def attended(**parts: Any) -> Scene:
    """A day later: closed, and customers are still being answered."""
    before = closed(parts={"inquiries": (an_inquiry(),), "compensations": (a_compensation(),)} | parts)
    incident = replace(before.room.incident, after_care_until=minute(30 * 24 * 60))
    return replace(before, room=replace(before.room, incident=incident))


def dismissed() -> Scene:
    """A false alarm, closed with its reason."""
    before = found()
    incident = replace(before.room.incident, status=IncidentStatus.DISMISSED, closed_at=minute(44))
    slots = (decided(Slot.TRIAGE, 44, by="nakano", choice="dismissed"),)
    events = (*before.events, event("dismissed", 44, actor="nakano", reason="他社の商品の写真でした"))
    return replace(
        before, room=replace(before.room, incident=incident, slots=slots), events=events, at=minute(50)
    )


def quiet_notice() -> Scene:
    """One ordinary complaint, nothing kept yet: the emptiest page there is."""
    incident = an_incident(level=Level.NOTICE, title="店員の対応への苦情", has_media=False, alerts=())
    return Scene(room=a_room(incident=incident), events=(), at=minute(6))
