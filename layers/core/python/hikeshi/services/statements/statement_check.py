"""Reads a draft before anybody is asked to approve it: what is missing, and how it would be heard.

What is missing keeps it back. How it would be heard is a matter of judgement: whoever wrote it may keep
the words and say why, and those who approve read the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from hikeshi.domain.assessment import Fault
from hikeshi.domain.errors import RefusedTextError
from hikeshi.domain.facts import Fact
from hikeshi.domain.masking import NOBODY, Mask
from hikeshi.domain.statements import Part, Sentence, StatementKind
from hikeshi.services.statements.cause_words import is_about_cause, lexicon, states_cause
from hikeshi.services.statements.statement_text import Draft

TONES = ("blame", "sarcasm", "hedging")


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something wrong with a draft; ``quote`` is the sentence, empty if it is about the whole text."""

    key: str
    quote: str = ""


def check_draft(
    draft: Draft,
    sentences: Sequence[Sentence],
    *,
    fault: Fault,
    facts: Sequence[Fact] = (),
    mask: Mask = NOBODY,
) -> None:
    """Hold a draft against what a statement must have and how it should sound; ``facts`` are the register.

    Raises
    ------
    RefusedTextError
        With everything that is missing or names a protected person, or else with what the tone check objects
        to.
    """
    missing = (*gaps(draft, sentences, facts), *namings(sentences, mask))
    tone = () if draft.tone_reason else tuple(tone_findings(sentences, fault=fault))
    if found := missing or tone:
        raise RefusedTextError(tuple((each.key, each.quote) for each in found))


def gaps(draft: Draft, sentences: Sequence[Sentence], facts: Sequence[Fact] = ()) -> Iterator[Finding]:
    """Yield what keeps a draft back, whoever stands behind it."""
    words = lexicon()
    if draft.next_update_at is None:
        yield Finding(key="no_next_update")
    if not any(words["contact"].match(each.text) for each in _part(sentences, Part.CONTACT)):
        yield Finding(key="no_contact")
    if not any(words["care"].match(each.text) for each in _part(sentences, Part.CARE)):
        yield Finding(key="no_care")
    if draft.kind is StatementKind.HOLDING and not any(words["checking"].match(s.text) for s in sentences):
        yield Finding(key="not_checking")
    bearing = {fact.id for fact in facts if is_about_cause(fact.claim)}
    for sentence in sentences:
        yield from _unfounded(sentence, draft.kind, bearing)


def namings(sentences: Sequence[Sentence], mask: Mask) -> Iterator[Finding]:
    """Yield what gives a protected person away: nobody can stand by that with a reason."""
    return (Finding(key="names_protected", quote=each.text) for each in sentences if mask.finds(each.text))


def tone_findings(sentences: Sequence[Sentence], *, fault: Fault) -> Iterator[Finding]:
    """Yield how a text would be heard amiss."""
    words = lexicon()
    for sentence in sentences:
        if sentence.part is Part.CARE:
            continue  # it names the attack that it asks to refrain from
        for tone in TONES:
            if words[tone].match(sentence.text):
                yield Finding(key=tone, quote=sentence.text)
    apologies = [each for each in sentences if words["apology"].match(each.text)]
    if fault is Fault.OURS and not apologies:
        yield Finding(key="no_apology")
    if fault is Fault.NOT_OURS:
        yield from (Finding(key="apology_not_ours", quote=each.text) for each in apologies)


def _unfounded(sentence: Sentence, kind: StatementKind, bearing: Set[str]) -> Iterator[Finding]:
    """Yield what a sentence says without ground; ``bearing`` are the facts that are about a cause.

    Whether those facts hold is asked when the text is approved, and again when it is put out.
    """
    holding = kind is StatementKind.HOLDING
    if states_cause(sentence.text):
        if holding:
            yield Finding(key="cause_in_holding", quote=sentence.text)
        elif bearing.isdisjoint(sentence.facts):
            key = "cause_off_fact" if sentence.facts else "cause_without_fact"
            yield Finding(key=key, quote=sentence.text)
    elif sentence.part is Part.FACT and not sentence.facts:
        if not holding:
            yield Finding(key="no_fact_named", quote=sentence.text)
        elif not lexicon()["checking"].match(sentence.text):
            yield Finding(key="states_unchecked", quote=sentence.text)


def _part(sentences: Sequence[Sentence], part: Part) -> Iterator[Sentence]:
    return (sentence for sentence in sentences if sentence.part is part)
