"""What an incident asks to be changed: a line of the manual, words to watch for, a question for training.

All three are drafts in plain text that people change before they accept them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hikeshi.domain.assessment import Category
from hikeshi.domain.incidents import Room
from hikeshi.domain.manuals import ManualPage, amended, diff_of, sections_of
from hikeshi.domain.reports import ChangeKind, Proposal, RootCause
from hikeshi.services.messages.excerpt import excerpt
from hikeshi.services.messages.numbering import number_of
from hikeshi.services.messages.wording import Wording

MOST_WORDS = 5
LONGEST_LINE = 160

_TOPICS: dict[Category, str] = {
    Category.CONTAMINATION: "product",
    Category.DEFECT: "product",
    Category.MISCONDUCT: "conduct",
    Category.DISCRIMINATION: "conduct",
    Category.HARASSMENT: "conduct",
    Category.LEAK: "leak",
    Category.DOXXING: "leak",
    Category.ATTACK: "rumour",
    Category.STEALTH_MARKETING: "honesty",
    Category.SCANDAL: "honesty",
}
_ANY_TOPIC = "voice"


def proposals_for(room: Room, manual: Sequence[ManualPage], words: Wording) -> Iterator[Proposal]:
    """Draft the three changes from what is known: category, causes, lessons, words that were new."""
    yield _manual_line(room, manual, words)
    new_words = "\n".join(room.incident.spread.new_words[:MOST_WORDS])
    yield _proposal(room, ChangeKind.WATCH_WORD, new_words)
    topic = _TOPICS.get(room.incident.category, _ANY_TOPIC)
    yield _proposal(room, ChangeKind.QUESTION, words.text(f"test_question.{topic}").strip())


def diff_for(proposal: Proposal, text: str, manual: Sequence[ManualPage]) -> tuple[str, str]:
    """Return the diff that a line makes in the manual, and the version of the page it is against."""
    name, _, section = proposal.target.partition("#")
    page = next((each for each in manual if each.name == name), None)
    if page is None or not text.strip():
        return "", ""
    return diff_of(page, amended(page, section=section, line=text)), page.version


def change_id(room: Room, kind: ChangeKind) -> str:
    """Return the id of a change: ``128-1-manual``, and ``128-1-manual-drill`` in a drill."""
    incident = room.incident
    return f"{incident.number}-{incident.generation}-{kind}{'-drill' if incident.drill else ''}"


def _manual_line(room: Room, manual: Sequence[ManualPage], words: Wording) -> Proposal:
    report = room.report
    cause = report.causes[0] if report and report.causes else RootCause.RULE_GAP
    lesson = report.lessons.strip().partition("\n")[0] if report else ""
    said = lesson or words.text(f"manual_line.{cause}")
    line = words.text(
        "manual_line.of",
        line=excerpt(said, limit=LONGEST_LINE).rstrip("。"),
        number=number_of(room.incident.number, drill=room.incident.drill, words=words),
    )
    wanted = words.text(f"manual_section.{cause}")
    page = manual[0] if manual else None
    section = next((s for s in sections_of(page) if wanted in s), wanted) if page else wanted
    drafted = _proposal(room, ChangeKind.MANUAL, line, target=f"{page.name if page else ''}#{section}")
    diff, base = diff_for(drafted, line, manual)
    return _proposal(room, ChangeKind.MANUAL, line, target=drafted.target, diff=diff, base=base)


def _proposal(
    room: Room, kind: ChangeKind, text: str, *, target: str = "", diff: str = "", base: str = ""
) -> Proposal:
    return Proposal(
        id=change_id(room, kind),
        generation=room.incident.generation,
        kind=kind,
        text=text,
        target=target,
        diff=diff,
        base=base,
    )
