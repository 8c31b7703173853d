"""What is reported to the headquarters is not believed before somebody else has checked it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError
from hikeshi.domain.facts import Verdict, holds
from hikeshi.domain.headquarters import InboundVerdict
from hikeshi.domain.inbound import adopt_report, file_report, judge_report
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.statements import Part, Sentence, StatementKind
from hikeshi.services.headquarters import headquarters_desk
from tests.builders import (
    NOON,
    a_room,
    a_statement,
    a_verified_report,
    an_approval,
    an_inbound_report,
    an_incident,
)
from tests.fakes.stage import Stage

ID = an_incident().id


def test_s0_13_a_report_comes_in_unverified_whatever_it_says_of_itself() -> None:
    room, (event,) = file_report(a_room(), a_verified_report(fact="fact-1"))
    assert room.inbound == (an_inbound_report(),)
    assert "体調" not in str(event)


def test_s0_13_nobody_verifies_what_they_sent_themselves() -> None:
    room = a_room(inbound=(an_inbound_report(),))
    with pytest.raises(NotReadyError) as refused:
        judge_report(
            room, "inbound-1", verdict=InboundVerdict.VERIFIED, grounds="自分で見た", by="watanabe", at=NOON
        )
    assert refused.value.missing == ("other_checker",)


def test_s0_13_it_becomes_a_fact_only_once_it_is_verified_and_only_once() -> None:
    room = a_room(inbound=(an_inbound_report(), a_verified_report(id="inbound-2")))
    with pytest.raises(NotReadyError):
        adopt_report(room, "inbound-1", fact_id="fact-9", by="sato", at=NOON)
    room, _ = adopt_report(room, "inbound-2", fact_id="fact-9", by="sato", at=NOON)
    fact = room.fact("fact-9")
    assert (fact.verdict, fact.judged_by, fact.added_by) == (Verdict.CONFIRMED, "ito", "sato")
    assert holds(room.facts, "fact-9")
    with pytest.raises(AlreadyDecidedError):
        adopt_report(room, "inbound-2", fact_id="fact-10", by="sato", at=NOON)


def test_s0_13_the_fact_falls_with_the_report_and_the_statement_with_the_fact(stage: Stage) -> None:
    room = stage.room(IncidentStatus.RESPONDING, inbound=(a_verified_report(),))
    room = headquarters_desk.adopt_report(ID, by=stage.by("sato"), report_id="inbound-1")
    fact_id = room.facts[0].id
    said = (Sentence(part=Part.FACT, text="体調を崩された方がいます。", facts=(fact_id,)),)
    statement = a_statement(kind=StatementKind.FULL, sentences=said, approvals=(an_approval("tanaka"),))
    stage.incidents.put(replace(room, statement=statement))
    room = headquarters_desk.judge_report(
        ID, by=stage.by("ito"), report_id="inbound-1", verdict=InboundVerdict.REJECTED, grounds="別の商品"
    )
    assert room.fact(fact_id).verdict is Verdict.UNVERIFIED
    assert room.statement is not None
    assert room.statement.flagged_facts == (fact_id,)
    assert "tanaka" in stage.people_told("statement_flagged")
