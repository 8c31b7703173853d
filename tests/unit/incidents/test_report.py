from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from hikeshi.domain.decisions import ask
from hikeshi.domain.facts import Verdict
from hikeshi.domain.headquarters import SourceKind
from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent
from hikeshi.domain.timeline import first_broken
from hikeshi.services.facts import fact_register
from hikeshi.services.headquarters import headquarters_desk
from hikeshi.services.incidents import respond
from hikeshi.services.incidents.lifecycle import advance_incident, request_decision
from hikeshi.services.incidents.open_incident import open_incident
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.draft_report import draft_report
from hikeshi.services.reports.final_report import finished_report
from hikeshi.services.reports.report_blocks import one_cell
from hikeshi.services.reports.report_document import html_of
from hikeshi.services.statements import statement_desk
from tests.builders import NOON, a_draft, a_post, a_report, an_alert, an_alerted_post
from tests.fakes.stage import Stage

E = LifecycleEvent
HOSTILE = "<script>alert(1)</script>\n# 見出し\n| 表 | を壊す |\n- 項目"


def walk(stage: Stage) -> Room:
    """Walk the confectionery incident from the post to the signature, the way people would."""
    stage.keep(an_alert(incident_id=None), an_alerted_post())
    incident_id = open_incident(an_alert().id, stage.opening).incident_id
    assert incident_id is not None
    lifecycle, clock = stage.lifecycle, stage.clock

    def step(slot: Slot, *events: LifecycleEvent) -> None:
        request_decision(incident_id, slot, f"token-{slot}", lifecycle)
        for event in events:
            advance_incident(incident_id, event, lifecycle)

    clock.set(NOON + timedelta(minutes=4))
    respond.acknowledge(incident_id, by=stage.by("sato"))
    step(Slot.TRIAGE, E.ACKNOWLEDGED, E.FACT_CHECK_STARTED)
    clock.set(NOON + timedelta(minutes=35))
    fact_register.judge_fact(
        incident_id,
        by=stage.by("ito"),
        fact_id="1-claim-01",
        verdict=Verdict.CONFIRMED,
        basis="印字が一致しました",
    )
    headquarters_desk.add_sighting(
        incident_id, by=stage.by("suzuki"), kind=SourceKind.NEWS, finding="報道はありません", url=""
    )
    respond.establish_facts(incident_id, by=stage.by("sato"))
    step(Slot.FACT_CHECK, E.FACTS_ESTABLISHED)
    clock.set(NOON + timedelta(minutes=75))
    for task_id, person in (("1-lot", "ito"), ("1-desk", "watanabe"), ("1-word", "suzuki")):
        respond.complete_task(incident_id, by=stage.by(person), task_id=task_id, result="済みました")
    statement_desk.draft_statement(
        incident_id,
        by=stage.by("suzuki"),
        draft=a_draft(),
    )
    clock.set(NOON + timedelta(minutes=92))
    statement_desk.approve_statement(incident_id, by=stage.by("sato"), version=1)
    statement_desk.approve_statement(incident_id, by=stage.by("tanaka"), version=1)
    statement_desk.publish_statement(incident_id, by=stage.by("suzuki"), version=1)
    step(Slot.RESPONSE, E.RESPONSE_COMPLETED)
    clock.set(NOON + timedelta(hours=7))
    respond.declare_calm(incident_id, by=stage.by("sato"), basis="1時間に1件未満です")
    step(Slot.CALMING, E.CALMED)
    draft_report(incident_id, stage.drafting)
    stage.write_report(incident_id, signers=("suzuki", "sato"))
    step(Slot.REPORT, E.REPORT_SIGNED)
    return stage.incidents.room(incident_id)


def test_s2_7_an_incident_walks_from_the_post_to_a_signed_report(stage: Stage) -> None:
    room = walk(stage)
    assert room.incident.status is IncidentStatus.CLOSED
    assert first_broken(stage.incidents.timeline(room.incident.id)) is None
    assert room.report is not None
    assert room.report.sha256 is not None
    (content, _) = stage.reports.files[room.incident.id, "report-1.html"]
    page = content.decode()
    assert hashlib.sha256(content).hexdigest() == room.report.sha256
    for text in (
        "対応完了報告書　#1 異物混入を訴える写真",
        "検知から4分で担当が決まりました。",
        "佐藤 花子（",
        "鈴木 健（",
        stage.incidents.timeline(room.incident.id)[-2].digest,
    ):
        assert text in page


