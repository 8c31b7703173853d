"""Nothing ends on a holding statement: a full one is out and stands, or somebody says why there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hikeshi.domain.errors import AlreadyDecidedError, NotReadyError
from hikeshi.domain.incidents import Room
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.publishing import is_last_word_open, last_word_gaps, waive_statement
from hikeshi.domain.reporting import report_gaps, sign_report
from hikeshi.domain.statements import Statement, StatementKind
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.final_report import report_markdown
from hikeshi.services.statements.statement_promises import promised_update
from tests.builders import (
    NOON,
    a_last_word,
    a_room,
    a_roster,
    a_statement,
    a_written_report,
    an_approved_statement,
    an_incident,
    answered_proposals,
)
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener, open_stage
from tests.unit.pages.stage import NUMBER

__all__ = ["open_stage"]

LATE = NOON + timedelta(hours=20)
HOLDING = a_last_word(kind=StatementKind.HOLDING)
FALLEN = a_last_word(flagged_at=NOON + timedelta(hours=2), flagged_facts=("fact-1",))


def reporting(statement: Statement | None, **changes: Any) -> Room:
    """A room whose report lacks nothing; only the public word is looked at."""
    ready: dict[str, Any] = {"report": a_written_report(), "proposals": answered_proposals()}
    head = an_incident(status=IncidentStatus.REPORTING, lead="sato")
    return a_room(incident=head, statement=statement, **ready | changes)


def ended(room: Room) -> Room:
    after, _ = waive_statement(room, by="sato", at=LATE, reason="調査の結果は店頭でお伝えします")
    return after


@pytest.mark.parametrize(
    ("room", "gap"),
    [
        (reporting(None), "final_word"),
        (reporting(a_statement()), "final_word"),
        (reporting(an_approved_statement()), "unpublished_word"),
        (reporting(an_approved_statement(kind=StatementKind.FULL)), "unpublished_word"),
        (reporting(HOLDING), "final_word"),
        (reporting(a_statement(version=2), earlier_statements=(HOLDING,)), "final_word"),
        (reporting(FALLEN), "corrected_word"),
        (reporting(None, earlier_statements=(a_last_word(generation=0),)), "final_word"),
    ],
)
def test_without_a_last_word_nobody_signs_and_what_is_missing_is_named(room: Room, gap: str) -> None:
    assert report_gaps(room) == (gap,)
    with pytest.raises(NotReadyError) as refused:
        sign_report(room, version=1, by="sato", roles=frozenset(), at=LATE)
    assert refused.value.missing == (gap,)


@pytest.mark.parametrize(
    "room",
    [
        reporting(a_last_word()),
        reporting(a_statement(version=2), earlier_statements=(a_last_word(),)),
        ended(reporting(None)),
        ended(reporting(HOLDING)),
        ended(reporting(FALLEN)),
    ],
)
def test_a_full_statement_that_stands_or_a_decision_with_its_reason_is_a_last_word(room: Room) -> None:
    assert report_gaps(room) == ()


def test_the_decision_is_told_apart_from_saying_nothing_at_all_and_kept_with_its_reason() -> None:
    room, events = waive_statement(reporting(HOLDING), by="sato", at=LATE, reason="店頭でお伝えします")
    assert [(each.kind, each.details) for each in events] == [
        ("statement_ended", {"reason": "店頭でお伝えします"})
    ]
    report = report_markdown(room, timeline=(), roster=a_roster(), words=Wording())
    assert "第1案（第一報（調査中））を公表しました（鈴木 健、" in report
    assert "これ以上は公表しないと決めました（佐藤 花子、2026年5月14日 08:57（日本時間））。" in report
    assert "理由：店頭でお伝えします" in report
    nothing, events = waive_statement(reporting(None), by="sato", at=LATE, reason="個別にお伝えします")
    assert [each.kind for each in events] == ["statement_waived"]
    assert "公表しないと決めました" in report_markdown(
        nothing, timeline=(), roster=a_roster(), words=Wording()
    )


@pytest.mark.parametrize("said", [a_last_word(), an_approved_statement()])
def test_what_is_said_or_waits_to_be_put_out_is_not_taken_back_by_a_decision(said: Statement) -> None:
    with pytest.raises(AlreadyDecidedError):
        ended(reporting(said))


def test_a_decision_is_taken_once_and_falls_when_what_is_out_falls_after_it() -> None:
    room = ended(reporting(HOLDING))
    with pytest.raises(AlreadyDecidedError):
        ended(room)
    fell = replace(HOLDING, flagged_at=LATE + timedelta(hours=1), flagged_facts=("fact-1",))
    fallen = replace(room, earlier_statements=(fell,))
    assert last_word_gaps(fallen) == ("corrected_word",)
    assert is_last_word_open(fallen)


def test_the_decision_takes_the_promised_update_back() -> None:
    room = reporting(HOLDING)
    assert [each.kind for each in promised_update(room)] == ["promise_reminded", "promise_missed"]
    assert list(promised_update(ended(room))) == []


def test_the_page_says_what_is_missing_and_takes_the_decision(open_stage: Opener) -> None:
    scene = scenes.to_sign()
    holding = replace(scene.room, statement=HOLDING)
    browser = open_stage(replace(scene, room=holding))
    page = browser.room("sato").text
    assert "公式見解がまだ公表されていません。公表文の画面で公式見解を公表するか、" in page
    assert "完了の前に、公式見解の公表か、これ以上は公表しないという決定が必要です。" in page
    assert "お約束した次の更新の連絡を止めます。" in page
    assert "/sign-report" not in page
    path = f"/r/{browser.stage.link('sato')}/waive-statement"
    assert browser.post(path, {"reason": "", "check_number": NUMBER}).status == 400
    answer = browser.post(path, {"reason": "店頭でお伝えします", "check_number": NUMBER})
    assert answer.status == 303
    page = browser.room("sato").text
    assert "これ以上は公表しないと決めました。理由：店頭でお伝えします" in page
    assert "に公表済み（以後なし）" in page
    assert "/sign-report" in page
    assert "/waive-statement" not in page
