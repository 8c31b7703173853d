"""The draft of the completion report: what the records say, in the order a reader asks.

Everything in it is counted or quoted. What is measured of the response stands in
:mod:`hikeshi.services.reports.report_figures`, what only people know in
:mod:`hikeshi.services.reports.final_report`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hikeshi.domain.alerts import Alert, AlertedPost, quoted_post
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.facts import Fact
from hikeshi.domain.incidents import Incident, ResponseTask, Room
from hikeshi.domain.publishing import last_published_now
from hikeshi.domain.statements import Approval, Statement
from hikeshi.domain.timeline import TimelineEntry
from hikeshi.services.collection.source_names import source_name
from hikeshi.services.facts.verdict_words import verdict_of
from hikeshi.services.incidents.kind_text import kind_line
from hikeshi.services.messages import japanese_time
from hikeshi.services.messages.numbering import number_of
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.report_alerts import Gathered, shown_alerts, shown_posts
from hikeshi.services.reports.report_blocks import one_cell, table
from hikeshi.services.reports.timeline_text import name_of, sentence

QUOTED_POSTS = 10
LISTED_ALERTS = 12
QUOTE_LENGTH = 140
_BETWEEN_THE_LINES = frozenset({"status_changed"})
"""Events that only repeat what the line before them says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportMaterial:
    """What a report is made from; ``at`` is when it is drafted."""

    room: Room
    timeline: Sequence[TimelineEntry]
    known: Gathered
    configuration: Configuration
    words: Wording
    at: datetime

    @property
    def posts(self) -> Sequence[AlertedPost]:
        """The posts that were read, first published first."""
        return self.known.posts

    @property
    def incident(self) -> Incident:
        """The head of the incident."""
        return self.room.incident

    def text(self, key: str, **params: object) -> str:
        """Return a sentence of the report's part of the catalogue."""
        return self.words.text(f"report.{key}", **params)

    def name(self, person_id: str | None) -> str:
        """Return a person's name."""
        return name_of(person_id, self.configuration.roster) if person_id else self.text("nobody")

    def source(self, source_id: str) -> str:
        """Return the name of a source as the watch list has it."""
        return one_cell(source_name(source_id, self.configuration, self.words))


def report_text(material: ReportMaterial) -> str:
    """Write the report as Markdown."""
    sections = (
        _heading(material),
        _summary(material),
        _timeline(material),
        _facts(material),
        _response(material),
        _statement(material),
        _posts(material),
    )
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _heading(m: ReportMaterial) -> Iterator[str]:
    mark = m.words.text("drill.mark") if m.incident.drill else ""
    number = number_of(m.incident.number, drill=m.incident.drill, words=m.words)
    yield f"# {mark}{m.text('title', number=number, title=one_cell(m.incident.title))}"
    yield ""
    if m.incident.drill:
        yield m.words.text("drill.banner")
        yield ""
    yield m.text("times_in_jst")


def _summary(m: ReportMaterial) -> Iterator[str]:
    incident, words = m.incident, m.words
    yield f"## {m.text('summary.heading')}"
    yield f"- {m.text('summary.brand', brand=one_cell(incident.brand_name))}"
    category, level = words.text(f"category.{incident.category}"), words.text(f"level.{incident.level}")
    yield f"- {m.text('summary.kind', category=category, level=level)}"
    yield kind_line(incident, words)
    first_post_at = japanese_time.full(incident.first_post_at, m.words)
    first = next((p.post for p in m.posts if p.post.published_at == incident.first_post_at), None)
    source = m.source(first.source if first else incident.source)
    yield f"- {m.text('summary.first_post', at=first_post_at, source=source)}"
    quoted = quoted_post(incident.quote, m.posts)
    if quoted is not None and quoted.post.published_at > incident.first_post_at:
        at, source = japanese_time.full(quoted.post.published_at, m.words), m.source(quoted.post.source)
        yield f"- {m.text('summary.quoted', at=at, source=source)}"
    yield f"- {m.text('summary.lead', lead=m.name(incident.lead))}"
    yield ""
    yield f"> {one_cell(incident.quote)}"


def _timeline(m: ReportMaterial) -> Iterator[str]:
    yield f"## {m.text('timeline.heading')}"
    head = m.text("timeline.at"), m.text("timeline.what")
    rows = (
        (when(entry.event.at, m.words), sentence(entry.event, words=m.words, roster=m.configuration.roster))
        for entry in m.timeline
        if entry.event.kind not in _BETWEEN_THE_LINES
    )
    first = (when(m.incident.first_post_at, m.words), m.text("timeline.first_post"))
    yield from table(head, (first, *rows))


def _facts(m: ReportMaterial) -> Iterator[str]:
    yield f"## {m.text('facts.heading')}"
    if not m.room.facts:
        yield m.text("facts.none")
        return
    head = tuple(m.text(f"facts.{column}") for column in ("claim", "verdict", "basis", "by"))
    yield from table(head, (_fact(m, fact) for fact in m.room.facts))


