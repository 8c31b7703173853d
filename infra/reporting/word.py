"""The completion report as a Word file: A4, Japanese fonts, charts drawn from the tables beneath them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from unicodedata import east_asian_width

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shape import InlineShape
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from hikeshi.domain.plain_text import plain
from hikeshi.services.reports.report_blocks import CURVE, HEIGHT, SHARES, WIDTH, Block, blocks_of

FONT = "Yu Gothic"
_BLUE = (0x1F, 0x5F, 0xAE)
_INK, _SUB = RGBColor(0x1B, 0x1F, 0x24), RGBColor(0x4D, 0x56, 0x60)
_SIZES = {"Normal": 10.5, "Title": 18.0, "Heading 1": 14.0, "Heading 2": 11.5, "List Bullet": 10.5}
_TEXT_WIDTH = 170
_SHARE_WIDTH = 40
LEAST_LETTERS, MOST_LETTERS = 5, 24
"""What a column of a table is given room for, in letters of its longest cell."""

_SCALE = 3
"""Pixels of a picture for each unit of a chart, enough for print."""


def word_of(markdown: str, *, title: str, author: str = "hikeshi") -> bytes:
    """Return a report as a Word file.

    Parameters
    ----------
    markdown : str
        The report as hikeshi writes it (:mod:`hikeshi.services.reports.report_blocks`).
    """
    document = Document()
    _lay_out(document)
    document.core_properties.title = title
    document.core_properties.author = author
    document.core_properties.language = "ja-JP"
    for block in blocks_of(plain(markdown)):
        _add(document, block)
    stored = io.BytesIO()
    document.save(stored)
    return stored.getvalue()


def png_of(block: Block) -> bytes:
    """Draw the columns of a curve as a picture of 1440 by 360 pixels; words and numbers stand beside it."""
    width, height = WIDTH * _SCALE, HEIGHT * _SCALE
    rows = [bytearray(b"\xff" * 3 * width) for _ in range(height)]
    for bar in block.bars:
        left = int(float(bar.x) * _SCALE)
        right = left + int(float(bar.width) * _SCALE)
        for row in rows[int(float(bar.y) * _SCALE) :]:
            row[left * 3 : right * 3] = bytes(_BLUE) * (right - left)
    for row in rows[-_SCALE:]:
        row[:] = b"\x57\x60\x6a" * width
    return _png(rows, width=width)


# ---- layout -------------------------------------------------------------------------------------


def _lay_out(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(18)
    for name, size in _SIZES.items():
        style = document.styles[name]
        if isinstance(style, ParagraphStyle):
            _dress(style, size)
    if "Quote" in document.styles:
        quote = document.styles["Quote"]
        if quote.type is WD_STYLE_TYPE.PARAGRAPH and isinstance(quote, ParagraphStyle):
            _dress(quote, 10.0)
            quote.font.italic = False
            quote.paragraph_format.left_indent = Mm(5)
    _number_pages(section.footer.paragraphs[0])


def _dress(style: ParagraphStyle, size: float) -> None:
    """Set a font for Latin and Japanese letters alike: Word looks each up by itself."""
    style.font.name = FONT
    style.font.size = Pt(size)
    style.font.color.rgb = _INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for letters in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{letters}"), FONT)


def _number_pages(paragraph: Paragraph) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)  # the library has no call for fields
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


# ---- blocks -------------------------------------------------------------------------------------


def _add(document: WordDocument, block: Block) -> None:
    match block.kind:
        case "h1":
            document.add_paragraph(block.lines[0], style="Title")
        case "h2":
            document.add_heading(block.lines[0], level=1)
        case "h3":
            document.add_heading(block.lines[0], level=2)
        case "ul":
            for line in block.lines:
                document.add_paragraph(line, style="List Bullet")
        case "quote":
            document.add_paragraph("\n".join(block.lines), style="Quote")
        case "table":
            _add_table(document, block)
        case _:
            document.add_paragraph("\n".join(block.lines))


def _add_table(document: WordDocument, block: Block) -> None:
    if block.chart == CURVE and block.bars:
        _add_curve(document, block)
    head, *rows = block.rows
    drawn = block.chart == SHARES
    table = document.add_table(rows=1, cols=len(head) + drawn, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _fill(table.rows[0], head, bold=True)
    _mark(table.rows[0], "tblHeader")  # repeated on every page that the table runs over
    for place, row in enumerate(rows):
        added = table.add_row()
        _fill(added, row[: len(head)])
        if drawn:
            _draw_share(added.cells[-1], float(block.shares[place]))
    for each in table.rows:
        _mark(each, "cantSplit")
    _spread(table, widths_of(block.rows) if not drawn else _beside_shares(len(head)))
    below = document.add_paragraph().paragraph_format
    below.space_after, below.line_spacing = Pt(0), Pt(8)


def _add_curve(document: WordDocument, block: Block) -> None:
    picture = document.add_picture(io.BytesIO(png_of(block)), width=Mm(_TEXT_WIDTH), height=Mm(40))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    said = "、".join(f"{bar.label} {bar.count}" for bar in block.bars)
    picture._inline.docPr.set("descr", said)  # alternative text has no call of its own
    _without_margin(picture)
    ticks = document.add_paragraph()
    ticks.paragraph_format.tab_stops.add_tab_stop(Mm(_TEXT_WIDTH), alignment=WD_TAB_ALIGNMENT.RIGHT)
    run = ticks.add_run(f"{block.rows[1][0]}\t{block.rows[-1][0]}")
    run.font.size, run.font.color.rgb = Pt(8.5), _SUB


def _fill(row: _Row, texts: Sequence[str], *, bold: bool = False) -> None:
    for cell, text in zip(row.cells, texts, strict=False):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(9.5)
        if bold:
            shade = OxmlElement("w:shd")
            shade.set(qn("w:val"), "clear")
            shade.set(qn("w:fill"), "F0F3F7")
            cell._tc.get_or_add_tcPr().append(shade)  # shading has no call of its own


def _mark(row: _Row, name: str) -> None:
    mark = OxmlElement(f"w:{name}")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # the library has no call for it


def widths_of(rows: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Return the widths of columns in millimetres: more for those that have more to say, within bounds."""
    asked = [
        min(max(LEAST_LETTERS, *(_letters(row[place]) for row in rows if place < len(row))), MOST_LETTERS)
        for place in range(len(rows[0]))
    ]
    return tuple(_TEXT_WIDTH * each / sum(asked) for each in asked)


