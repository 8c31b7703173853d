"""The completion report as a page to read and to print."""

from __future__ import annotations

from hikeshi.services.report_view import Block, blocks_of
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener


def test_the_report_shows_its_draft_its_additions_and_its_signature(open_stage: Opener) -> None:
    browser = open_stage(scenes.closed())
    token = browser.stage.link()
    page = browser.get(f"/r/{token}/report")
    assert page.status == 200
    signed = "署名済み　田中 翠さん 5月13日 18:57"
    for said in ("<h1>#128 完了報告書</h1>", "夜間の連絡先に電話を加えます。", signed, "c0c0c0"):
        assert said in page.text
    assert f'href="../{token}"' in page.text


def test_an_unsigned_report_says_so(open_stage: Opener) -> None:
    browser = open_stage(scenes.reporting())
    assert "まだ署名されていません。" in browser.get(f"/r/{browser.stage.link()}/report").text


def test_before_there_is_a_report_there_is_no_page(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    assert browser.get(f"/r/{browser.stage.link()}/report").status == 404


def test_markdown_is_taken_apart_into_plain_pieces() -> None:
    lists = "- 一\n* 二\n> 投稿の文\n\n1. 甲\n2) 乙"
    table = "| 見出し | 値 |\n|---|:--|\n| a | b |"
    text = f"# 題\n段落 **強調** と `記号`\n\n{lists}\n{table}\n### 小"
    assert blocks_of(text) == (
        Block(kind="h1", lines=("題",)),
        Block(kind="p", lines=("段落 強調 と 記号",)),
        Block(kind="ul", lines=("一", "二")),
        Block(kind="quote", lines=("投稿の文",)),
        Block(kind="ol", lines=("甲", "乙")),
        Block(kind="table", rows=(("見出し", "値"), ("a", "b"))),
        Block(kind="h3", lines=("小",)),
    )
