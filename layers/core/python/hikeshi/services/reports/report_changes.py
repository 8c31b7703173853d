"""What follows from an incident, for those who sign its report: what changes, where and why, in words.

The number of a change stands only where somebody needs it: whoever brings it into the files asks by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.people import Roster
from hikeshi.domain.reports import Answer, ChangeKind, CompletionReport, CorrectiveAction, Proposal
from hikeshi.services.messages import japanese_time
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.question_text import question_of
from hikeshi.services.reports.report_blocks import one_cell
from hikeshi.services.reports.timeline_text import name_of


def corrections_in_words(
    corrections: tuple[CorrectiveAction, ...], *, roster: Roster, words: Wording
) -> Iterator[str]:
    """Write each corrective action as a paragraph: what, who until when, how one will see that it works."""
    for action in corrections:
        state = "open" if action.done_at is None else "done"
        named = f"change.{action.change_id.removesuffix('-drill').rpartition('-')[2]}"
        values = {
            "title": one_cell(action.title),
            "owner": name_of(action.owner, roster),
            "due": japanese_time.day(action.due_at, words),
            "state": words.text(f"report.corrections.{state}"),
            "check": one_cell(action.check),
            "check_at": japanese_time.day(action.check_at, words),
            "change": words.text(named) if named in words else action.change_id,
        }
        for line in ("what", "who", "proof", "of"):
            yield words.text(f"report.corrections.{line}", **values)
        yield ""


def changes_in_words(
    changes: tuple[Proposal, ...], *, report: CompletionReport, roster: Roster, words: Wording
) -> Iterator[str]:
    """Write each change as a paragraph: what was decided, what changes where, and why."""
    yield from chain.from_iterable((*_change(each, report, roster, words), "") for each in changes)


def _change(change: Proposal, report: CompletionReport, roster: Roster, words: Wording) -> Iterator[str]:
    kind = words.text(f"change.{change.kind}")
    by = name_of(change.answered_by, roster) if change.answered_by else ""
    answer = change.answer or "unanswered"
    yield words.text(f"report.changes.{answer}", kind=kind, by=by, id=change.id)
    yield words.text(f"report.changes.what.{change.kind}", **_content(change, words))
    if change.answer is Answer.DECLINE:
        yield words.text("report.changes.declined_why", reason=one_cell(change.reason))
    else:
        yield words.text("report.changes.why", why=_why(change, report, words))


def _content(change: Proposal, words: Wording) -> dict[str, str]:
    """Return what the sentence about a change names."""
    if change.kind is ChangeKind.MANUAL:
        return {"section": one_cell(change.target.partition("#")[2]), "line": one_cell(change.text)}
    if change.kind is ChangeKind.WATCH_WORD:
        listed = [one_cell(line) for line in change.text.splitlines() if line.strip()]
        return {"words": words.text("joined.listed").join(listed)}
    try:
        asked = question_of(change.text)
    except InvalidFormError:  # a draft that was declined need not have all its parts
        return {"asked": one_cell(change.text), "right": words.text("report.none")}
    return {"asked": one_cell(asked.asked), "right": one_cell(asked.right)}


def _why(change: Proposal, report: CompletionReport, words: Wording) -> str:
    if change.kind is ChangeKind.MANUAL and report.causes:
        return words.text("report.changes.reason.cause", cause=words.text(f"cause.{report.causes[0]}"))
    return words.text(f"report.changes.reason.{change.kind}")
