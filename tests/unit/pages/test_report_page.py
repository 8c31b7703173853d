"""The completion report as a page to read and to print."""

from __future__ import annotations

import re
from dataclasses import replace

from hikeshi.domain.actions import Action
from hikeshi.domain.assessment import Fault
from hikeshi.domain.cases import PastCase
from hikeshi.domain.reports import RootCause
from hikeshi.services.reports.report_blocks import Block, blocks_of
from tests.builders import NOON
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener
from tests.unit.pages.whole_life import WHOLE_LIFE


def test_the_report_shows_its_draft_its_three_parts_and_its_signatures(open_stage: Opener) -> None:
    browser = open_stage(scenes.closed())
    token = browser.stage.link()
    page = browser.get(f"/r/{token}/report")
    assert page.status == 200
    headings = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page.text)
    assert headings[0] == "#128 完了報告書"
    assert headings[-4:] == ["対応の評価", "結果の評価", "反省と改善", "署名"]
    for said in ("夜間の連絡先に電話を加えます。", "署名済み　佐藤 花子さん 5月13日 18:57", "c0c0c0"):
        assert said in page.text
    assert f'href="../{token}"' in page.text


def test_what_changes_is_told_in_words_and_its_lines_stand_together(open_stage: Opener) -> None:
    browser = open_stage(scenes.closed())
    page = browser.get(f"/r/{browser.stage.link()}/report").text
    changes = page.split("次に向けた変更")[-1].split("署名")[0]
    manual, word, question = re.findall(r"<p>(.*?)</p>", changes)
    line = "休日でも一時間以内に製造記録を取り出せるようにする（#128の振り返り）"
    assert manual.split("<br>") == [
        "マニュアルの変更：採用（鈴木 健、反映の番号 128-1-manual）",
        f"内容：マニュアルの「事実の確認」の章に加える1行「{line}」",
        "理由：「品質・管理の不備」に備えるため",
    ]
    assert word.split("<br>")[0] == "見守る言葉の追加：見送り（鈴木 健）", "what is not applied has no number"
    assert "正解「監視デスクへ知らせる」" in question
    assert not any(sign in changes for sign in ("+++", "@@", "128-1-watch_word"))


def test_an_unsigned_report_says_so(open_stage: Opener) -> None:
    browser = open_stage(scenes.reporting())
    assert "まだ署名されていません。" in browser.get(f"/r/{browser.stage.link()}/report").text


