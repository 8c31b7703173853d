"""The largest incident: as much of everything as a room takes, each text as long as its form lets it be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from hikeshi.domain.care import CareItem, CareStep, Consent, Harm, HarmKind, Protection, Sighting
from hikeshi.domain.experts import MOST_FILES, Exhibit, ExhibitKind, Opinion, SharedFile
from hikeshi.domain.facts import Credibility, FactSource, Proof, Verdict
from hikeshi.domain.file_kinds import FileKind
from hikeshi.domain.headquarters import Ground, InboundVerdict, SourceKind
from hikeshi.domain.masking import Names
from hikeshi.domain.reports import Feedback
from hikeshi.domain.statements import Part, Sentence, Statement, StatementKind
from hikeshi.domain.support import Answer, CareCheck
from hikeshi.domain.takedowns import TakedownState
from tests.builders import (
    a_bulletin,
    a_circle,
    a_compensation,
    a_consultation,
    a_correction,
    a_fact,
    a_sighting,
    a_statement,
    a_surge,
    a_takedown,
    a_task,
    a_verified_report,
    an_evidence_file,
    an_inquiry,
    an_own_post,
)
from tests.unit.pages import scenes
from tests.unit.pages.scenes import Scene, event, minute

Made = TypeVar("Made")
URL = "https://matome.example.jp/" + "a" * 470
OPENED = scenes.found().room.incident.opened_at


def long(letters: int) -> str:
    """Return a text of so many letters, three bytes each."""
    return "確" * letters


def many(count: int, make: Callable[[int], Made]) -> tuple[Made, ...]:
    return tuple(make(n) for n in range(1, count + 1))


def vast(scene: Scene) -> Scene:
    """Return a scene in which everything is there as often as a room takes it."""
    parts: dict[str, Any] = {
        "facts": many(200, _fact),
        "tasks": many(100, _task),
        "statement": _statement(40),
        "earlier_statements": many(39, _statement),
        "consultations": many(40, _consultation),
        "inquiries": many(500, _inquiry),
        "compensations": many(500, _compensation),
        "surges": many(20, lambda n: a_surge(id=f"surge-{n}", people=("yamada",) * 20)),
        "care_checks": many(
            60, lambda n: CareCheck(id=f"c{n}", by="sato", at=OPENED, calm=True, note=long(300))
        ),
        "takedowns": many(300, _takedown),
        "own_posts": many(50, _own_post),
        "protections": many(10, _protection),
        "harms": many(300, _harm),
        "feedback": many(40, _feedback),
        "corrections": many(100, _correction),
        "inbound": many(300, _report),
        "bulletins": many(60, _bulletin),
        "sightings": many(100, _sighting),
        "files": many(300, _file),
    }
    head = replace(
        scene.room.incident,
        title=long(40),
        quote=long(400),
        circle=a_circle(people=tuple(f"person-{n}" for n in range(60)), reason=long(500)),
        one_view_because=long(500),
        protects=10,
    )
    posts = tuple(
        replace(kept, post=replace(kept.post, text=long(1000), url=URL), why_grouped=long(200))
        for kept in scenes.posts(500, every=0.06)
    )
    alert = replace(scene.alerts[0][0], posts=500)
    noise = (event("fact_added", 60, actor="sato", claim=long(300)) for _ in range(400))
    room = replace(scene.room, incident=head, **parts)
    gathered = scenes.gathered().room.headquarters
    return replace(
        scene,
        room=replace(room, headquarters=gathered),
        events=(*scene.events, *noise),
        alerts=((alert, posts),),
    )


def _fact(n: int) -> Any:
    source = FactSource(
        name=long(200), credibility=Credibility.A, origin=long(200), url=URL, added_by="ito", added_at=OPENED
    )
    proof = Proof(title=long(120), uri=URL, sha256="c5" * 32, kept_by="ito", kept_at=OPENED)
    judged = {"verdict": Verdict.CONFIRMED, "judged_by": "ito", "judged_at": minute(60)} if n % 3 else {}
    return a_fact(
        id=f"fact-{n}",
        claim=long(300),
        source=long(200),
        basis=long(1000),
        sources=(source,) * 20,
        proofs=(proof,) * 20,
        rests_on=("fact-1",) if n > 1 else (),
        **judged,
    )


def _task(n: int) -> Any:
    done = {"done_by": "ito", "done_at": minute(100), "result": long(1000)} if n % 2 else {}
    return a_task(id=f"1-t{n}", title=long(120), **done)


def _statement(n: int) -> Statement:
    lengths = {Part.OPENING: 400, Part.FACT: 1500, Part.ACTION: 1000, Part.CONTACT: 400, Part.CARE: 400}
    sentences = tuple(
        Sentence(part=part, text=long(49) + "。", facts=("fact-1", "fact-2"))
        for part, length in lengths.items()
        for _ in range(length // 50)
    )
    text = "".join(each.text for each in sentences)
    return a_statement(
        kind=StatementKind.FULL, text=text, sentences=sentences, version=n, tone_reason=long(500)
    )


def _consultation(n: int) -> Any:
    files = many(MOST_FILES, _shared)
    shared = Exhibit(kind=ExhibitKind.FACT, ref="fact-1", text=long(1300), sha256="c5" * 32, files=files[:20])
    rest = Exhibit(kind=ExhibitKind.FACT, ref="fact-2", text=long(1300), sha256="c5" * 32, files=files[20:])
    others = many(48, lambda m: Exhibit(kind=ExhibitKind.FACT, ref=f"fact-{m}", text=long(1300)))
    exhibits = (shared, rest, *others)
    opinion = Opinion(text=long(8000), given_at=minute(120), sha256="5e" * 32)
    return a_consultation(
        id=f"consultation-{n}",
        number=n,
        expert="kobayashi",
        question=long(2000),
        exhibits=exhibits,
        nonce=f"{n:032x}",
        opinion=opinion if n < 40 else None,
        until=minute(4000),
    )


def _shared(n: int) -> SharedFile:
    return SharedFile(id=f"file-{n}", title=long(120), kind=FileKind.JPEG, size=4 << 20, sha256="c5" * 32)


def _inquiry(n: int) -> Any:
    said = Answer(text=long(300), by="watanabe", at=minute(80)) if n % 2 else None
    return an_inquiry(id=f"inquiry-{n}", gist=long(300), reply=said, public=said)


def _compensation(n: int) -> Any:
    return a_compensation(id=f"compensation-{n}", what=long(100))


def _takedown(n: int) -> Any:
    states = (TakedownState.APPROVED, TakedownState.DRAFT, TakedownState.PROPOSED)
    return a_takedown(
        id=f"takedown-{n}",
        number=n,
        url=f"{URL}/{n}",
        passage=long(2000),
        reason=long(500),
        doubt_reason=long(500),
        state=states[n % 3],
    )


def _own_post(n: int) -> Any:
    return an_own_post(id=f"own-{n}", number=n, url=f"{URL}/{n}", text=long(2000), wrong=long(500))


def _protection(n: int) -> Protection:
    names = Names(family=f"早乙女{n}", given="翔太", nicknames=(f"しょう{n}たん",))
    consent = Consent(
        terms=tuple(f"語{m}" for m in range(30)),
        how=long(500),
        taken_by="kato",
        recorded_at=OPENED,
        until=OPENED + timedelta(days=90),
    )
    return Protection(
        id=f"care-{n:02d}",
        label="ABCDEFGHIJ"[n - 1],
        opened_by="kato",
        opened_at=OPENED,
        items=tuple(CareItem(step=step, due_at=OPENED, note=long(1000)) for step in CareStep),
        names=names,
        consents=(consent,) * 20,
        sightings=many(200, lambda m: Sighting(post=f"p{m}", source="kuchikomi", url=URL, seen_at=OPENED)),
    )


def _harm(n: int) -> Harm:
    return Harm(
        id=f"harm-{n}",
        person="care-01",
        kind=HarmKind.ABUSE,
        what=long(1000),
        effect=long(1000),
        noted_by="kato",
        noted_at=OPENED,
    )


def _feedback(n: int) -> Feedback:
    return Feedback(
        generation=1, by=f"person-{n}", at=OPENED, speed=4, precision=4, correctness=4, note=long(300)
    )


def _correction(n: int) -> Any:
    done = {"done_by": "ito", "done_at": minute(400), "result": long(1000)} if n % 2 else {}
    return a_correction(id=f"corr-{n}", title=long(200), check=long(200), **done)


def _report(n: int) -> Any:
    report = a_verified_report(id=f"inbound-{n}", source=long(200), words=long(300), grounds=long(500))
    return report if n % 3 else replace(report, verdict=InboundVerdict.UNVERIFIED, judged_by=None)


def _bulletin(n: int) -> Any:
    grounds = many(30, lambda m: Ground(id=f"fact-{m}", words=long(300)))
    return a_bulletin(number=n, picture=long(1000), guidance=long(1000), grounds=grounds)


def _sighting(n: int) -> Any:
    kind = tuple(SourceKind)[n % len(SourceKind)]
    return a_sighting(id=f"sighting-{n}", kind=kind, finding=long(1000), url=URL)


def _file(n: int) -> Any:
    about = (f"fact-{1 + n // 20}", f"takedown-{1 + n // 20}", f"inbound-{1 + n // 20}")[n % 3]
    return an_evidence_file(id=f"file-{n}", about=about, title=long(120), label=long(80))
