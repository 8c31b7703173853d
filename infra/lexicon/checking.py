"""Proves every entry: its example hits, its counter-example does not, and it is no trap.

A trap is an entry that flags harmless posts, like 国 in 国宝: what it adds to the flags of the shipped
lexicon is counted on texts in which there is nothing to find, of which a file is asked only about those that
it has a bearing on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache, lru_cache

from hikeshi.domain.assessment import Assessment, Category, Level
from hikeshi.domain.configuration import LexiconFile
from hikeshi.domain.errors import ConfigError
from hikeshi.domain.posts import Post
from hikeshi.ports.scoring import Scorer
from hikeshi.services.scoring.lexicon import load_lexicon
from hikeshi.services.scoring.matcher import Matcher
from hikeshi.services.scoring.normalise import normalise, normalise_term
from infra.configuring.problems import Problem
from infra.lab.remembering import one_reading
from infra.lexicon.bearing import bearing_of
from infra.lexicon.entries import Entries, EntriesFile, read_entries
from infra.progress import Step, uncounted

HIGHEST_RATE = 50
"""Harmless posts of 10,000 that one entry may flag."""

_NOON = datetime(2026, 5, 13, 3, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """How many harmless posts an entry flags that the shipped lexicon does not."""

    file: str
    entry: str
    flagged: int
    of: int

    @property
    def per_ten_thousand(self) -> float:
        """The rate as it is limited."""
        return 10_000 * self.flagged / self.of

    @property
    def is_trap(self) -> bool:
        """Tell whether it is above the limit."""
        return self.per_ten_thousand > HIGHEST_RATE


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What checking files together came to; rates only if the files can be used at all."""

    problems: tuple[Problem, ...]
    rates: tuple[Rate, ...] = ()
    entries: int = 0


@lru_cache(maxsize=64)
def check_files(files: tuple[LexiconFile, ...], harmless: tuple[str, ...]) -> Checked:
    """Check files as they would be used together; what was checked before is known."""
    return checked(files, harmless, uncounted)


def checked(files: tuple[LexiconFile, ...], harmless: tuple[str, ...], step: Step) -> Checked:
    """Check files as ``check_files`` does, and count the harmless texts by ``step``."""
    read = [read_entries(file) for file in files]
    problems = [problem for file in read for problem in file.problems]
    problems += _cross_problems(read)
    if problems:
        return Checked(problems=tuple(problems))
    try:
        scorer = one_reading()(files)
    except ConfigError as error:
        return Checked(problems=tuple(f.problem("lexicon_unusable", "", detail=error) for f in read[:1]))
    problems += [problem for file in read for problem in _example_problems(file, scorer)]
    bears = bearing_of(files)
    problems += _broken_shipped(read[0], scorer, bears) if read else []
    rates = tuple(_rates(read, scorer, harmless, bears, step))
    problems += [
        file.problem("lexicon_trap", rate.entry, rate=f"{rate.per_ten_thousand:.0f}", limit=HIGHEST_RATE)
        for file in read
        for rate in rates
        if rate.is_trap and rate.file == file.file.name
    ]
    count = sum(_size(file.entries) for file in read if file.entries is not None)
    return Checked(problems=tuple(problems), rates=rates, entries=count)


@cache
def _shipped() -> Scorer:
    return one_reading()(())


def assess_text(text: str, scorer: Scorer) -> Assessment:
    """Judge a bare text."""
    return scorer.assess(Post(id="-", source="check", text=text, published_at=_NOON, fetched_at=_NOON))


def _size(entries: Entries) -> int:
    return len(entries.words) + len(entries.rule) + len(entries.shift) + len(entries.weights)


# ---- what no single field shows ----------------------------------------------------------------


def _cross_problems(files: Sequence[EntriesFile]) -> Iterator[Problem]:
    shipped = load_lexicon()
    taken = {rule.id for rule in shipped.rules} | {shift.id for shift in shipped.shifts}
    theirs = _shipped_groups()
    own = {group for file in files if file.entries for group in file.entries.words}
    known = theirs | own
    for file in files:
        if file.entries is None:
            continue
        for row in file.entries.named:
            if row.id in taken:
                yield file.problem("lexicon_duplicate", row.id)
            taken.add(row.id)
        yield from _unknown_groups(file, file.entries, known)
        yield from _words_problems(file, file.entries, theirs)


def _unknown_groups(file: EntriesFile, entries: Entries, known: set[str]) -> Iterator[Problem]:
    named = [
        (rule.id, group)
        for rule in entries.rule
        for group in [*(g for place in rule.needs for g in place.split("|")), *rule.unless]
    ]
    named += [(shift.id, group) for shift in entries.shift for group in shift.groups]
    for entry, group in named:
        if group not in known:
            near = ", ".join(get_close_matches(group, sorted(known), n=3, cutoff=0.5)) or "—"
            yield file.problem("lexicon_unknown_group", entry, value=group, near=near)


