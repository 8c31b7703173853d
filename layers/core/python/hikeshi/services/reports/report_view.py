"""The completion report as a page: its Markdown taken apart, so that the text can never act as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from hikeshi.services.messages.excerpt import excerpt
from hikeshi.services.reports.final_report import report_markdown
from hikeshi.services.reports.report_blocks import Block, blocks_of
from hikeshi.services.reports.report_edit_page import report_state
from hikeshi.services.room.visit import Visit

MAX_BODY = 58_000
"""Characters of the report that are shown; the stored file holds everything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportPart:
    """What stands under one heading of the report, and where the list of its parts leads to."""

    anchor: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportView:
    """The completion report as it is read and printed; ``lead`` stands before its first part."""

    page_title: str
    home: str
    title: str
    state: str
    lead: tuple[Block, ...]
    parts: tuple[ReportPart, ...]
    seal: str


def report_view(visit: Visit) -> ReportView | None:
    """Compose the report's page; None if there is no report yet."""
    report = visit.room.report
    if report is None:
        return None
    title = visit.text("page.report.title", number=visit.number)
    markdown = report_markdown(visit.room, timeline=(), roster=visit.configuration.roster, words=visit.words)
    blocks = blocks_of(excerpt(markdown, limit=MAX_BODY, lines=True))
    if blocks and blocks[0].kind == "h1":
        (heading, *_), blocks = blocks[0].lines, blocks[1:]
    else:
        heading = title
    starts = [place for place, block in enumerate(blocks) if block.kind in ("h1", "h2")]
    state, _ = report_state(visit)
    return ReportView(
        page_title=title,
        home=visit.home,
        title=heading,
        state=state,
        lead=blocks[: starts[0]] if starts else blocks,
        parts=tuple(
            ReportPart(
                anchor=f"part-{number}", heading=blocks[start].lines[0], blocks=blocks[start + 1 : end]
            )
            for number, (start, end) in enumerate(pairwise([*starts, len(blocks)]), start=1)
        ),
        seal=visit.text("page.report.seal", digest=report.sha256) if report.sha256 else "",
    )
