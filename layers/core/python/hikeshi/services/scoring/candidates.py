"""Which rules have all their words near each other in a post."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hikeshi.services.scoring.lexicon import Lexicon, Rule
from hikeshi.services.scoring.matcher import Hit

_BREAK = re.compile(r"[。!?\n]+ *|(?<![0-9a-z]) +| +(?![0-9a-z])")
"""Ends of sentences; a space is one in Japanese, but not between two English words."""
_MAX_ANCHORS = 40
_NEIGHBOURS = 4
"""Words looked at on either side of a rule's first word, for each further place."""
_MAX_CHOICES = 3
_MAX_PLACES = 3
"""Places in one post where the same rule is tried, should it be denied in the first."""
_MAX_CROSSINGS = 2
"""Ends of sentences that a rule's words may lie across."""
_NEIGHBOURHOOD = 60
"""Characters around a rule's words in which its ``unless`` groups count."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule and the words that filled its places, in the order of its ``needs``."""

    rule: Rule
    words: tuple[Hit, ...]

    @property
    def start(self) -> int:
        """Where the first of the words begins."""
        return min(word.start for word in self.words)

    @property
    def end(self) -> int:
        """Where the last of the words ends."""
        return max(word.end for word in self.words)

    @property
    def focus(self) -> Hit:
        """The word whose negation turns the rule off."""
        return self.words[self.rule.focus]


class HitIndex:
    """The hits of one post by group."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        by_group: dict[str, list[Hit]] = {}
        for hit in hits:
            for group in hit.groups:
                by_group.setdefault(group, []).append(hit)
        self.by_group = {
            group: found if len(found) == 1 else _longest(found) for group, found in by_group.items()
        }
        self._merged: dict[tuple[str, ...], tuple[list[int], list[Hit]]] = {}

    def of(self, groups: tuple[str, ...]) -> tuple[list[int], list[Hit]]:
        """Return the hits that any of the groups has, sorted, and their starts."""
        merged = self._merged.get(groups)
        if merged is None:
            every = {hit for group in groups for hit in self.by_group.get(group, ())}
            found = sorted(_longest(every), key=_place)
            merged = self._merged[groups] = ([hit.start for hit in found], found)
        return merged

    def near(self, groups: Iterator[str] | frozenset[str], start: int, end: int) -> Hit | None:
        """Return a hit of any of the groups around a stretch of the text."""
        for group in groups:
            for hit in self.by_group.get(group, ()):
                if hit.end > start - _NEIGHBOURHOOD and hit.start < end + _NEIGHBOURHOOD:
                    return hit
        return None


def find_candidates(lexicon: Lexicon, index: HitIndex, text: str) -> list[list[Candidate]]:
    """Return for each rule that matches the places where it does, heaviest rule first."""
    tried: set[str] = set()
    found: list[list[Candidate]] = []
    for group in index.by_group:
        for rule in lexicon.by_anchor.get(group, ()):
            if rule.id not in tried:
                tried.add(rule.id)
                places = _places(rule, index, text)
                if places:
                    found.append(places)
    return sorted(found, key=lambda places: (-places[0].rule.weight, places[0].rule.id))


def _places(rule: Rule, index: HitIndex, text: str) -> list[Candidate]:
    if not all(any(group in index.by_group for group in place) for place in rule.needs):
        return []
    places: list[Candidate] = []
    for anchor in index.of(rule.needs[0])[1][:_MAX_ANCHORS]:
        words = _combine(rule, (anchor,), index)
        if words is None:
            continue
        candidate = Candidate(rule, words)
        if rule.unless and index.near(rule.unless, candidate.start, candidate.end):
            continue
        if _crossings(text, candidate) > _MAX_CROSSINGS:
            continue
        if all(candidate.focus != other.focus for other in places):
            places.append(candidate)
        if len(places) >= _MAX_PLACES:
            break
    return places


def _crossings(text: str, candidate: Candidate) -> int:
    return len(_BREAK.findall(text, candidate.start, candidate.end))


def _combine(rule: Rule, words: tuple[Hit, ...], index: HitIndex) -> tuple[Hit, ...] | None:
    """Fill the places that are left, nearest words first, stepping back where one word blocks another."""
    if len(words) == len(rule.needs):
        return words
    for hit in _nearest(rule.needs[len(words)], words, index, rule):
        filled = _combine(rule, (*words, hit), index)
        if filled is not None:
            return filled
    return None


def _nearest(place: tuple[str, ...], words: tuple[Hit, ...], index: HitIndex, rule: Rule) -> list[Hit]:
    starts, hits = index.of(place)
    anchor, last = words[0], words[-1]
    around = bisect_left(starts, last.start if rule.ordered else anchor.start)
    first, end = min(word.start for word in words), max(word.end for word in words)
    fitting = [
        hit
        for hit in hits[max(0, around - _NEIGHBOURS) : around + _NEIGHBOURS + 1]
        if (not rule.ordered or hit.start >= last.end)
        and max(hit.end, end) - min(hit.start, first) <= rule.within
        and not any(hit.start < word.end and word.start < hit.end for word in words)
    ]
    fitting.sort(key=lambda hit: max(hit.start - anchor.end, anchor.start - hit.end))
    return fitting[:_MAX_CHOICES]


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Keep of hits with one start only the longest (ゴキブリ, not also ゴキ)."""
    longest: dict[int, Hit] = {}
    for hit in hits:
        known = longest.get(hit.start)
        if known is None or hit.end > known.end:
            longest[hit.start] = hit
    return list(longest.values())


def _place(hit: Hit) -> tuple[int, int]:
    return hit.start, hit.end
