"""While departments work: statements, headquarters, takedowns, files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hikeshi.domain.actions import Role
from hikeshi.domain.facts import Credibility, FactSource, Proof, Verdict
from hikeshi.domain.file_kinds import FileKind
from hikeshi.domain.headquarters import Ground, InboundVerdict, Receipt, SourceKind
from hikeshi.domain.incidents import ResponseTask, Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.statements import Part, Sentence, StatementKind
from tests.builders import (
    a_bulletin,
    a_fact,
    a_headquarters,
    a_judged_fact,
    a_room,
    a_sighting,
    a_statement,
    a_takedown,
    a_task,
    a_verified_report,
    an_approval,
    an_approved_statement,
    an_evidence_file,
    an_inbound_report,
    an_own_post,
)
from tests.unit.pages.scenes.beginning import TAKEN, claims
from tests.unit.pages.scenes.parts import (
    HOLDING,
    Scene,
    alerted,
    decided,
    event,
    minute,
    moved,
    posts,
    the_incident,
)

RESPONDING = (
    *TAKEN,
    event("facts_established", 63, actor="sato"),
    event("status_changed", 63, **moved("fact_finding", "responding")),
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
    incident = the_incident(status=IncidentStatus.RESPONDING, lead="sato")
    slots = (decided(Slot.TRIAGE, 43, choice="acknowledged"), decided(Slot.FACT_CHECK, 63))
    facts = tuple(f if f.judged_by else replace(f, **CHECKED) for f in claims())
    room = a_room(
        incident=incident,
        facts=facts,
        tasks=_tasks(),
        statement=a_statement(drafted_at=minute(78)),
        slots=slots,
    )
    return Scene(room=replace(room, **changes), events=RESPONDING, at=minute(92), alerts=(alerted(posts()),))


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


CHECKED: dict[str, Any] = {
    "verdict": Verdict.REFUTED,
    "basis": "受付記録と医療機関からの連絡を確かめました",
    "judged_by": "watanabe",
    "judged_at": minute(60),
}
