"""The public word on a page of its own: sentence by sentence, version by version, channel by channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from hikeshi.domain.actions import Action
from hikeshi.domain.facts import holds
from hikeshi.domain.japan_time import JST
from hikeshi.domain.publishing import hand_off_gaps, is_last_word_open
from hikeshi.domain.statements import Statement, StatementKind
from hikeshi.services.facts.said_facts import SaidFact, said_facts
from hikeshi.services.facts.verdict_words import verdict_key
from hikeshi.services.room.page_models import Form, Gate, Notice
from hikeshi.services.room.room_panels import (
    approve_gate,
    return_gate,
    statement_state,
    statement_trail,
    waive_form,
)
from hikeshi.services.room.room_peril import word_caution
from hikeshi.services.room.visit import Visit, shown
from hikeshi.services.statements.statement_text import (
    X_LIMIT,
    Difference,
    channel_texts,
    differences,
    typed_again,
    x_weight,
)

MOST_FACTS = 60
MOST_VERSIONS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class SaidLine:
    """A sentence and what it rests on."""

    part: str
    text: str
    facts: tuple[SaidFact, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyText:
    """A text to copy, with how long it is where that matters."""

    label: str
    text: str
    length: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberedFact:
    """A fact as the writer picks it; ``usable`` says in one word whether it may be said."""

    number: int
    claim: str
    state: str
    tone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementPage:
    """The page; ``gaps`` say what keeps the text from going out, ``copies`` are there once nothing does."""

    page_title: str
    home: str
    title: str
    as_of: str
    notices: tuple[Notice, ...]
    state: str
    tone: str
    version: str
    lines: tuple[SaidLine, ...]
    plain: str
    trail: tuple[str, ...]
    tone_reason: str
    gaps: tuple[str, ...]
    copies: tuple[CopyText, ...]
    approve: Form
    send_back: Form
    publish: Form
    waive: Form
    ends: bool
    changes: tuple[Difference, ...]
    versions: tuple[str, ...]
    draft: Form
    kinds: tuple[tuple[str, str], ...]
    skeletons: tuple[tuple[str, str], ...]
    facts: tuple[NumberedFact, ...]
    more_facts: str
    asks_tone_reason: bool
    caution: str = ""


def statement_page(visit: Visit, *, notices: tuple[Notice, ...] = (), skeleton: str = "") -> StatementPage:
    """Compose the page; ``skeleton`` names the kind whose skeleton the form begins with."""
    statement = visit.room.statement
    state, tone = statement_state(visit, statement)
    said = statement if statement is not None and not statement.waived else None
    gaps = hand_off_gaps(visit.room, said) if said else ()
    earlier = visit.room.earlier_statements
    draft = _draft_form(visit, said, skeleton)
    return StatementPage(
        page_title=visit.text("statement.title", number=visit.number),
        home=visit.home,
        title=shown(visit.incident.title, 60),
        as_of=visit.text("page.as_of", at=visit.when(visit.at)),
        notices=notices,
        state=state,
        tone=tone,
        version=str(said.version) if said else "",
        lines=_lines(visit, said) if said else (),
        plain=statement.text if statement is not None and not statement.sentences else "",
        trail=statement_trail(visit, statement),
        tone_reason=said.tone_reason if said else "",
        gaps=tuple(visit.text(f"missing.{gap}") for gap in gaps),
        copies=_copies(visit, said) if said and not gaps else (),
        approve=visit.form(Action.APPROVE_STATEMENT, gate=approve_gate(visit, statement)),
        send_back=visit.form(Action.RETURN_STATEMENT, gate=return_gate(visit, statement)),
        publish=visit.form(Action.PUBLISH_STATEMENT, gate=publish_gate(visit, said)),
        waive=waive_form(visit, statement),
        ends=is_last_word_open(visit.room),
        changes=differences(earlier[-1], said) if said and earlier else (),
        versions=tuple(_version(visit, each) for each in reversed(earlier))[:MOST_VERSIONS],
        draft=draft,
        kinds=tuple((kind.value, visit.text(f"statement_kind.{kind}")) for kind in StatementKind),
        skeletons=tuple(_skeleton(visit, kind) for kind in visit.playbook.statements),
        facts=numbered_facts(visit),
        more_facts=visit.text("page.more", count=len(visit.room.facts) - MOST_FACTS)
        if len(visit.room.facts) > MOST_FACTS
        else "",
        asks_tone_reason=visit.attempt is not None and visit.attempt.action is Action.DRAFT_STATEMENT,
        caution=word_caution(visit),
    )


def publish_gate(visit: Visit, statement: Statement | None) -> Gate:
    """Offer to record that the text was put out, once nothing keeps it from going out."""
    if statement is None or statement.published_at is not None or hand_off_gaps(visit.room, statement):
        return Gate(open=False)
    return visit.gate(Action.PUBLISH_STATEMENT)


def _draft_form(visit: Visit, statement: Statement | None, skeleton: str) -> Form:
    form = visit.form(Action.DRAFT_STATEMENT)
    return form if form.typed else replace(form, typed=_start(visit, statement, skeleton))


def _start(visit: Visit, statement: Statement | None, skeleton: str) -> Mapping[str, str]:
    """Begin with the version before, or else with the skeleton of the playbook."""
    if skeleton not in set(StatementKind) and statement is not None and statement.sentences:
        typed = typed_again(statement, visit.room.facts)
        if statement.next_update_at is not None and statement.next_update_at > visit.at:
            typed["next_update_at"] = f"{statement.next_update_at.astimezone(JST):%Y-%m-%dT%H:%M}"
        return typed
    kind = StatementKind(skeleton) if skeleton in set(StatementKind) else StatementKind.HOLDING
    parts = visit.playbook.statements.get(kind)
    if parts is None:
        begun = ("said_action", "said_care")
        return {name: visit.text(f"statement_part.{name}") for name in begun} | {"kind": kind.value}
    return {f"said_{each.name}": getattr(parts, each.name) for each in fields(parts)} | {"kind": kind.value}


def _skeleton(visit: Visit, kind: StatementKind) -> tuple[str, str]:
    """Return the address of the page that begins with a skeleton, and what leads there."""
    named = visit.text(f"statement_kind.{kind}")
    return f"statement?page={kind}", visit.text("statement.begin", kind=named)


def _lines(visit: Visit, statement: Statement) -> tuple[SaidLine, ...]:
    """Return the sentences; the name of a part stands at the first of it alone."""
    found: list[SaidLine] = []
    before, told = None, set[str]()
    for sentence in statement.sentences:
        part = visit.text(f"statement_part.{sentence.part}") if sentence.part is not before else ""
        facts = said_facts(visit, sentence.facts, told=told)
        found.append(SaidLine(part=part, text=sentence.text, facts=facts))
        before = sentence.part
        told.update(sentence.facts)
    return tuple(found)


def _copies(visit: Visit, statement: Statement) -> tuple[CopyText, ...]:
    found = []
    mark = visit.text("drill.mark") if visit.incident.drill else ""
    for each in channel_texts(statement, brand=visit.incident.brand_name, words=visit.words):
        label = visit.text(f"channel_text.{each.channel}_label")
        for place, post in enumerate(each.posts, start=1):
            of = visit.text("statement.part_of", place=place, total=len(each.posts))
            length = visit.text("statement.length", used=(x_weight(post) + 1) // 2, limit=X_LIMIT // 2)
            found.append(
                CopyText(
                    label=label + of if len(each.posts) > 1 else label,
                    text=mark + post,
                    length=length if each.channel == "x" else "",
                )
            )
    return tuple(found)


def _version(visit: Visit, statement: Statement) -> str:
    state, _ = statement_state(visit, statement)
    wrote = visit.by_at(statement.drafted_by, statement.drafted_at)
    kind = visit.text(f"statement_kind.{statement.kind}")
    return visit.text("statement.version", version=statement.version, kind=kind, wrote=wrote, state=state)


def numbered_facts(visit: Visit) -> tuple[NumberedFact, ...]:
    """Return the facts as a writer picks them by number."""
    facts = visit.room.facts
    return tuple(
        NumberedFact(
            number=place,
            claim=shown(fact.claim, 80),
            state=visit.text(
                "statement.usable" if holds(facts, fact.id) else verdict_key(fact.claim, fact.verdict)
            ),
            tone="calm" if holds(facts, fact.id) else "quiet",
        )
        for place, fact in enumerate(facts[:MOST_FACTS], start=1)
    )
