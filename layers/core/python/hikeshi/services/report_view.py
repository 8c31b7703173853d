"""The completion report as a page: its Markdown taken apart, so that the text can never act as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hikeshi.domain.incidents import CompletionReport
from hikeshi.services.excerpt import excerpt
from hikeshi.services.page_models import Row
from hikeshi.services.visit import Visit

MAX_BODY = 60_000
"""Characters of the draft that are shown; the stored file holds everything."""

_LONG = 4000
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_BULLET = re.compile(r"[-*・]\s+(.*)")
_QUOTED = re.compile(r">\s+(.*)")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+(.*)")
_RULE = re.compile(r"\|?[\s:|-]+\|?")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*|`(.+?)`")


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A piece of the text; ``kind``: ``h2``, ``h3``, ``p``, ``ul``, ``ol``, ``quote`` or ``table``."""

    kind: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportView:
    """The completion report as it is read and printed."""

    page_title: str
    home: str
    title: str
    state: str
    blocks: tuple[Block, ...]
    additions: tuple[Row, ...]
    signature: tuple[str, ...]


def report_view(visit: Visit) -> ReportView | None:
    """Compose the report's page; None if there is no report yet."""
    report = visit.room.report
    if report is None:
        return None
    title = visit.text("page.report.title", number=visit.incident.number)
    blocks = blocks_of(excerpt(report.body, limit=MAX_BODY, lines=True))
    if blocks and blocks[0].kind == "h1":
        (heading, *_), blocks = blocks[0].lines, blocks[1:]
    else:
        heading = title
    signature = _signature(visit, report)
    drafted = visit.text("page.report.open", at=visit.when(report.drafted_at))
    return ReportView(
        page_title=title,
        home=visit.home,
        title=heading,
        state=signature[0] if report.signed_by else drafted,
        blocks=tuple(_below_title(block) for block in blocks),
        additions=_additions(visit, report),
        signature=signature,
    )


def blocks_of(markdown: str) -> tuple[Block, ...]:
    """Split Markdown into headings, paragraphs, lists and tables; anything else is a paragraph."""
    found: list[Block] = []
    for raw in markdown.split("\n"):
        line = raw.strip()
        if not line:
            found.append(Block(kind="gap"))
        elif heading := _HEADING.fullmatch(line):
            found.append(Block(kind=f"h{min(len(heading[1]), 3)}", lines=(_bare(heading[2]),)))
        elif line.startswith("|"):
            _add_row(found, line)
        elif bullet := _BULLET.fullmatch(line):
            _add_line(found, "ul", _bare(bullet[1]))
        elif quoted := _QUOTED.fullmatch(line):
            _add_line(found, "quote", _bare(quoted[1]))
        elif numbered := _NUMBERED.fullmatch(line):
            _add_line(found, "ol", _bare(numbered[1]))
        else:
            found.append(Block(kind="p", lines=(_bare(line),)))
    return tuple(block for block in found if block.kind != "gap")


def _below_title(block: Block) -> Block:
    return Block(kind="h2", lines=block.lines) if block.kind == "h1" else block


def _add_line(found: list[Block], kind: str, line: str) -> None:
    if found and found[-1].kind == kind:
        found[-1] = Block(kind=kind, lines=(*found[-1].lines, line))
    else:
        found.append(Block(kind=kind, lines=(line,)))


def _add_row(found: list[Block], line: str) -> None:
    if _RULE.fullmatch(line):
        return
    row = tuple(_bare(cell.strip()) for cell in line.strip("|").split("|"))
    if found and found[-1].kind == "table":
        found[-1] = Block(kind="table", rows=(*found[-1].rows, row))
    else:
        found.append(Block(kind="table", rows=(row,)))


def _bare(text: str) -> str:
    return _EMPHASIS.sub(lambda found: found[1] or found[2], text).replace("\\|", "|")


def _additions(visit: Visit, report: CompletionReport) -> tuple[Row, ...]:
    written = (
        ("evaluation", report.evaluation),
        ("lessons", report.lessons),
        ("manual_change", report.manual_change),
        ("no_change_because", report.no_change_because),
    )
    return tuple(
        Row(term=visit.text(f"page.field.{name}"), text=excerpt(text, limit=_LONG, lines=True))
        for name, text in written
        if text.strip()
    )


def _signature(visit: Visit, report: CompletionReport) -> tuple[str, ...]:
    if report.signed_by is None or report.signed_at is None:
        return (visit.text("page.report.unsigned"),)
    lines = [visit.text("page.report.signed", signed=visit.by_at(report.signed_by, report.signed_at))]
    if report.sha256:
        lines.append(visit.text("page.report.seal", digest=report.sha256))
    return tuple(lines)