def _fact(m: ReportMaterial, fact: Fact) -> tuple[str, ...]:
    verdict = verdict_of(fact.claim, fact.verdict, m.words)
    by = f"{m.name(fact.judged_by)} {when(fact.judged_at, m.words)}" if fact.judged_at else m.text("nobody")
    return fact.claim, verdict, fact.basis or m.text("none"), by


def _response(m: ReportMaterial) -> Iterator[str]:
    yield f"## {m.text('tasks.heading')}"
    departments = dict.fromkeys(task.department for task in m.room.tasks)
    if not departments:
        yield m.text("tasks.none")
    for department in departments:
        yield f"### {m.words.text(f'role.{department}')}"
        for task in m.room.tasks:
            if task.department is department:
                yield f"- {_task(m, task)}"


def _task(m: ReportMaterial, task: ResponseTask) -> str:
    title = one_cell(task.title)
    if task.dropped_at is not None and task.done_at is None:
        return m.text("tasks.dropped", title=title)
    if task.done_at is None:
        return m.text("tasks.open", title=title, owner=m.name(task.owner))
    by, at = m.name(task.done_by), when(task.done_at, m.words)
    return m.text("tasks.done", title=title, by=by, at=at, result=one_cell(task.result) or m.text("none"))


def _statement(m: ReportMaterial) -> Iterator[str]:
    yield f"## {m.text('statement.heading')}"
    newest, out = m.room.statement, last_published_now(m.room)
    if newest is None:
        yield m.text("statement.none")
        return
    if newest.waived and out is not None:
        yield from _word(m, out)
        yield ""
    yield from _word(m, newest)


def _word(m: ReportMaterial, statement: Statement) -> Iterator[str]:
    drafted, text = m.name(statement.drafted_by), statement.text.splitlines()
    if statement.waived:
        yield m.text("statement.waived", by=drafted, at=when(statement.drafted_at, m.words))
    elif statement.approved_at is not None:
        kind, at = m.words.text(f"statement_kind.{statement.kind}"), when(statement.approved_at, m.words)
        approved = m.words.text("page.and").join(_approval(m, each) for each in statement.approvals)
        by = approved or m.name(statement.approved_by)
        yield m.text("statement.approved", kind=kind, drafted_by=drafted, approved_by=by, at=at)
    else:
        yield m.text("statement.unapproved", by=drafted)
    yield ""
    yield from (f"> {line}" for line in text)


def _approval(m: ReportMaterial, approval: Approval) -> str:
    roles = m.words.text("joined.listed").join(
        m.words.text(f"role.{role}") for role in sorted(approval.roles)
    )
    return m.text("statement.approver", name=m.name(approval.by), roles=roles)


def _posts(m: ReportMaterial) -> Iterator[str]:
    yield f"## {m.text('spread.heading')}"
    head = tuple(m.text(f"spread.{column}") for column in ("at", "source", "post", "reposts", "evidence"))
    shown = shown_posts(m.posts, QUOTED_POSTS)
    yield from table(head, (_post(m, member) for member in shown))
    if more := m.known.total - len(shown):
        yield ""
        yield m.text("spread.more_posts", count=f"{more:,}")
    if len(m.known.alerts) > 1:
        yield ""
        yield from _alerts(m)


def _alerts(m: ReportMaterial) -> Iterator[str]:
    """List the groups of posts: the first, the gravest and the newest, and what all others come to."""
    alerts = m.known.alerts
    shown = shown_alerts(alerts, LISTED_ALERTS)
    rest = [alert for alert in alerts if alert not in shown]
    yield f"### {m.text('alerts.heading', count=f'{len(alerts):,}')}"
    columns = ("began", "level", "post", "posts", "reposts")
    yield from table(tuple(m.text(f"alerts.{each}") for each in columns), (_alert(m, each) for each in shown))
    if rest:
        posts, reposts = (sum(counts) for counts in zip(*((a.posts, a.reposts) for a in rest), strict=True))
        yield ""
        yield m.text("alerts.more", count=f"{len(rest):,}", posts=f"{posts:,}", reposts=f"{reposts:,}")
    if m.known.uncounted:
        yield ""
        yield m.text("alerts.uncounted", count=f"{m.known.uncounted:,}")


def _alert(m: ReportMaterial, alert: Alert) -> tuple[str, ...]:
    return (
        when(alert.first_post_at, m.words),
        m.words.text(f"level.{alert.level}"),
        _quote(alert.quote),
        f"{alert.posts:,}",
        f"{alert.reposts:,}",
    )


def _post(m: ReportMaterial, member: AlertedPost) -> tuple[str, ...]:
    post = member.post
    return (
        when(post.published_at, m.words),
        m.source(post.source),
        _quote(post.text),
        str(post.reposts),
        member.evidence.sha256[:16],
    )


def _quote(written: str) -> str:
    text = one_cell(written)
    return text if len(text) <= QUOTE_LENGTH else text[: QUOTE_LENGTH - 1] + "…"


def when(at: datetime, words: Wording) -> str:
    """Return a moment as it stands in a table of the report."""
    return japanese_time.day_and_clock(at, words)
