"""Reads a draft before anybody is asked to approve it: what is missing, and how it would be heard.

What is missing keeps it back. How it would be heard is a matter of judgement: whoever wrote it may keep
the words and say why, and those who approve read the reason.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hikeshi.domain.assessment import Fault
from hikeshi.domain.errors import RefusedTextError
from hikeshi.domain.masking import NOBODY, Mask
from hikeshi.domain.statements import Part, Sentence, StatementKind
from hikeshi.services.statement_text import Draft

LEXICON = Path(__file__).parent.parent / "tone" / "statement.toml"
TONES = ("blame", "sarcasm", "hedging")


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something wrong with a draft; ``quote`` is the sentence, empty if it is about the whole text."""

    key: str
    quote: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """One entry of the lexicon, with the examples that it is held against."""

    patterns: tuple[re.Pattern[str], ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]
    excepted: tuple[re.Pattern[str], ...] = ()

    def match(self, text: str) -> bool:
        """Tell whether any pattern is in a text and no exception is."""
        found = any(pattern.search(text) for pattern in self.patterns)
        return found and not any(pattern.search(text) for pattern in self.excepted)


def check_draft(draft: Draft, sentences: Sequence[Sentence], *, fault: Fault, mask: Mask = NOBODY) -> None:
    """Hold a draft against what a statement must have and how it should sound.

    Raises
    ------
    RefusedTextError
        With everything that is missing or names a protected person, or else with what the tone check objects
        to.
    """
    missing = (*gaps(draft, sentences), *namings(sentences, mask))
    tone = () if draft.tone_reason else tuple(tone_findings(sentences, fault=fault))
    if found := missing or tone:
        raise RefusedTextError(tuple((each.key, each.quote) for each in found))


def gaps(draft: Draft, sentences: Sequence[Sentence]) -> Iterator[Finding]:
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
    for sentence in sentences:
        yield from _unfounded(sentence, draft.kind)


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


def _unfounded(sentence: Sentence, kind: StatementKind) -> Iterator[Finding]:
    words = lexicon()
    if words["cause"].match(sentence.text):
        if kind is StatementKind.HOLDING:
            yield Finding(key="cause_in_holding", quote=sentence.text)
        elif not sentence.facts:
            yield Finding(key="cause_without_fact", quote=sentence.text)
    elif sentence.part is Part.FACT and not sentence.facts:
        if kind is StatementKind.FULL:
            yield Finding(key="no_fact_named", quote=sentence.text)
        elif not words["checking"].match(sentence.text):
            yield Finding(key="states_unchecked", quote=sentence.text)


def _part(sentences: Sequence[Sentence], part: Part) -> Iterator[Sentence]:
    return (sentence for sentence in sentences if sentence.part is part)


@cache
def lexicon() -> Mapping[str, Words]:
    """Return the lexicon by name."""
    document = tomllib.loads(LEXICON.read_text(encoding="utf-8"))
    return {
        name: Words(
            patterns=tuple(re.compile(pattern) for pattern in entry["patterns"]),
            good=tuple(entry["good"]),
            bad=tuple(entry["bad"]),
            excepted=tuple(re.compile(pattern) for pattern in entry.get("except", ())),
        )
        for name, entry in document.items()
    }
