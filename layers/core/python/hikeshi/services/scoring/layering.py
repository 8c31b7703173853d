"""The lexicon that ships, with a company's own files laid over it.

A file is in the lexicon's own format. Its words join groups of the same name, its rules and shifts take
the place of those with the same id, and a table ``[weights]`` gives rules and shifts other points.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from hikeshi.domain.configuration import LexiconFile
from hikeshi.domain.errors import ConfigError
from hikeshi.services.scoring.lexicon import Lexicon, Rule, build_lexicon, load_lexicon, shipped_files
from hikeshi.services.scoring.matcher import Matcher
from hikeshi.services.scoring.normalise import MASK, normalise_term

MOST = 100
"""Points that one rule or shift can have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Layered:
    """A lexicon, and what in it is the company's own.

    Attributes
    ----------
    lexicon : Lexicon
        Everything together, with the points that are written in the rules.
    own_words : Matcher
        Finds the words that the files brought.
    own_rules : frozenset of str
        Ids of the rules that they brought.
    weights : mapping of str to int
        By id of a rule or shift: the points that count instead.
    """

    lexicon: Lexicon
    own_words: Matcher
    own_rules: frozenset[str]
    weights: Mapping[str, int]


@lru_cache(maxsize=4)
def layered(files: tuple[LexiconFile, ...]) -> Layered:
    """Lay files over the shipped ones; one that has a shipped file's name takes its place.

    Raises
    ------
    ConfigError
        Naming the file, or the rule, that cannot be used.
    """
    lexicon = _lexicon(files) if files else load_lexicon()
    weights: dict[str, int] = {}
    for file in files:
        weights |= _weights_of(file.name, tomllib.loads(file.text).get("weights", {}))
    known = {rule.id for rule in lexicon.rules} | {shift.id for shift in lexicon.shifts}
    if unknown := sorted(weights.keys() - known):
        raise ConfigError(
            f"[weights] の {', '.join(unknown)} という規則はありません。id のつづりを確かめてください"
            " / [weights]: no rule or shift has this id"
        )
    shipped = {rule.id for rule in load_lexicon().rules}
    return Layered(
        lexicon=lexicon,
        own_words=_own_words(files),
        own_rules=frozenset(rule.id for rule in lexicon.rules if rule.id not in shipped),
        weights=weights,
    )


def _lexicon(files: Sequence[LexiconFile]) -> Lexicon:
    texts = dict(shipped_files()) | {file.name: file.text for file in files}
    built = build_lexicon(list(texts.items()))
    rules = tuple({rule.id: rule for rule in built.rules}.values())
    shifts = tuple({shift.id: shift for shift in built.shifts}.values())
    anchors: dict[str, list[Rule]] = {}
    for rule in rules:
        for group in rule.needs[0]:
            anchors.setdefault(group, []).append(rule)
    by_anchor = {group: tuple(found) for group, found in anchors.items()}
    return replace(built, rules=rules, shifts=shifts, by_anchor=by_anchor)


def _own_words(files: Sequence[LexiconFile]) -> Matcher:
    """Find what the files brought: their words, and those of any group that their rules begin with."""
    own = [tomllib.loads(file.text) for file in files]
    begun = {group for d in own for rule in d.get("rule", ()) for group in rule["needs"][0].split("|")}
    words: dict[str, tuple[str, ...]] = {}
    for document in (*own, *(tomllib.loads(text) for _, text in shipped_files() if begun)):
        is_own = any(document is each for each in own)
        for group, table in document.get("words", {}).items():
            if is_own or group in begun:
                for written in table["terms"]:
                    for term in _spellings(normalise_term(written), maskable=table.get("maskable", False)):
                        words[term] = (group,)
    return Matcher(words)


def _spellings(term: str, *, maskable: bool) -> Iterator[str]:
    yield term
    if maskable:
        for at in range(len(term)):
            yield term[:at] + MASK + term[at + 1 :]


def _weights_of(name: str, weights: object) -> dict[str, int]:
    if not isinstance(weights, dict):
        raise ConfigError(
            f"{name}: [weights] は「規則の id = 点」の形で書いてください / it is a table of ids and points"
        )
    wrong = [key for key, points in weights.items() if type(points) is not int or abs(points) > MOST]
    if wrong:
        raise ConfigError(
            f"{name}: [weights] の {wrong[0]} は -{MOST} から {MOST} までの整数で書いてください"
            f" / [weights] {wrong[0]}: a whole number up to {MOST} is needed"
        )
    return weights