def _words_problems(file: EntriesFile, entries: Entries, theirs: set[str]) -> Iterator[Problem]:
    for group, words in entries.words.items():
        empty = [term for term in (*words.terms, *words.not_in) if not normalise_term(term).strip()]
        if empty:
            yield file.problem("lexicon_empty_term", f"words.{group}", value=empty[0])
        if group in theirs and not (words.hits and words.misses):
            yield file.problem("lexicon_no_examples", f"words.{group}")


def _shipped_groups() -> set[str]:
    shipped = load_lexicon()
    return {g for rule in shipped.rules for place in rule.needs for g in place} | {
        group
        for named in (*(rule.unless for rule in shipped.rules), *(s.groups for s in shipped.shifts))
        for group in named
    }


# ---- examples ----------------------------------------------------------------------------------


def _example_problems(file: EntriesFile, scorer: Scorer) -> Iterator[Problem]:
    if file.entries is None:
        return
    for rule in file.entries.rule:
        for text in rule.hits:
            if not _finds(assess_text(text, scorer), rule.id, rule.category):
                yield file.problem("lexicon_not_hit", rule.id, text=text)
        for text in rule.misses:
            found = assess_text(text, scorer)
            if found.is_risk and rule.id in {reason.rule for reason in found.reasons}:
                yield file.problem("lexicon_hit", rule.id, text=text)
    for group, words in file.entries.words.items():
        matcher = Matcher({normalise_term(term): [group] for term in words.terms})
        for text in words.hits:
            if not matcher.find(normalise(text).text) or not assess_text(text, scorer).is_risk:
                yield file.problem("lexicon_not_hit", f"words.{group}", text=text)
        for text in words.misses:
            if assess_text(text, scorer).is_risk:
                yield file.problem("lexicon_hit", f"words.{group}", text=text)


def _finds(found: Assessment, rule: str, category: Category) -> bool:
    return rule in {reason.rule for reason in found.reasons} and (
        found.is_risk or category is Category.SUPPORT
    )


def _broken_shipped(file: EntriesFile, scorer: Scorer, bears: Callable[[str], bool]) -> list[Problem]:
    """Return the shipped rules that no longer find their example with these files laid over them."""
    return [
        file.problem("lexicon_breaks_shipped", rule.id, text=text)
        for rule in load_lexicon().rules
        for text in rule.hits
        if bears(normalise(text).text)
        and _finds(assess_text(text, _shipped()), rule.id, rule.category)
        and not _finds(assess_text(text, scorer), rule.id, rule.category)
    ]


# ---- traps -------------------------------------------------------------------------------------


def _rates(
    files: Sequence[EntriesFile],
    scorer: Scorer,
    harmless: tuple[str, ...],
    bears: Callable[[str], bool],
    step: Step,
) -> Iterator[Rate]:
    if not harmless:
        return
    flagged: Counter[tuple[str, str]] = Counter()
    for text, normal in zip(harmless, _normalised(harmless), strict=True):
        step()
        if bears(normal):
            found = assess_text(text, scorer)
            if found.level is not Level.NONE and found.level.rank > _shipped_level(text).rank:
                flagged.update(_guilty(files, found, normal))
    for file in files:
        for entry in _names(file.entries):
            count = flagged[file.file.name, entry]
            yield Rate(file=file.file.name, entry=entry, flagged=count, of=len(harmless))


@lru_cache(maxsize=2)
def _normalised(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(normalise(text).text for text in texts)


@cache
def _shipped_level(text: str) -> Level:
    return assess_text(text, _shipped()).level


def _guilty(files: Sequence[EntriesFile], found: Assessment, normal: str) -> Iterator[tuple[str, str]]:
    """Name the entries that a flag comes from: rules by its reasons, words by being in the text."""
    reasons = {reason.rule for reason in found.reasons}
    for file in files:
        if file.entries is None:
            continue
        rows = {row.id for row in file.entries.named} | set(file.entries.weights)
        yield from ((file.file.name, entry) for entry in rows & reasons)
        for group, words in file.entries.words.items():
            if any(normalise_term(term) in normal for term in words.terms):
                yield file.file.name, f"words.{group}"


def _names(entries: Entries | None) -> list[str]:
    if entries is None:
        return []
    words = [f"words.{group}" for group in entries.words]
    return [*words, *(row.id for row in entries.named), *entries.weights]