def test_before_there_is_a_report_there_is_no_page(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    assert browser.get(f"/r/{browser.stage.link()}/report").status == 404


def test_a_list_at_the_top_leads_to_every_part_of_the_report(open_stage: Opener) -> None:
    browser = open_stage(scenes.closed())
    page = browser.get(f"/r/{browser.stage.link()}/report").text
    listed = re.findall(r'<li><a href="#(part-\d+)">(.*?)</a></li>', page)
    assert listed == re.findall(r'<h2 id="(part-\d+)-h">(.*?)</h2>', page)
    assert [anchor for anchor, _ in listed] == re.findall(r'<section id="(part-\d+)"', page)


def test_a_wide_table_names_the_column_of_each_cell_for_narrow_screens(open_stage: Opener) -> None:
    browser = open_stage(scenes.closed())
    page = browser.get(f"/r/{browser.stage.link()}/report").text
    wide = re.findall(r'<table class="stacked">.*?</table>', page, flags=re.DOTALL)
    assert wide
    for table in wide:
        columns = re.findall(r'<th scope="col">(.*?)</th>', table)
        rows = re.findall(r"<tr>(<td.*?)</tr>", table)
        assert all(re.findall(r'data-label="(.*?)"', row) == columns for row in rows)


def test_a_long_table_is_folded_under_the_number_of_its_rows(open_stage: Opener) -> None:
    scene = scenes.closed()
    rows = "".join(f"| 13:{minute:02} | {minute}番目のできごと |\n" for minute in range(11))
    assert scene.room.report is not None
    report = replace(scene.room.report, body=f"## 時系列\n\n| 時刻 | できごと |\n|---|---|\n{rows}")
    browser = open_stage(replace(scene, room=replace(scene.room, report=report)))
    page = browser.get(f"/r/{browser.stage.link()}/report").text
    (folded,) = re.findall(r'<details class="long">.*?</details>', page, flags=re.DOTALL)
    assert "<summary>表を見る（11行）</summary>" in folded
    assert "10番目のできごと" in folded


def test_s2_28_every_chart_has_the_numbers_of_the_table_beneath(open_stage: Opener) -> None:
    browser = open_stage(scenes.closed())
    page = browser.get(f"/r/{browser.stage.link()}/report").text
    (curve,) = re.findall(r'<svg class="chart".*?</tbody>', page, flags=re.DOTALL)
    drawn = re.findall(r"<title>(.*?)</title>", curve)
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td></tr>", curve)
    assert drawn == [f"{label} {count}" for label, count in rows if not count.startswith("0")]
    heights = [float(height) for height in re.findall(r'<rect [^>]*height="([\d.]+)"', curve)]
    counts = [int(count.removesuffix("件")) for _, count in rows if not count.startswith("0")]
    assert [round(height / 116 * max(counts)) for height in heights] == counts
    shares = re.findall(r"<td>(\d+)%</td><td><svg class=\"share\".*?<rect width=\"([\d.]+)\"", page)
    assert [round(float(width)) for _, width in shares] == [int(share) for share, _ in shares] != []


def test_s0_20_the_room_shows_the_nearest_past_case_and_what_worked(open_stage: Opener) -> None:
    case = PastCase(
        incident_id="inc-old",
        number=97,
        title="異物混入を訴える写真",
        closed_at=NOON,
        worked="製造ロットを一時間で特定できました",
        causes=(RootCause.QUALITY_GAP,),
    )
    scene = scenes.found()
    incident = replace(scene.room.incident, similar=(case,))
    page = open_stage(replace(scene, room=replace(scene.room, incident=incident))).room().text
    for said in (
        "#97 異物混入を訴える写真（5月13日に完了）",
        "うまくいったこと　製造ロットを一時間で特定できました",
        "原因　品質・管理の不備",
    ):
        assert said in page
    assert "似ている過去の件" not in open_stage(scene).room().text


def test_s2_31_the_page_shows_each_change_with_its_id_and_the_diff_of_the_manual(open_stage: Opener) -> None:
    browser = open_stage(scenes.reporting())
    page = browser.get(f"/r/{browser.stage.link('suzuki')}/report-edit").text
    for change in scenes.CHANGES:
        assert f'<input type="hidden" name="change_id" value="{change.id}">' in page
    assert '<li class="same">- 記録は消さずに残します。</li>' in page
    assert "<ins>- 休日でも一時間以内に製造記録を取り出せるようにする" in page


def test_markdown_is_taken_apart_into_plain_pieces() -> None:
    lists = "- 一\n- 二\n> 投稿の文\n"
    table = "%curve\n| 見出し | 値 |\n|---|---|\n| a | 1,200件 |"
    text = f"# #128 題\n段落 **強調**\n続き\n\n{lists}\n{table}\n### 小"
    assert blocks_of(text) == (
        Block(kind="h1", lines=("#128 題",)),
        Block(kind="p", lines=("段落 **強調**", "続き")),
        Block(kind="ul", lines=("一", "二")),
        Block(kind="quote", lines=("投稿の文",)),
        Block(kind="table", rows=(("見出し", "値"), ("a", "1,200件")), chart="curve"),
        Block(kind="h3", lines=("小",)),
    )
    assert blocks_of(table)[0].counts == (("a", 1200),)


def test_who_signs_a_cause_that_was_not_confirmed_is_told_so_with_the_remedy(open_stage: Opener) -> None:
    scene = scenes.reporting()
    assert scene.room.report is not None
    report = replace(scene.room.report, causes=(RootCause.QUALITY_GAP, RootCause.SNS_SPREAD))
    for fault, said in ((Fault.UNKNOWN, True), (Fault.OURS, False)):
        incident = replace(scene.room.incident, fault=fault, kind_set_by="sato")
        browser = open_stage(replace(scene, room=replace(scene.room, incident=incident, report=report)))
        page = browser.room("tanaka").text
        assert ("原因「品質・管理の不備」は、確認した事実では決まっていません" in page) is said
        paper = browser.get(f"/r/{browser.stage.link('tanaka')}/report").text
        assert ("品質・管理の不備（推定。原因の判断は「原因は調査中」のままです）" in paper) is said


def test_a_corrective_action_is_due_on_the_day_that_was_chosen_and_names_its_change(
    open_stage: Opener,
) -> None:
    browser = open_stage(scenes.reporting())
    asked = next(fields for _, _, action, fields in WHOLE_LIFE if action is Action.ADD_CORRECTION)
    token = browser.stage.link("suzuki")
    browser.post(f"/r/{token}/correction", asked)
    page = browser.get(f"/r/{token}/report-edit").text
    assert "期限 6月30日" in page
    assert "訓練で確かめる（9月30日）" in page
    assert "結びつく変更　マニュアルの変更" in page
