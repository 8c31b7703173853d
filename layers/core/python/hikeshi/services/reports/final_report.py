"""The finished report: the draft as it stood, and in three parts what was measured and what people say.

対応の評価 — how the response went. 結果の評価 — what it did. 反省と改善 — why, and what changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hikeshi.domain.caring import mask_of
from hikeshi.domain.customer_totals import customer_totals
from hikeshi.domain.incidents import Room
from hikeshi.domain.people import Roster
from hikeshi.domain.publishing import all_statements, last_published_now
from hikeshi.domain.reporting import current_proposals
from hikeshi.domain.reports import CompletionReport, RootCause
from hikeshi.domain.timeline import TimelineEntry
from hikeshi.services.care.harm_text import harm_in_words
from hikeshi.services.messages import japanese_time
from hikeshi.services.messages.numbering import number_of
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.report_blocks import one_cell, quoted, table
from hikeshi.services.reports.report_causes import supposed_causes
from hikeshi.services.reports.report_changes import changes_in_words, corrections_in_words
from hikeshi.services.reports.report_document import page_of
from hikeshi.services.reports.signing_text import seats_of
from hikeshi.services.reports.timeline_text import name_of

IMPACTS = ("brand", "money", "rumour", "closure")
MARKS = ("speed", "precision", "correctness")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Paper:
    """What the report is put together from."""

    room: Room
    report: CompletionReport
    roster: Roster
    words: Wording

    def text(self, key: str, **params: object) -> str:
        return self.words.text(f"report.{key}", **params)

    def name(self, person_id: str | None) -> str:
        return name_of(person_id, self.roster) if person_id else self.text("nobody")

    def written(self, text: str) -> Iterator[str]:
        return quoted(text, blank=self.text("none"))


def finished_report(
    room: Room, *, timeline: Sequence[TimelineEntry], roster: Roster, words: Wording
) -> bytes:
    """Return the page that is stored. The draft is not written anew: it stands as it was signed."""
    markdown = report_markdown(room, timeline=timeline, roster=roster, words=words)
    return page_of(markdown, title=report_title(room, words), words=words)


def report_title(room: Room, words: Wording) -> str:
    """Return the title of a report."""
    number = number_of(room.incident.number, drill=room.incident.drill, words=words)
    title = words.text("report.title", number=number, title=room.incident.title)
    return mask_of(room)(title)


def report_markdown(room: Room, *, timeline: Sequence[TimelineEntry], roster: Roster, words: Wording) -> str:
    """Return all of a report as Markdown; empty parts show a dash, and protected people are not named."""
    report = room.report or CompletionReport(body="", drafted_at=room.incident.opened_at)
    paper = _Paper(room=room, report=report, roster=roster, words=words)
    parts = [
        report.body.rstrip(),
        "\n".join(_response(paper)),
        "\n".join(_result(paper)),
        "\n".join(_lessons(paper)),
        "\n".join(_signatures(paper)),
    ]
    if timeline:
        parts.append(paper.text("seal", seq=timeline[-1].seq, digest=timeline[-1].digest))
    return mask_of(room)("\n\n".join(parts) + "\n")


# ---- 対応の評価 ---------------------------------------------------------------------------------


def _response(p: _Paper) -> Iterator[str]:
    yield f"## {p.text('evaluation')}"
    yield ""
    yield p.report.response_figures.rstrip()
    yield ""
    yield f"### {p.text('judgement')}"
    yield from p.written(p.report.evaluation)
    yield ""
    yield f"### {p.text('feedback.heading')}"
    yield from _feedback(p)
    yield ""
    yield f"### {p.text('customers')}"
    yield from p.written(p.report.customers)


def _feedback(p: _Paper) -> Iterator[str]:
    given = [each for each in p.room.feedback if each.generation == p.room.incident.generation]
    if not given:
        yield p.text("feedback.none")
        return
    means = {mark: sum(getattr(each, mark) for each in given) / len(given) for mark in MARKS}
    yield p.text("feedback.means", count=len(given), **{k: f"{mean:.1f}" for k, mean in means.items()})
    yield ""
    head = [p.text(f"feedback.{column}") for column in ("by", *MARKS, "note")]
    rows = (
        (p.name(each.by), *(str(getattr(each, mark)) for mark in MARKS), each.note or p.text("none"))
        for each in given
    )
    yield from table(head, rows)


# ---- 結果の評価 ---------------------------------------------------------------------------------


def _result(p: _Paper) -> Iterator[str]:
    outcome = p.report.outcome
    yield f"## {p.text('result')}"
    yield ""
    yield p.report.result_figures.rstrip()
    yield ""
    yield f"### {p.text('word.heading')}"
    yield from _said(p)
    yield ""
    yield f"### {p.text('served.heading')}"
    yield from _served(p)
    yield ""
    yield f"### {p.text('impact.heading')}"
    rows = [(p.text(f"impact.{kind}"), getattr(outcome, kind)) for kind in IMPACTS]
    rows += [
        (p.text("impact.loss"), _loss(p)),
        (p.text("impact.market"), outcome.market),
        (p.text("impact.people"), harm_in_words(p.room, p.words) + outcome.people),
    ]
    head = p.text("impact.kind"), p.text("impact.what")
    yield from table(head, ((kind, one_cell(text) or p.text("none")) for kind, text in rows))


def _said(p: _Paper) -> Iterator[str]:
    """Write what the public was told, and that it is told nothing more, as the room has it at the signing."""
    lines = []
    for each in all_statements(p.room):
        if each.generation != p.room.incident.generation:
            continue
        if each.waived:
            out = last_published_now(p.room)
            ends = out is not None and out.published_at is not None and out.published_at <= each.drafted_at
            key = "word.ended" if ends else "word.waived"
            at = japanese_time.full(each.drafted_at, p.words)
            lines.append(p.text(key, by=p.name(each.drafted_by), at=at, reason=one_cell(each.text)))
        elif each.published_at is not None:
            kind, at = (
                p.words.text(f"statement_kind.{each.kind}"),
                japanese_time.full(each.published_at, p.words),
            )
            by = p.name(each.published_by)
            lines.append(p.text("word.published", kind=kind, version=each.version, by=by, at=at))
    yield from (f"- {line}" for line in lines or [p.text("word.none")])


def _served(p: _Paper) -> Iterator[str]:
    """Write what people who turned to us were told and given, as the room has it at the signing."""
    totals = customer_totals(p.room.inquiries, p.room.compensations)
    if not totals.inquiries and not totals.promised:
        yield p.text("served.nobody")
        return
    spans = {"span": totals.reply_after, "slowest": totals.slowest}
    taken = {name: japanese_time.duration(span, p.words) for name, span in spans.items() if span is not None}
    answered = {
        "count": totals.inquiries,
        "replied": totals.replied,
        "open": totals.inquiries - totals.replied,
    }
    promised = {"count": totals.promised, "yen": f"{totals.promised_yen:,}"}
    paid = {"count": totals.paid, "yen": f"{totals.paid_yen:,}"}
    rows = (
        (p.text("served.inquiries"), p.text("served.answered", **answered)),
        (
            p.text("served.delay"),
            p.text("served.took", **taken, in_time=totals.in_time) if taken else p.text("none"),
        ),
        (p.text("served.promised"), p.text("served.worth", **promised)),
        (p.text("served.paid"), p.text("served.worth", **paid)),
    )
    yield from table((p.text("impact.kind"), p.text("impact.what")), rows)


def _loss(p: _Paper) -> str:
    outcome = p.report.outcome
    if outcome.loss_yen is not None:
        return p.text("impact.yen", yen=f"{outcome.loss_yen:,}")
    return p.text("impact.unknown", why=outcome.loss_unknown) if outcome.loss_unknown else ""


# ---- 反省と改善 ---------------------------------------------------------------------------------


def _lessons(p: _Paper) -> Iterator[str]:
    yield f"## {p.text('lessons')}"
    yield f"### {p.text('causes')}"
    yield from (f"- {_cause(p, cause)}" for cause in p.report.causes)
    if not p.report.causes:
        yield f"- {p.text('none')}"
    yield ""
    yield f"### {p.text('missing')}"
    yield from p.written(p.report.lessons)
    yield ""
    yield f"### {p.text('corrections.heading')}"
    yield from _corrections(p)
    yield ""
    yield f"### {p.text('changes.heading')}"
    changes = tuple(current_proposals(p.room))
    yield from changes_in_words(changes, report=p.report, roster=p.roster, words=p.words)


def _cause(p: _Paper, cause: RootCause) -> str:
    named = p.words.text(f"cause.{cause}")
    if cause not in supposed_causes(p.room):
        return named
    return p.text("cause_supposed", cause=named, fault=p.words.text(f"fault.{p.room.incident.fault}"))


def _corrections(p: _Paper) -> Iterator[str]:
    generation = p.room.incident.generation
    own = tuple(each for each in p.room.corrections if each.generation == generation)
    if not own:
        yield p.text("corrections.none", why=one_cell(p.report.no_corrections) or p.text("none"))
        return
    yield from corrections_in_words(own, roster=p.roster, words=p.words)


# ---- signatures ---------------------------------------------------------------------------------


def _signatures(p: _Paper) -> Iterator[str]:
    yield f"## {p.text('signed')}"
    if not p.report.signatures:
        yield p.text("unsigned")
    for signature in p.report.signatures:
        seats = seats_of(signature, p.room, roster=p.roster, words=p.words)
        roles = p.words.text("joined.listed").join(seats)
        at = japanese_time.full(signature.at, p.words)
        yield f"- {p.text('signed_by', by=p.name(signature.by), at=at, roles=roles)}"
