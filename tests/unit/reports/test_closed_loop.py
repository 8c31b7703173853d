"""One incident asks for three changes, and what is accepted ends up in the files."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hikeshi.domain.assessment import Category
from hikeshi.domain.errors import ConfigError, InvalidFormError
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent
from hikeshi.domain.manuals import InvalidManualError, amended, diff_of, next_version, overdue, page_of
from hikeshi.domain.reporting import current_proposals
from hikeshi.domain.reports import Answer, ChangeKind, Proposal, RootCause
from hikeshi.services.audit.reminders import due_reminders
from hikeshi.services.incidents.lifecycle import advance_incident
from hikeshi.services.incidents.open_incident import open_incident
from hikeshi.services.incidents.past_cases import nearest_cases
from hikeshi.services.messages.wording import LANGUAGES, Wording
from hikeshi.services.reports import report_desk
from hikeshi.services.reports.draft_report import draft_report
from hikeshi.services.reports.proposing import proposals_for
from hikeshi.services.reports.question_text import question_of
from infra.configuring.manual import read_manual
from infra.reporting.applying import accepted, apply
from tests.builders import (
    NOON,
    a_configuration,
    a_correction,
    a_last_word,
    a_proposal,
    a_report,
    a_room,
    a_written_report,
    an_alert,
    an_incident,
)
from tests.fakes.stage import Stage

SHIPPED = Path("infra/config")
PAGE = page_of("crisis", (SHIPPED / "manual/crisis.md").read_text("utf-8"))
HEAD = "# 題\n版: 1.9\n見直した日: 2026-05-01\n次の見直し: 2026-11-01\n"


def drafted(stage: Stage, *, new_words: tuple[str, ...] = ("ひのまる幼虫",)) -> Room:
    """An incident whose report is drafted."""
    stage.configuration = a_configuration(manual=(PAGE,))
    room = stage.room(IncidentStatus.REPORTING)
    spread = replace(room.incident.spread, new_words=new_words)
    stage.incidents.put(replace(room, incident=replace(room.incident, spread=spread)))
    return draft_report(room.incident.id, stage.drafting)


# ---- three changes -----------------------------------------------------------------------------------


def test_s2_31_one_incident_asks_for_three_changes_with_ids_of_their_own(stage: Stage) -> None:
    changes = current_proposals(drafted(stage))
    assert [each.id for each in changes] == ["128-1-manual", "128-1-watch_word", "128-1-question"]
    manual, words, question = changes
    assert words.text == "ひのまる幼虫"
    assert question_of(question.text).right.startswith("投稿の場所と時刻を控え")
    assert manual.base == PAGE.version
    assert f"+- {manual.text}" in manual.diff.splitlines()


def test_s1_18_the_root_cause_chooses_where_the_manual_changes_and_the_lesson_what(stage: Stage) -> None:
    room = drafted(stage)
    noted = report_desk.note_lessons(
        room.incident.id,
        by=stage.by("suzuki"),
        causes=(RootCause.DECISION_GAP,),
        lessons="夜間に決める方が決まっていませんでした。\n次の行",
    )
    manual = current_proposals(noted)[0]
    assert manual.target == "crisis#3. 体制と判断"
    assert manual.text == "夜間に決める方が決まっていませんでした（#128の振り返り）"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("cause", RootCause)
def test_every_category_and_cause_has_changes_to_offer(
    category: Category, cause: RootCause, language: str
) -> None:
    room = a_room(incident=an_incident(category=category), report=a_report(causes=(cause,)))
    manual, _, question = proposals_for(room, (PAGE,), Wording(language))
    section = manual.target.partition("#")[2]
    assert f"## {section}" in PAGE.text, "the shipped manual has the section"
    assert len(question_of(question.text).wrong) == 2


def test_a_question_without_its_parts_is_not_accepted(stage: Stage) -> None:
    room = drafted(stage)
    with pytest.raises(InvalidFormError) as refused:
        report_desk.answer_proposal(
            room.incident.id,
            by=stage.by("suzuki"),
            proposal_id="128-1-question",
            answer=Answer.ACCEPT,
            text="問い　どうしますか\n○　知らせる",
            reason="",
        )
    assert refused.value.field == "change_text"


# ---- into the files ----------------------------------------------------------------------------------


def an_accepted(kind: ChangeKind, text: str, **changes: str) -> Proposal:
    return a_proposal(kind, text=text, answer=Answer.ACCEPT, **changes)


def test_a_file_that_is_not_utf_8_is_left_as_it_is_and_told(tmp_path: Path) -> None:
    questions = tmp_path / "training/questions.toml"
    questions.parent.mkdir()
    questions.write_bytes("# 問題\n".encode("cp932"))
    change = an_accepted(ChangeKind.QUESTION, Wording().text("test_question.product").strip())
    with pytest.raises(ConfigError, match="UTF-8 で保存してください"):
        apply(change, an_incident(), tmp_path)
    assert questions.read_bytes() == "# 問題\n".encode("cp932")


def test_c_one_incident_yields_three_linked_changes_in_the_files(tmp_path: Path) -> None:
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual/crisis.md").write_text(PAGE.text, "utf-8")
    incident = an_incident(quote="チョコからひのまる幼虫が出てきた")
    question = Wording().text("test_question.product").strip()
    changes = (
        an_accepted(ChangeKind.MANUAL, "夜間に決める方を名簿に定める", target="crisis#3. 体制と判断"),
        an_accepted(ChangeKind.WATCH_WORD, "ひのまる幼虫"),
        an_accepted(ChangeKind.QUESTION, question),
    )
    room = a_room(incident=incident, proposals=(*changes, a_proposal(id="128-0-manual")))
    assert [each for _, each in accepted([room])] == list(changes)
    for change in changes:
        written = apply(change, incident, tmp_path)
        assert written is not None
        assert apply(change, incident, tmp_path) is None, "applied twice it is the same"
    (page,), problems = read_manual(tmp_path)
    assert not problems
    grown = page_of("crisis", page.text)
    assert grown.version == "1.1"
    assert "- 夜間に決める方を名簿に定める\n\n## 4. 事実の確認" in grown.text
    learned = tomllib.loads((tmp_path / "lexicon/learned.toml").read_text("utf-8"))
    assert learned["words"]["learned_128_1_watch_word"]["terms"] == ["ひのまる幼虫"]
    (stored,) = tomllib.loads((tmp_path / "training/questions.toml").read_text("utf-8"))["question"]
    assert (stored["id"], stored["category"], len(stored["wrong"])) == ("128-1-question", "contamination", 2)


def test_what_nobody_accepted_is_not_applied(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="128-1-manual"):
        apply(a_proposal(), an_incident(), tmp_path)
    assert not list(tmp_path.iterdir())


# ---- the manual --------------------------------------------------------------------------------------


def test_s0_21_the_shipped_manual_has_a_version_and_a_day_of_review() -> None:
    assert (PAGE.title, PAGE.version) == ("危機管理マニュアル", "1.0")
    assert overdue((PAGE,), PAGE.review_by) == ()
    assert overdue((PAGE,), PAGE.review_by + timedelta(days=1)) == (PAGE,)


def test_s0_21_a_change_is_one_more_line_shown_as_a_diff_against_the_version() -> None:
    page = page_of("crisis", f"{HEAD}\n## 一\n\n- あ\n\n## 二\n\n- い\n")
    new = amended(page, section="一", line="う\nえ")
    assert new == f"{HEAD}\n## 一\n\n- あ\n- う え\n\n## 二\n\n- い\n"
    assert diff_of(page, new).splitlines() == [
        "--- manual/crisis.md 1.9",
        "+++ manual/crisis.md",
        "@@ -8,2 +8,3 @@",
        " - あ",
        "+- う え",
        " ",
    ]
    assert amended(page, section="三", line="う").endswith("- い\n\n## 三\n\n- う\n")
    assert (next_version("1.9"), next_version("2026春")) == ("1.10", "2026春.1")


@pytest.mark.parametrize(
    ("text", "field", "line"),
    [
        ("", "#", 1),
        ("題", "#", 1),
        ("# 題\n1.0", "版", 2),
        ("# 題\n版: 1.0\n見直した日: 昨日\n次の見直し: 2026-11-01", "見直した日", 3),
        ("# 題\n版: 1.0\n見直した日: 2026-05-01", "次の見直し", 4),
        ("# 題\n版: 1.0\n見直した日: 2026-05-01\n次の見直し: 2026-04-01", "次の見直し", 4),
    ],
)
def test_a_manual_without_its_head_is_refused_with_the_line(text: str, field: str, line: int) -> None:
    with pytest.raises(InvalidManualError) as refused:
        page_of("crisis", text)
    assert (refused.value.field, refused.value.line) == (field, line)


def test_a_wrong_page_is_a_problem_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual/crisis.md").write_text("# 題\n版: 1.0\n", "utf-8")
    pages, (problem,) = read_manual(tmp_path)
    assert pages == ()
    assert problem.one_line().startswith("manual/crisis.md:3: 見直した日: マニュアルの先頭の行が")
    assert "2026-11-01" in problem.remedy("en")


# ---- after the end -----------------------------------------------------------------------------------


def test_s1_14_an_overdue_action_is_asked_for_every_week_and_then_its_effect() -> None:
    action = a_correction()
    closed = an_incident(status=IncidentStatus.CLOSED, lead="sato", closed_at=NOON)
    room = a_room(incident=closed, corrections=(action,))

    def due(room: Room, at: datetime) -> list[str]:
        return [
            each.key for each in due_reminders(room, a_configuration(), at=at) if each.key.startswith("corr")
        ]

    assert due(room, action.due_at - timedelta(minutes=1)) == []
    assert due(room, action.due_at) == ["corr-1/work/0"]
    weeks = due(room, action.due_at + timedelta(weeks=2))
    assert weeks == ["corr-1/work/0", "corr-1/work/1", "corr-1/work/2"]
    done = replace(action, done_by="ito", done_at=action.due_at)
    room = replace(room, corrections=(done,))
    assert due(room, action.check_at - timedelta(minutes=1)) == []
    assert due(room, action.check_at) == ["corr-1/check/0"]
    room = replace(room, corrections=(replace(done, checked_by="sato", checked_at=action.check_at),))
    assert due(room, action.check_at + timedelta(weeks=9)) == []


# ---- past cases --------------------------------------------------------------------------------------


def a_past(number: int, **changes: Any) -> Incident:
    past = an_incident(
        id=f"inc-{number:026d}",
        number=number,
        status=IncidentStatus.CLOSED,
        closed_at=NOON - timedelta(days=number),
        worked="休日でも記録を照会できました",
    )
    return replace(past, **changes)


def test_s0_20_the_nearest_past_cases_are_those_of_the_kind_with_the_same_words() -> None:
    new = an_incident(quote="チョコに幼虫が入っていた")
    past = [
        a_past(1, quote="クッキーに髪の毛"),
        a_past(2, quote="チョコに幼虫が入っていた、最悪"),
        a_past(3, category=Category.LEAK, quote="名簿が流出した"),
        a_past(4, worked=""),
        a_past(5, drill="drill-1"),
        a_past(6, protects=1),
        a_past(7, closed_at=None),
    ]
    found = nearest_cases(new, past)
    assert [case.number for case in found] == [2, 1]
    assert found[0].likeness > found[1].likeness


def test_s0_20_a_new_incident_shows_the_nearest_old_case_and_what_worked(stage: Stage) -> None:
    room = stage.room(IncidentStatus.REPORTING)
    old = replace(room, incident=replace(room.incident, id="inc-old", number=7, lead="sato"))
    stage.incidents.put(replace(old, report=a_written_report(), statement=a_last_word()))
    del stage.incidents.rooms[room.incident.id]
    draft_report("inc-old", stage.drafting)
    stage.write_report("inc-old", signers=("tanaka", "sato"))
    advance_incident("inc-old", LifecycleEvent.REPORT_SIGNED, stage.lifecycle)
    stage.incidents.topics.clear()
    stage.clock.advance(days=60)
    stage.keep(an_alert(incident_id=None))
    opened = open_incident(an_alert().id, stage.opening)
    assert opened.incident_id not in (None, "inc-old")
    (case,) = stage.incidents.room(str(opened.incident_id)).incident.similar
    assert (case.number, case.worked) == (7, "検知から4分で担当が決まりました。")
    assert case.causes == (RootCause.QUALITY_GAP,)
