"""The confectionery case: a photo at 12:57, an explanation at 15:57, and every step between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError, RefusedTextError
from hikeshi.domain.facts import Credibility, Verdict, holds
from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.publishing import hand_off_gaps, last_published
from hikeshi.domain.statements import StatementKind
from hikeshi.services.facts import fact_register
from hikeshi.services.messages.wording import Wording
from hikeshi.services.statements import statement_desk
from hikeshi.services.statements.statement_text import Draft
from tests.builders import NOON, a_draft, an_incident
from tests.fakes.stage import Stage

ID = an_incident().id
WORDS = Wording()
CHAIN = (
    ("写真の商品のロットは 0513 である", (), ("写真の印字", "製造記録")),
    ("ロット 0513 は半年前に出荷した", (1,), ("出荷伝票", "販売店の受領記録")),
    ("写真の幼虫は生後30日から40日である", (), ("専門機関の鑑定", "大学の研究者の所見")),
    ("虫は製造のときに入ったものではない", (2, 3), ()),
)
FULL = {
    "kind": StatementKind.FULL,
    "opening": "このたびはご心配をおかけしております。",
    "fact": (
        "写真の商品は、半年前に出荷したものです［1、2］。写っている幼虫は、生後30日から40日です［3］。"
        "製造時点で混入したものではありません［4］。"
    ),
    "action": "保管の方法を、あらためて商品の箱に記します。",
}


def say(stage: Stage, draft: Draft, *, version: int) -> Room:
    statement_desk.draft_statement(ID, by=stage.by("suzuki"), draft=draft)
    for person in ("sato", "tanaka"):
        statement_desk.approve_statement(ID, by=stage.by(person), version=version)
    return statement_desk.publish_statement(ID, by=stage.by("suzuki"), version=version)


def at(stage: Stage, hours: int, minutes: int) -> datetime:
    moment = NOON + timedelta(hours=hours - 12, minutes=minutes - 57)
    stage.clock.set(moment)
    return moment


def bear_out(stage: Stage, number: int) -> None:
    """Put a link of the chain on the register, with the sources that bear it out and a record of them."""
    claim, rests_on, sources = CHAIN[number - 1]
    ito = stage.by("ito")
    room = fact_register.add_fact(ID, by=ito, claim=claim, source="品質保証", key=True, rests_on=rests_on)
    fact = room.facts[-1].id
    for source in sources:
        fact_register.add_source(
            ID, by=ito, fact_id=fact, name=source, credibility=Credibility.A, origin="", url=""
        )
    fact_register.keep_proof(ID, by=ito, fact_id=fact, title=claim, content="記録の写し")
    fact_register.judge_fact(ID, by=ito, fact_id=fact, verdict=Verdict.CONFIRMED, basis="記録と鑑定")


def replay(stage: Stage) -> Room:
    stage.room(IncidentStatus.RESPONDING)
    at(stage, 13, 40)
    say(stage, a_draft(next_update_at=NOON + timedelta(hours=2, minutes=30)), version=1)
    for number, (hours, minutes) in enumerate(((14, 5), (14, 20), (15, 10), (15, 15)), start=1):
        at(stage, hours, minutes)
        bear_out(stage, number)
    at(stage, 15, 57)
    return say(stage, a_draft(next_update_at=NOON + timedelta(days=1), **FULL), version=2)


def test_s4_9_the_chain_is_verified_and_the_explanation_is_out_three_hours_after_the_post(
    stage: Stage,
) -> None:
    room = replay(stage)
    said = last_published(room)
    assert said is not None
    assert said.kind is StatementKind.FULL
    assert said.published_at == NOON + timedelta(hours=3)
    assert [holds(room.facts, fact) for fact in said.facts] == [True] * 4
    assert {(i, len(stage.proofs.files)) for i, _ in stage.proofs.files} == {(ID, 4)}
    assert [each.kind for each in room.earlier_statements] == [StatementKind.HOLDING]
    assert stage.incidents.kinds(ID).count("statement_published") == 2


def test_s4_9_the_holding_statement_could_not_have_said_it() -> None:
    stage = Stage()
    stage.room(IncidentStatus.RESPONDING)
    with pytest.raises(RefusedTextError) as refused:
        say(stage, a_draft(fact="製造時点で混入したものではありません。調査中です。"), version=1)
    assert refused.value.missing == ("cause_in_holding",)


@pytest.mark.parametrize("broken", range(4))
@pytest.mark.parametrize("verdict", [Verdict.REFUTED, Verdict.UNVERIFIED, Verdict.CANNOT_KNOW])
def test_s0_16_any_link_that_breaks_afterwards_flags_the_explanation_and_calls_its_people(
    stage: Stage, broken: int, verdict: Verdict
) -> None:
    fact = replay(stage).facts[broken].id
    stage.clock.advance(minutes=30)
    room = fact_register.judge_fact(ID, by=stage.by("ito"), fact_id=fact, verdict=verdict, basis="再鑑定")
    assert room.statement is not None
    assert room.statement.flagged_at == stage.clock.now()
    assert fact in room.statement.flagged_facts
    assert stage.people_told("statement_flagged") == ["sato", "suzuki", "tanaka"]


@pytest.mark.parametrize("broken", range(4))
@pytest.mark.parametrize("how", ["refuted", "unverified", "cannot_know", "deleted", "one origin left"])
@pytest.mark.parametrize("approvals", [0, 1, 2])
def test_s0_16_a_statement_with_an_unverified_claim_is_blocked(
    stage: Stage, broken: int, how: str, approvals: int
) -> None:
    replay(stage)
    promise = NOON + timedelta(days=1)
    statement_desk.draft_statement(ID, by=stage.by("suzuki"), draft=a_draft(next_update_at=promise, **FULL))
    people = ("sato", "tanaka")
    for person in people[:approvals]:
        statement_desk.approve_statement(ID, by=stage.by(person), version=3)
    room = stage.incidents.room(ID)
    fact = room.facts[broken]
    if how == "deleted":
        facts = tuple(each for each in room.facts if each is not fact)
        stage.incidents.put(replace(room, facts=facts))
    elif how == "one origin left":
        alone = replace(fact, sources=fact.sources[:1], rests_on=())
        stage.incidents.put(replace(room, facts=tuple(alone if f is fact else f for f in room.facts)))
    else:
        fact_register.judge_fact(
            ID, by=stage.by("ito"), fact_id=fact.id, verdict=Verdict(how), basis="再鑑定"
        )
    before = stage.incidents.room(ID)
    assert before.statement is not None
    assert set(hand_off_gaps(before, before.statement)) & {"facts_hold", "flagged_statement"}
    acts: tuple[Callable[[], Room], ...] = (
        lambda: statement_desk.approve_statement(ID, by=stage.by("takahashi"), version=3),
        lambda: statement_desk.publish_statement(ID, by=stage.by("suzuki"), version=3),
    )
    for act in acts:
        with pytest.raises((NotReadyError, AlreadyDecidedError)):
            act()
    assert stage.incidents.room(ID) == before