def test_the_draft_answers_in_the_readers_order(stage: Stage) -> None:
    report = walk(stage).report
    assert report is not None
    headings = [line for line in report.body.splitlines() if line.startswith("#")]
    assert headings == [
        "# 対応完了報告書　#1 異物混入を訴える写真",
        "## 概要",
        "## 時系列",
        "## 事実確認",
        "## 対応",
        "### 品質保証",
        "### お客様相談室",
        "### 広報",
        "## 公表文",
        "## 広がり",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "- 最初の投稿：2026年5月13日 12:57（日本時間）　口コミ広場",
        "- 担当：佐藤 花子",
        "| 5月13日 13:01 | 佐藤 花子さんが担当になりました。 |",
        "| 5月13日 13:32 | 品質保証の伊藤 学さんに「製造ロットと出荷日の特定」を依頼しました。 |",
        "| 投稿の写真は当社の商品ですか | 「はい」と確認 | 印字が一致しました | 伊藤 学 5月13日 13:32 |",
        "- 製造ロットと出荷日の特定：伊藤 学が5月13日 14:12に完了。結果：済みました",
        "第一報（調査中）。作成 鈴木 健、承認 佐藤 花子（対策本部長）、田中 翠（法務）、5月13日 14:29",
        "> 当社の商品に関する投稿を確認いたしました。",
        "| 検知 | 5月13日 12:58 | 1分 |",
        "| 受信の確認 | 5月13日 13:01 | 4分 |",
        "| 事実確認の完了 | 5月13日 13:32 | 35分 |",
        "| 公表 | 5月13日 14:29 | 1時間32分 |",
        "| 沈静化の判断 | 5月13日 19:57 | 7時間 |",
        "公表の目標は、最初の投稿から3時間以内です。",
        "最初の投稿から1時間32分で公表しました。目標より1時間28分早く、目標内です。",
    ],
)
def test_the_draft_says_what_is_on_record(stage: Stage, line: str) -> None:
    report = walk(stage).report
    assert report is not None
    assert line in (report.body + report.response_figures).splitlines()


def test_no_poster_is_named(stage: Stage) -> None:
    report = walk(stage).report
    assert report is not None
    assert "momiji_0513" not in report.body


def test_a_draft_made_again_is_the_same_and_keeps_what_people_wrote(stage: Stage) -> None:
    written = a_report(evaluation="早かったです")
    room = stage.room(IncidentStatus.REPORTING, report=written)
    first = draft_report(room.incident.id, stage.drafting)
    assert first.report is not None
    assert (first.report.evaluation, first.report.body == written.body) == ("早かったです", False)
    assert draft_report(room.incident.id, stage.drafting) == first


def test_a_signed_report_stays_as_it_was_signed(stage: Stage) -> None:
    signed = a_report(signed_by="tanaka", signed_at=NOON)
    room = stage.room(IncidentStatus.REPORTING, report=signed)
    assert draft_report(room.incident.id, stage.drafting) == room


def test_an_incident_about_which_little_is_known_has_a_report_too(stage: Stage) -> None:
    room = stage.room(IncidentStatus.REPORTING)
    report = draft_report(room.incident.id, stage.drafting).report
    assert report is not None
    assert "公表文はありません。" in report.body
    assert "| 公表 | — | — |" in report.response_figures


def test_what_posters_wrote_stays_text(stage: Stage) -> None:
    alert = an_alert()
    post = a_post(text=HOSTILE)
    stage.keep(alert, an_alerted_post(post=post))
    room = stage.room(IncidentStatus.REPORTING)
    hostile = replace(room, incident=replace(room.incident, quote=HOSTILE))
    stage.incidents.put(hostile)
    drafted = draft_report(room.incident.id, stage.drafting)
    assert drafted.report is not None
    page = finished_report(
        drafted,
        timeline=(),
        roster=stage.configuration.roster,
        words=stage.lifecycle.words,
    ).decode()
    assert "<script" not in page
    assert "<h1>見出し" not in page
    assert page.count("<td>表</td>") == 0


def test_the_page_stands_alone(stage: Stage) -> None:
    room = ask(stage.room(report=a_report()), Slot.REPORT, task_token="secret-token", at=NOON)
    page = finished_report(
        room, timeline=(), roster=stage.configuration.roster, words=stage.lifecycle.words
    ).decode()
    assert page.startswith('<!doctype html>\n<html lang="ja">')
    for forbidden in ("src=", "href=", "@import", "url(", "secret-token"):
        assert forbidden not in page


def test_the_few_kinds_of_lines_become_html() -> None:
    markdown = "# 題\n\n文\n続き\n\n- 一\n- 二\n\n> 引用\n\n| 甲 | 乙 |\n|---|---|\n| 1 | & |\n"
    assert html_of(markdown, Wording()) == (
        "<h1>題</h1>\n<p>文<br>続き</p>\n<ul>\n<li>一</li>\n<li>二</li>\n</ul>\n"
        "<blockquote>引用</blockquote>\n<table>\n"
        '<tr><th scope="col">甲</th><th scope="col">乙</th></tr>\n'
        "<tr><td>1</td><td>&amp;</td></tr>\n</table>\n"
    )


def test_a_cell_is_one_line_without_bars() -> None:
    assert one_cell("一\n二\t三|四") == "一 二 三｜四"
