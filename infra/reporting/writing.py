"""A completion report as a file: made from the records, so that no link of anybody's gets into it."""

from __future__ import annotations

from hikeshi.domain.errors import ConfigError
from hikeshi.services.messages.numbering import number_of
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.final_report import finished_report, report_markdown, report_title
from hikeshi.services.reports.report_blocks import undrawn
from infra.reporting.desk import ReportDesk

KINDS = (".docx", ".html", ".md")


def written(desk: ReportDesk, incident: str, *, kind: str) -> bytes:
    """Return a report in one of the kinds of files, in the language that it was drafted and signed in.

    Raises
    ------
    ConfigError
        If it has no report yet.
    NotFoundError
        If there is none of that id.
    """
    room, words = desk.room(incident), Wording()
    if room.report is None:
        number = number_of(room.incident.number, drill=room.incident.drill, words=words)
        raise ConfigError(
            f"案件 #{number} の報告書はまだありません。沈静化と判断した後に下書きができます"
            " / there is no report yet"
        )
    timeline = desk.incidents.timeline(room.incident.id)
    roster = desk.configuration().roster
    if kind == ".html":
        return finished_report(room, timeline=timeline, roster=roster, words=words)
    markdown = report_markdown(room, timeline=timeline, roster=roster, words=words)
    if kind == ".md":
        return undrawn(markdown).encode()
    from infra.reporting.word import word_of

    return word_of(markdown, title=report_title(room, words))
