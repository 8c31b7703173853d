"""The finished report in its three dresses, held against golden files.

``python -m tests.unit.reports.test_report_files`` writes the golden files anew; read the diff.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from typer.testing import CliRunner

from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.support import Answer
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.final_report import finished_report, report_markdown
from hikeshi.services.reports.report_blocks import blocks_of
from infra.cli import changes, report
from infra.reporting.desk import ReportDesk
from infra.reporting.word import FONT, png_of, widths_of, word_of
from tests.builders import a_compensation, a_configuration, a_roster, an_inquiry
from tests.fakes.responding import InMemoryIncidentRepository
from tests.unit.pages import scenes

GOLDEN = Path("tests/fixtures/reports")
RUNNER = CliRunner()
TITLE = "対応完了報告書　#128"
SERVED = ("お問い合わせ", "返信までの時間", "お約束した補償", "お渡しした補償")


def served() -> Room:
    """The closed incident, with three enquiries and what two of them were promised."""
    asked = (an_inquiry(), an_inquiry(id="inquiry-2", number="CS-1043"), an_inquiry(id="inquiry-3"))
    told = tuple(
        replace(each, reply=Answer(text="お詫びしました", by="watanabe", at=each.taken_at + taken))
        for each, taken in zip(asked, (timedelta(minutes=45), timedelta(hours=26)), strict=False)
    )
    given = a_compensation(
        id="compensation-2", amount_yen=5_000, paid_by="watanabe", paid_at=scenes.minute(200)
    )
    room = scenes.closed().room
    return replace(room, inquiries=(*told, asked[2]), compensations=(a_compensation(), given))


def markdown() -> str:
    room = served()
    return report_markdown(room, timeline=(), roster=a_roster(), words=Wording())


def page() -> str:
    room = served()
    return finished_report(room, timeline=(), roster=a_roster(), words=Wording()).decode()


def word_text() -> str:
    """Everything that can be read in the Word file, in order; a picture by its alternative text."""
    document = Document(io.BytesIO(word_of(markdown(), title=TITLE)))
    lines = []
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            lines += [" | ".join(cell.text for cell in row.cells) for row in part.rows]
        else:
            pictures = part._p.findall(f".//{qn('wp:docPr')}")  # the library has no call for it
            lines += [f"[{picture.get('descr')}]" for picture in pictures]
            style = part.style.name if part.style else ""
            lines += [f"{style}: {part.text}"] if part.text else []
    return "\n".join(lines) + "\n"


def test_s0_18_the_page_is_the_golden_one() -> None:
    assert page() == (GOLDEN / "report.html").read_text("utf-8")


def test_s2_28_the_word_file_says_what_the_golden_text_says() -> None:
    assert word_text() == (GOLDEN / "report-word.txt").read_text("utf-8")


def test_s2_17_the_report_says_how_long_replies_took_and_what_was_promised_and_given() -> None:
    rows = (row for block in blocks_of(markdown()) for row in block.rows)
    assert {row[0]: row[1] for row in rows if row[0] in SERVED} == {
        "お問い合わせ": "3件（返信済み2件、未返信1件）",
        "返信までの時間": "中央値13時間22分、最も長いもの1日2時間（目標内1件）",
        "お約束した補償": "2件、合計8,240円",
        "お渡しした補償": "1件、合計5,000円",
    }


def test_a_report_without_enquiries_says_so() -> None:
    room = replace(served(), inquiries=(), compensations=())
    written = report_markdown(room, timeline=(), roster=a_roster(), words=Wording())
    assert "お問い合わせと補償の記録はありません。" in written


def test_s2_7_the_three_parts_stand_in_order_in_both_files() -> None:
    parts = ["対応の評価", "結果の評価", "反省と改善", "署名"]
    assert re.findall(r"<h2>(.*?)</h2>", page())[-4:] == parts
    headings = [line for line in word_text().splitlines() if line.startswith("Heading 1: ")]
    assert [line.removeprefix("Heading 1: ") for line in headings][-4:] == parts


def test_the_word_file_is_a4_in_a_japanese_font() -> None:
    document = Document(io.BytesIO(word_of(markdown(), title=TITLE)))
    section = document.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert document.core_properties.title == TITLE
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == FONT
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_the_picture_of_a_curve_has_a_column_for_each_count() -> None:
    block = next(block for block in blocks_of(markdown()) if block.chart == "curve")
    picture = png_of(block)
    width, height = struct.unpack(">II", picture[16:24])
    size = struct.unpack(">I", picture[33:37])[0]
    rows = zlib.decompress(picture[41 : 41 + size])
    stride = 1 + 3 * width
    lowest = rows[(height - 6) * stride + 1 : (height - 5) * stride]
    blue = bytes((0x1F, 0x5F, 0xAE))
    columns = re.findall(rb"(?:" + re.escape(blue) + rb")+", lowest)
    assert len(columns) == len(block.bars) == 4
    assert png_of(block) == picture


def test_no_row_of_a_table_is_torn_and_its_head_comes_again_on_the_next_page() -> None:
    for table in Document(io.BytesIO(word_of(markdown(), title=TITLE))).tables:
        marks = [{mark.tag for mark in row._tr.get_or_add_trPr()} for row in table.rows]
        assert all(qn("w:cantSplit") in each for each in marks)
        assert [qn("w:tblHeader") in each for each in marks] == [True] + [False] * (len(marks) - 1)


def test_a_column_has_the_room_that_its_words_need() -> None:
    short, long = widths_of((("種類", "内容"), ("損失額", "返品の送料と、お見舞いの費用として支払いました")))
    assert short + long == pytest.approx(170)
    assert 4 < long / short < 5
    assert widths_of((("甲", "乙"), ("", ""))) == (85, 85)


def test_what_people_wrote_stays_text_in_a_word_file() -> None:
    hostile = "# 題\n\n> <w:p>& ]]> \x07\n\n| 甲 | 乙 |\n|---|---|\n| =1+1 | <b> |\n"
    with ZipFile(io.BytesIO(word_of(hostile, title="題"))) as stored:
        text = stored.read("word/document.xml").decode()
    assert "&lt;w:p&gt;&amp; ]]&gt;" in text


# ---- the commands ------------------------------------------------------------------------------------


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> ReportDesk:
    incidents = InMemoryIncidentRepository()
    scene = scenes.closed()
    incidents.commit(RoomChange(before=None, after=scene.room, events=scene.events))
    made = ReportDesk(incidents=incidents, configuration=a_configuration)
    monkeypatch.setattr(report, "open_report_desk", lambda **_: made)
    monkeypatch.setattr(changes, "open_report_desk", lambda **_: made)
    return made


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("kind", [".docx", ".html", ".md"])
def test_a_report_is_written_to_a_file_of_each_kind(tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"report{kind}"
    result = RUNNER.invoke(report.app, ["128", "--to", str(target)])
    assert result.exit_code == 0, result.output
    content = target.read_bytes()
    assert content.startswith({".docx": b"PK", ".html": b"<!doctype", ".md": b"# "}[kind])
    assert b"%curve" not in content and b"%shares" not in content


@pytest.mark.usefixtures("desk")
def test_without_a_file_the_report_is_printed() -> None:
    assert "## 反省と改善" in RUNNER.invoke(report.app, ["#128"]).output


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["129"], "#129"), (["128", "--to", "report.pdf"], ".docx")],
)
def test_what_cannot_be_written_is_refused_with_the_remedy(arguments: list[str], said: str) -> None:
    result = RUNNER.invoke(report.app, arguments)
    assert result.exit_code in (1, 2)
    assert said in result.stderr


@pytest.mark.usefixtures("desk")
def test_s2_31_accepted_changes_are_listed_by_their_ids_and_applied() -> None:
    listed = RUNNER.invoke(changes.app, ["list"]).output
    assert "128-1-manual" in listed
    assert "128-1-question" in listed
    assert "128-1-watch_word" not in listed


@pytest.mark.usefixtures("desk")
def test_a_change_is_applied_to_the_files_of_a_directory(tmp_path: Path) -> None:
    arguments = ["apply", "128-1-question", "--config", str(tmp_path)]
    assert "questions.toml" in RUNNER.invoke(changes.app, arguments).stderr
    assert "すでに" in RUNNER.invoke(changes.app, arguments).stderr
    refused = RUNNER.invoke(changes.app, ["apply", "128-1-watch_word", "--config", str(tmp_path)])
    assert (refused.exit_code, "採用されていません" in refused.stderr) == (1, True)
    assert RUNNER.invoke(changes.app, ["apply", "何か"]).exit_code == 2


def test_s1_18_the_causes_of_a_month_are_counted(desk: ReportDesk) -> None:
    result = RUNNER.invoke(changes.app, ["causes", "--month", "2026-05"])
    assert "まだありません" in result.output
    room = desk.room("128")
    head = replace(room.incident, causes=scenes.WRITTEN["causes"])
    change = RoomChange(before=room, after=replace(room, incident=head), events=())
    desk.incidents.commit(change)
    result = RUNNER.invoke(changes.app, ["causes", "--month", "2026-05"])
    assert result.output.split() == ["1", "品質・管理の不備", "1", "SNSでの急な広がり"]
    assert RUNNER.invoke(changes.app, ["causes", "--month", "2026-13"]).exit_code == 2


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / "report.html").write_text(page(), "utf-8")
    (GOLDEN / "report-word.txt").write_text(word_text(), "utf-8")
