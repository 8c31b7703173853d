"""Things to test with, each valid as it stands; a test names only the fields that it is about.

Every company, person, number and address is invented: phones are 090-0000-xxxx, hosts example.jp.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from hikeshi.domain.actions import Role
from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.assessment import Assessment, Axes, Category, CrisisType, Intent, Level, Reason
from hikeshi.domain.circles import Circle, NeedToKnow
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import EscalationPolicy, Ladder, LadderStep, RollCall
from hikeshi.domain.evidence import EvidenceFile
from hikeshi.domain.experts import Consultation, Exhibit, ExhibitKind, Expert, ExpertField
from hikeshi.domain.facts import Fact, Proof, Verdict
from hikeshi.domain.feedback import Feedback, FeedbackVerdict
from hikeshi.domain.file_kinds import FileKind
from hikeshi.domain.headquarters import (
    Bulletin,
    Headquarters,
    InboundReport,
    InboundVerdict,
    Receipt,
    Sighting,
    SourceKind,
)
from hikeshi.domain.incidents import (
    Decision,
    DecisionSlot,
    Incident,
    ResponseTask,
    Room,
    Slot,
    Spread,
)
from hikeshi.domain.outbox import ChatPost, Message, OutboxRow, WorkflowCommand, WorkflowOrder
from hikeshi.domain.own_posts import OwnPost
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.domain.playbooks import Playbook, Playbooks, PlaybookTask
from hikeshi.domain.posts import Evidence, Post
from hikeshi.domain.reports import (
    Answer,
    ChangeKind,
    CompletionReport,
    CorrectiveAction,
    Outcome,
    Proposal,
    RootCause,
)
from hikeshi.domain.response_clock import DEFAULT_ALLOWANCES
from hikeshi.domain.sources import Brand, Source, WatchList
from hikeshi.domain.statements import Approval, Statement, StatementKind
from hikeshi.domain.support import Compensation, Inquiry, Surge, Way
from hikeshi.domain.takedowns import Ground, Platform, Takedown
from hikeshi.services.statement_text import Draft

NOON = datetime(2026, 5, 13, 3, 57, tzinfo=UTC)
"""12:57 in Tokyo: the minute of the first post in most tests."""

BRAND = "tsukimi"
BRAND_NAME = "つきみ製菓"


# ---- posts and alerts --------------------------------------------------------------------------


def a_post(**changes: Any) -> Post:
    post = Post(
        id="post-1",
        source="kuchikomi",
        text="つきみのチョコを開けたら虫が入っていた。写真を載せておきます",
        published_at=NOON,
        fetched_at=NOON + timedelta(seconds=40),
        brand=BRAND,
        url="https://kuchikomi.example.jp/posts/1",
        author="momiji_0513",
        followers=320,
        reposts=4,
        likes=9,
        media=("photo",),
    )
    return replace(post, **changes)


def an_assessment(**changes: Any) -> Assessment:
    assessment = Assessment(
        score=72,
        level=Level.WARNING,
        category=Category.CONTAMINATION,
        crisis_type=CrisisType.OWN_FAULT,
        intent=Intent.RISK,
        axes=Axes(importance=80, impact=55, urgency=70),
        reasons=(Reason(rule="contamination.insect", label="異物（虫）", points=72, span="虫が入っていた"),),
    )
    return replace(assessment, **changes)


def an_evidence(**changes: Any) -> Evidence:
    evidence = Evidence(
        uri="s3://archive/evidence/0001.json", sha256="ab" * 32, captured_at=NOON + timedelta(seconds=50)
    )
    return replace(evidence, **changes)


def an_alerted_post(**changes: Any) -> AlertedPost:
    member = AlertedPost(
        post=a_post(),
        assessment=an_assessment(),
        evidence=an_evidence(),
        why_grouped="この投稿から始まりました",
    )
    return replace(member, **changes)


def an_alert(**changes: Any) -> Alert:
    alert = Alert(
        id="alert-" + "0" * 31 + "1",
        brand=BRAND,
        category=Category.CONTAMINATION,
        crisis_type=CrisisType.OWN_FAULT,
        level=Level.WARNING,
        score=72,
        axes=Axes(importance=80, impact=55, urgency=70),
        reasons=an_assessment().reasons,
        quote="つきみのチョコを開けたら虫が入っていた。写真を載せておきます",
        has_media=True,
        source="kuchikomi",
        signature=(1, 2, 3, 4),
        why_grouped="この投稿から始まりました",
        first_post_at=NOON,
        last_post_at=NOON,
        detected_at=NOON + timedelta(minutes=1),
        posts=1,
        reposts=4,
        authors=1,
        version=1,
    )
    return replace(alert, **changes)


def a_feedback(**changes: Any) -> Feedback:
    word = Feedback(
        post=a_post(author=None, url=None),
        alert_id="alert-" + "0" * 31 + "1",
        verdict=FeedbackVerdict.FALSE_ALARM,
        reason="虫の形のチョコの写真でした",
        category=Category.CONTAMINATION,
        level=Level.WARNING,
        by="sato",
        at=NOON + timedelta(minutes=10),
    )
    return replace(word, **changes)


# ---- people and configuration ------------------------------------------------------------------

_PEOPLE: tuple[tuple[str, str, str, str, tuple[Role, ...]], ...] = (
    ("nakano", "中野 葵", "監視デスク", "監視デスク", (Role.DESK,)),
    ("sato", "佐藤 花子", "広報部長", "広報部", (Role.LEAD, Role.PR)),
    ("suzuki", "鈴木 健", "広報担当", "広報部", (Role.PR,)),
    ("takahashi", "高橋 誠", "常務執行役員", "経営", (Role.EXECUTIVE,)),
    ("tanaka", "田中 翠", "法務課長", "法務部", (Role.LEGAL,)),
    ("watanabe", "渡辺 結", "相談室長", "お客様相談室", (Role.CUSTOMER_SUPPORT,)),
    ("ito", "伊藤 学", "品質保証課長", "品質保証部", (Role.QUALITY,)),
    ("yamamoto", "山本 楓", "品質保証担当", "品質保証部", (Role.QUALITY,)),
    ("kato", "加藤 薫", "人事課長", "人事部", (Role.HR,)),
    ("yoshida", "吉田 樹", "情報システム課長", "情報システム部", (Role.IT,)),
    ("yamada", "山田 渚", "店舗運営課長", "店舗運営部", (Role.STORE_OPS,)),
    ("kobayashi", "小林 律", "弁護士", "社外", (Role.EXPERT,)),
)


def a_person(id: str = "sato", **changes: Any) -> Person:  # noqa: A002 - reads as the field it sets
    """One of the cast; an unknown id makes a new member of the public relations department."""
    known = {row[0]: (1001 + place, *row[1:]) for place, row in enumerate(_PEOPLE)}
    newcomer = (2000, "森 光", "広報担当", "広報部", (Role.PR,))
    number, name, title, department, roles = known.get(id, newcomer)
    person = Person(
        id=id,
        name=name,
        title=title,
        department=department,
        roles=frozenset(roles),
        phone=f"+81900000{number}",
        mail=f"{id}@example.jp",
        deputy="yamamoto" if id == "ito" else None,
    )
    return replace(person, **changes)


def a_roster(**changes: Any) -> Roster:
    """Everybody; ``people=`` adds to or replaces members of the cast by id."""
    people = {known[0]: a_person(known[0]) for known in _PEOPLE}
    people.update(changes.pop("people", {}))
    roster = Roster(
        people=people,
        seats={
            Role.DESK: ("nakano",),
            Role.LEAD: ("sato",),
            Role.PR: ("suzuki",),
            Role.EXECUTIVE: ("takahashi",),
            Role.LEGAL: ("tanaka",),
            Role.CUSTOMER_SUPPORT: ("watanabe",),
            Role.QUALITY: ("ito",),
            Role.HR: ("kato",),
            Role.IT: ("yoshida",),
            Role.STORE_OPS: ("yamada",),
            Role.EXPERT: ("kobayashi",),
        },
        experts=(an_expert(),),
        engages={
            Category.CONTAMINATION: (Role.QUALITY, Role.CUSTOMER_SUPPORT, Role.PR),
            Category.MISCONDUCT: (Role.STORE_OPS, Role.HR, Role.PR),
        },
        surge=("yamada", "ito"),
    )
    return replace(roster, **changes)


def an_escalation_policy(**changes: Any) -> EscalationPolicy:
    desk = LadderStep(wait_seconds=300, roles=(Role.DESK,), departments=True)
    lead = LadderStep(wait_seconds=300, roles=(Role.LEAD,))
    executive = LadderStep(wait_seconds=600, roles=(Role.EXECUTIVE,))
    at_once = LadderStep(wait_seconds=120, roles=(Role.EXECUTIVE, Role.LEAD), departments=True)
    policy = EscalationPolicy(
        ladders={
            Level.NOTICE: Ladder(
                steps=(LadderStep(wait_seconds=3600, roles=(Role.DESK,), channels=(Channel.MAIL,)),),
                repeats=0,
            ),
            Level.WARNING: Ladder(steps=(desk, lead, executive), repeat_from=1, repeats=1),
            Level.CRITICAL: Ladder(steps=(at_once, executive), repeats=1),
        },
        last_resort=(Role.EXECUTIVE, Role.LEGAL),
        response_clock=DEFAULT_ALLOWANCES,
    )
    return replace(policy, **changes)


def a_roll_call_policy() -> EscalationPolicy:
    """The usual ladders; at critical every executive must confirm, asked four times, ten minutes apart."""
    policy = an_escalation_policy()
    roll_call = RollCall(roles=(Role.EXECUTIVE,), every=timedelta(minutes=10), repeats=3)
    critical = replace(policy.ladders[Level.CRITICAL], roll_call=roll_call)
    return replace(policy, ladders={**policy.ladders, Level.CRITICAL: critical})


def a_playbook(**changes: Any) -> Playbook:
    playbook = Playbook(
        first_steps=("商品と購入日を確かめます", "投稿者への連絡窓口を用意します"),
        claims=("投稿の写真は当社の商品ですか", "健康への影響はありますか"),
        tasks=(
            PlaybookTask(id="lot", department=Role.QUALITY, title="製造ロットと出荷日の特定", due_minutes=60),
            PlaybookTask(
                id="desk", department=Role.CUSTOMER_SUPPORT, title="投稿者への連絡窓口の用意", due_minutes=30
            ),
            PlaybookTask(id="word", department=Role.PR, title="第一報の準備", due_minutes=45),
        ),
    )
    return replace(playbook, **changes)


def a_brand(**changes: Any) -> Brand:
    brand = Brand(id=BRAND, name=BRAND_NAME, query="つきみ製菓 OR (つきみ AND チョコ)", normal_per_minute=0.3)
    return replace(brand, **changes)


def a_source(**changes: Any) -> Source:
    source = Source(
        id="kuchikomi",
        name="口コミ広場",
        url="https://kuchikomi.example.jp/feed.atom",
        hosts=("kuchikomi.example.jp",),
    )
    return replace(source, **changes)


def a_watch_list(**changes: Any) -> WatchList:
    watches = WatchList(brands={BRAND: a_brand()}, sources={"kuchikomi": a_source()})
    return replace(watches, **changes)


def a_configuration(**changes: Any) -> Configuration:
    configuration = Configuration(
        watches=a_watch_list(),
        roster=a_roster(),
        escalation=an_escalation_policy(),
        playbooks=Playbooks(default=a_playbook()),
        calm_after=timedelta(),  # what is not about calm need not wait for it
    )
    return replace(configuration, **changes)


# ---- incidents ---------------------------------------------------------------------------------


def an_incident(**changes: Any) -> Incident:
    incident = Incident(
        id="inc-00000000000000000000000128",
        number=128,
        brand=BRAND,
        brand_name=BRAND_NAME,
        category=Category.CONTAMINATION,
        crisis_type=CrisisType.OWN_FAULT,
        level=Level.WARNING,
        title="商品に異物混入とする写真",
        quote="つきみのチョコを開けたら虫が入っていた。写真を載せておきます",
        source="kuchikomi",
        has_media=True,
        first_post_at=NOON,
        detected_at=NOON + timedelta(minutes=1),
        opened_at=NOON + timedelta(minutes=1),
        spread=Spread(
            posts=1,
            reposts=4,
            authors=1,
            per_minute=5.0,
            normal_per_minute=0.3,
            measured_at=NOON + timedelta(minutes=1),
        ),
        alerts=("alert-" + "0" * 31 + "1",),
    )
    return replace(incident, **changes)


def a_circle(**changes: Any) -> Circle:
    """Legal, HR, executives and the lead: tanaka, kato, takahashi and sato."""
    return replace(Circle(roles=NeedToKnow().roles, since=NOON + timedelta(minutes=1)), **changes)


def an_expert(**changes: Any) -> Expert:
    """小林 律, the lawyer from outside."""
    expert = Expert(
        person_id="kobayashi",
        field=ExpertField.LAW,
        contract="顧問契約 2026-04",
        opens=time(9),
        closes=time(18),
    )
    return replace(expert, **changes)


def a_consultation(**changes: Any) -> Consultation:
    """A question that waits for somebody who is asked besides 小林: 佐々木, of whom nobody else knows."""
    consultation = Consultation(
        id="consultation-1",
        number=1,
        expert="sasaki",
        question="この表示は景品表示法に触れますか",
        exhibits=(Exhibit(kind=ExhibitKind.FACT, ref="fact-1", text="表示は昨年からです"),),
        asked_by="tanaka",
        asked_at=NOON,
        until=NOON + timedelta(days=3),
        nonce="e" * 32,
        check_number="47",
    )
    return replace(consultation, **changes)


def a_room(**changes: Any) -> Room:
    """A fresh room; fields of the incident go in ``incident=an_incident(…)``."""
    return replace(Room(incident=an_incident()), **changes)


def an_inquiry(**changes: Any) -> Inquiry:
    inquiry = Inquiry(
        id="inquiry-1",
        number="CS-1042",
        way=Way.PHONE,
        gist="購入した商品が心配とのことです",
        taken_by="watanabe",
        taken_at=NOON + timedelta(minutes=60),
        due_at=NOON + timedelta(hours=25),
    )
    return replace(inquiry, **changes)


def a_compensation(**changes: Any) -> Compensation:
    compensation = Compensation(
        id="compensation-1",
        number="CS-1042",
        what="商品代金の返金",
        amount_yen=3_240,
        promised_by="watanabe",
        promised_at=NOON + timedelta(minutes=90),
        due_at=NOON + timedelta(days=7),
    )
    return replace(compensation, **changes)


def a_surge(**changes: Any) -> Surge:
    surge = Surge(
        id="surge-1", people=("yamada", "ito"), begun_by="watanabe", begun_at=NOON + timedelta(minutes=70)
    )
    return replace(surge, **changes)


def a_decision(**changes: Any) -> Decision:
    decision = Decision(choice="acknowledged", by="sato", at=NOON + timedelta(minutes=3))
    return replace(decision, **changes)


def a_slot(slot: Slot = Slot.TRIAGE, **changes: Any) -> DecisionSlot:
    return replace(DecisionSlot(slot=slot, generation=1), **changes)


def a_fact(**changes: Any) -> Fact:
    fact = Fact(
        id="fact-1",
        claim="投稿の写真は当社の商品ですか",
        source="playbook",
        added_by="sato",
        added_at=NOON + timedelta(minutes=5),
    )
    return replace(fact, **changes)


def a_judged_fact(**changes: Any) -> Fact:
    fact = a_fact(
        verdict=Verdict.CONFIRMED,
        basis="ロット番号を写真で確かめました",
        judged_by="ito",
        judged_at=NOON + timedelta(minutes=12),
    )
    return replace(fact, **changes)


def a_task(**changes: Any) -> ResponseTask:
    task = ResponseTask(
        id="1-lot",
        department=Role.QUALITY,
        title="製造ロットと出荷日の特定",
        owner="ito",
        due_at=NOON + timedelta(minutes=80),
    )
    return replace(task, **changes)


def a_statement(**changes: Any) -> Statement:
    statement = Statement(
        kind=StatementKind.HOLDING,
        text="商品に関する投稿について、事実を確認しています。次は16時30分にお知らせします。",
        drafted_by="suzuki",
        drafted_at=NOON + timedelta(minutes=25),
        next_update_at=NOON + timedelta(hours=3, minutes=33),
    )
    return replace(statement, **changes)


def a_headquarters(**changes: Any) -> Headquarters:
    """Called by the level, with sato as chief; nobody has answered the roll yet."""
    headquarters = Headquarters(
        generation=1,
        opened_by="hikeshi",
        opened_at=NOON + timedelta(minutes=4),
        chief="sato",
        members=("sato", "ito", "watanabe", "suzuki", "takahashi"),
    )
    return replace(headquarters, **changes)


def an_inbound_report(**changes: Any) -> InboundReport:
    report = InboundReport(
        id="inbound-1",
        source="お客様相談室への電話",
        words="同じ商品で体調を崩した方がいるそうです",
        filed_by="watanabe",
        filed_at=NOON + timedelta(minutes=20),
    )
    return replace(report, **changes)


def a_verified_report(**changes: Any) -> InboundReport:
    report = an_inbound_report(
        verdict=InboundVerdict.VERIFIED,
        grounds="受付記録を確かめました",
        judged_by="ito",
        judged_at=NOON + timedelta(minutes=26),
    )
    return replace(report, **changes)


def a_bulletin(**changes: Any) -> Bulletin:
    """Sent to the members of the headquarters; only its writer has read it."""
    at = NOON + timedelta(minutes=30)
    bulletin = Bulletin(
        number=1,
        generation=1,
        guidance="社外の方には、まだ何も説明しないでください。",
        issued_by="sato",
        issued_at=at,
        sent_to=a_headquarters().members,
        receipts=(Receipt(by="sato", at=at),),
    )
    return replace(bulletin, **changes)


def a_sighting(**changes: Any) -> Sighting:
    sighting = Sighting(
        id="sighting-1",
        generation=1,
        kind=SourceKind.DIRECT_MESSAGES,
        finding="同じ申し出は届いていません",
        by="watanabe",
        at=NOON + timedelta(minutes=15),
    )
    return replace(sighting, **changes)


def a_draft(**changes: Any) -> Draft:
    """A holding statement that lacks nothing; promises its next word for 16:30."""
    draft = Draft(
        kind=StatementKind.HOLDING,
        opening="このたびはご心配をおかけしております。",
        fact="当社の商品に関する投稿を確認いたしました。",
        action="現在、詳しい状況を調査しております。",
        contact="お客様相談室　0120-000-000",
        care="投稿された方への誹謗中傷はお控えくださいますよう、お願いいたします。",
        next_update_at=NOON + timedelta(hours=3, minutes=33),
    )
    return replace(draft, **changes)


def an_approval(person_id: str = "tanaka", **changes: Any) -> Approval:
    roles = a_playbook().approving_roles(a_person(person_id))
    return replace(Approval(by=person_id, at=NOON + timedelta(minutes=90), roles=roles), **changes)


def an_approved_statement(**changes: Any) -> Statement:
    """Approved by legal, then by the lead."""
    at = NOON + timedelta(minutes=95)
    approvals = (an_approval("tanaka"), an_approval("sato", at=at))
    return a_statement(**{"approvals": approvals, "approved_by": "sato", "approved_at": at} | changes)


def a_takedown(**changes: Any) -> Takedown:
    takedown = Takedown(
        id="takedown-1",
        number=1,
        url="https://matome.example.jp/archives/513",
        platform=Platform.SUMMARY_SITE,
        ground=Ground.PRIVACY,
        passage="虫の写真を載せた店員の本名は森田 光、自宅は月見駅の裏のアパート。",
        reason="2行目の氏名と住所は、当社の社員のもので、本人の同意がありません。",
        evidence=Proof(
            title="https://matome.example.jp/archives/513",
            uri="s3://archive/evidence/facts/2",
            sha256="7d" * 32,
            kept_by="suzuki",
            kept_at=NOON + timedelta(minutes=70),
        ),
        requested_by="suzuki",
        requested_at=NOON + timedelta(minutes=70),
    )
    return replace(takedown, **changes)


def an_evidence_file(**changes: Any) -> EvidenceFile:
    file = EvidenceFile(
        id="file-1",
        about="fact-1",
        title="お客様が撮影した写真",
        label="IMG_0513.jpg",
        kind=FileKind.JPEG,
        size=2_411_724,
        sha256="c5" * 32,
        uri="s3://archive/evidence/files/inc-1/" + "c5" * 32,
        located=False,
        kept_by="ito",
        kept_at=NOON + timedelta(minutes=50),
    )
    return replace(file, **changes)


def an_own_post(**changes: Any) -> OwnPost:
    post = OwnPost(
        id="own-1",
        number=1,
        url="https://x.com/tsukimi_example/status/1",
        text="写真は加工です。騒がないでください。",
        wrong="確認していないことを言い切り、お客様を責めています。",
        evidence=a_takedown().evidence,
        archived_by="suzuki",
        archived_at=NOON + timedelta(minutes=72),
    )
    return replace(post, **changes)


def a_report(**changes: Any) -> CompletionReport:
    report = CompletionReport(body="# 対応完了報告書", drafted_at=NOON + timedelta(hours=6))
    return replace(report, **changes)


def an_outcome(**changes: Any) -> Outcome:
    outcome = Outcome(
        brand="なし",
        money="返金とお見舞い",
        rumour="なし",
        closure="なし",
        loss_yen=120_000,
        market="なし",
        people="なし",
    )
    return replace(outcome, **changes)


def a_written_report(**changes: Any) -> CompletionReport:
    """A report in which nothing is missing that people write themselves."""
    written: dict[str, Any] = {
        "evaluation": "検知から4分で担当が決まりました。",
        "outcome": an_outcome(),
        "causes": (RootCause.QUALITY_GAP,),
        "lessons": "休日に製造記録を取り出せませんでした。",
        "no_corrections": "手順どおりに進みました。",
        "edited_by": "suzuki",
    }
    return a_report(**written | changes)


def a_proposal(kind: ChangeKind = ChangeKind.MANUAL, **changes: Any) -> Proposal:
    proposal = Proposal(id=f"128-1-{kind}", generation=1, kind=kind, text="夜間の連絡先に電話を加える")
    return replace(proposal, **changes)


def answered_proposals(generation: int = 1) -> tuple[Proposal, ...]:
    """All three changes, each with its answer."""
    answer = {"answer": Answer.DECLINE, "reason": "いまの決まりで足りています。", "answered_by": "suzuki"}
    return tuple(
        a_proposal(kind, id=f"128-{generation}-{kind}", generation=generation, answered_at=NOON, **answer)
        for kind in ChangeKind
    )


def a_correction(**changes: Any) -> CorrectiveAction:
    action = CorrectiveAction(
        id="corr-1",
        generation=1,
        title="休日のロット照会の手順を作る",
        owner="ito",
        due_at=NOON + timedelta(days=30),
        check="訓練で1時間以内に照会できるか",
        check_at=NOON + timedelta(days=90),
        change_id="128-1-manual",
        added_by="suzuki",
        added_at=NOON + timedelta(hours=6),
    )
    return replace(action, **changes)


# ---- outbox ------------------------------------------------------------------------------------


def a_message(**changes: Any) -> Message:
    message = Message(
        person_id="nakano",
        channel=Channel.SMS,
        moment="page",
        level=Level.WARNING,
        incident_id="inc-00000000000000000000000128",
        incident_number=128,
        generation=1,
        params={"summary": "商品に異物混入とする写真"},
        nonce="0" * 31 + "1",
        check_number="47",
        cancel_when_decided="triage",
    )
    return replace(message, **changes)


def a_workflow_order(**changes: Any) -> WorkflowOrder:
    order = WorkflowOrder(
        command=WorkflowCommand.START_LIFECYCLE,
        incident_id="inc-00000000000000000000000128",
        name="inc-00000000000000000000000128-1",
        payload='{"incident_id":"inc-00000000000000000000000128","generation":1,"level":"warning"}',
    )
    return replace(order, **changes)


def a_message_row(**changes: Any) -> OutboxRow:
    row = OutboxRow(
        id="inc-00000000000000000000000128/1/warning/0/nakano/sms",
        body=a_message(),
        created_at=NOON + timedelta(minutes=1),
        due_at=NOON + timedelta(minutes=1),
    )
    return replace(row, **changes)


def a_chat_post(**changes: Any) -> ChatPost:
    post = ChatPost(
        target="ops",
        moment="page",
        level=Level.WARNING,
        incident_id="inc-00000000000000000000000128",
        incident_number=128,
        generation=1,
        params={"summary": "商品に異物混入とする写真"},
    )
    return replace(post, **changes)


def a_chat_row(**changes: Any) -> OutboxRow:
    row = OutboxRow(
        id="inc-00000000000000000000000128/1/warning/0/chat:ops",
        body=a_chat_post(),
        created_at=NOON + timedelta(minutes=1, seconds=1),
        due_at=NOON + timedelta(minutes=1),
    )
    return replace(row, **changes)


def a_workflow_row(**changes: Any) -> OutboxRow:
    row = OutboxRow(
        id="inc-00000000000000000000000128/1/start",
        body=a_workflow_order(),
        created_at=NOON + timedelta(minutes=1),
        due_at=NOON + timedelta(minutes=1),
    )
    return replace(row, **changes)
