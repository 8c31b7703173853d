"""The finished report in its three dresses, held against golden files.

``python -m tests.unit.reports.test_report_files`` writes the golden files anew; read the diff.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from typer.testing import CliRunner

from hikeshi.domain.incidents import RoomChange
from hikeshi.services.final_report import finished_report, report_markdown
from hikeshi.services.report_blocks import blocks_of
from hikeshi.services.wording import Wording
from infra.cli import changes, report
from infra.reporting.desk import ReportDesk
from infra.reporting.word import FONT, png_of, word_of
from tests.builders import a_configuration, a_roster
from tests.fakes.responding import InMemoryIncidentRepository
from tests.unit.pages import scenes

GOLDEN = Path("tests/fixtures/reports")
RUNNER = CliRunner()
TITLE = "対応完了報告書　#128"


def markdown() -> str:
    room = scenes.closed().room
    return report_markdown(room, timeline=(), roster=a_roster(), words=Wording())


def page() -> str:
    room = scenes.closed().room
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


@pytest.mark.usefixtures("desk")
def test_without_a_file_the_report_is_printed() -> None:
    assert "## 反省と改善" in RUNNER.invoke(report.app, ["#128"]).output


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["129"], "#129"), (["128", "--to", "report.pdf"], ".docx"), (["128", "--language", "fr"], "ja")],
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
