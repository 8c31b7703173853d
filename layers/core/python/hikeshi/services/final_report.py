"""The finished report: the draft as it was signed, and what people added to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hikeshi.domain.incidents import CompletionReport, Room
from hikeshi.domain.people import Roster
from hikeshi.domain.timeline import TimelineEntry
from hikeshi.services import japanese_time
from hikeshi.services.report_document import page_of
from hikeshi.services.timeline_text import name_of
from hikeshi.services.wording import Wording


def finished_report(
    room: Room, *, timeline: Sequence[TimelineEntry], roster: Roster, words: Wording
) -> bytes:
    """Return the page that is stored. The draft is not written anew: it stands as it was signed."""
    report = room.report or CompletionReport(body="", drafted_at=room.incident.opened_at)
    title = words.text("report.title", number=room.incident.number, title=room.incident.title)
    markdown = report.body.rstrip() + "\n\n" + "\n".join(added_sections(report, roster=roster, words=words))
    if timeline:
        digest = words.text("report.seal", seq=timeline[-1].seq, digest=timeline[-1].digest)
        markdown += f"\n\n{digest}\n"
    return page_of(markdown, title=title, language=words.language)


def added_sections(report: CompletionReport, *, roster: Roster, words: Wording) -> Iterator[str]:
    """Write the parts that people fill in, each with a dash while it is empty."""
    manual_key = "manual" if report.manual_change.strip() else "no_change"
    manual = report.manual_change if report.manual_change.strip() else report.no_change_because
    parts = (("evaluation", report.evaluation), ("lessons", report.lessons), (manual_key, manual))
    for key, text in parts:
        yield f"## {words.text(f'report.{key}')}"
        yield from (f"> {line}" for line in text.strip().splitlines() or [words.text("report.none")])
        yield ""
    if report.signed_by is not None and report.signed_at is not None:
        yield f"## {words.text('report.signed')}"
        by, at = name_of(report.signed_by, roster), japanese_time.full(report.signed_at)
        yield words.text("report.signed_by", by=by, at=at)