def _letters(text: str) -> float:
    """Measure a text in Japanese letters; a Latin one takes half the room."""
    return sum(1.0 if east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def _beside_shares(columns: int) -> tuple[float, ...]:
    return (*[(_TEXT_WIDTH - _SHARE_WIDTH) / columns] * columns, float(_SHARE_WIDTH))


def _spread(table: Table, widths: Sequence[float]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _draw_share(cell: _Cell, percent: float) -> None:
    width = Mm(max(_SHARE_WIDTH * percent / 100 - 4, 0.5))
    dot = _png([bytearray(_BLUE)], width=1)
    bar = cell.paragraphs[0]
    bar.paragraph_format.space_before = bar.paragraph_format.space_after = Pt(2)
    _without_margin(bar.add_run().add_picture(io.BytesIO(dot), width=width, height=Mm(3)))


def _without_margin(picture: InlineShape) -> None:
    """Say that nothing is kept free around a picture: where it is not said, some programs keep 3 mm."""
    for side in ("distT", "distB", "distL", "distR"):
        picture._inline.set(side, "0")  # the library has no call for it


# ---- pictures -----------------------------------------------------------------------------------


def _png(rows: Sequence[bytearray], *, width: int) -> bytes:
    """Write rows of RGB as PNG; the same picture gives the same bytes."""
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
