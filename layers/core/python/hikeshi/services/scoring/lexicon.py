"""The risk lexicon as data: groups of words, rules that combine them, and what shifts a score.

The files lie in ``hikeshi/lexicon/*.toml`` and hold no code. A rule asks for several groups near each
other, never for one long phrase, so that it also finds a wording nobody has written before.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from hikeshi.domain.assessment import Category, CrisisType, Level
from hikeshi.domain.errors import ConfigError
from hikeshi.services.scoring.matcher import Matcher
from hikeshi.services.scoring.normalise import MASK, normalise_term

DEFAULT_REACH = 34
"""Characters that a rule's words may span, unless it says otherwise."""

_UNMASKED = 3
"""Words at least this long are also found with one of their letters masked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Words that mean a risk when they stand near each other.

    Attributes
    ----------
    needs : tuple of tuple of str
        For each place the groups that can fill it; all places must be filled.
    unless : frozenset of str
        Groups that make it mean something else.
    within : int
        Characters from the first word to the last.
    ordered : bool
        Whether the words must come in the order of ``needs``.
    focus : int
        The place whose negation or condition turns the rule off; usually the verb.
    plain : bool
        Whether negation is ignored (「返金してくれない」 complains by negating).
    critical : bool
        Danger to people: may be critical by content alone.
    stated : bool
        Whether the focus must say something of its own, not describe something (社員を殺す会社).
    firm : bool
        Whether nothing lowers it: neither what makes a risk less credible, nor the learned part.
    """

    id: str
    label: str
    category: Category
    weight: int
    needs: tuple[tuple[str, ...], ...]
    unless: frozenset[str] = frozenset()
    within: int = DEFAULT_REACH
    ordered: bool = False
    focus: int = -1
    plain: bool = False
    critical: bool = False
    stated: bool = False
    firm: bool = False
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """Something in a post that makes its risk more or less credible, whatever the risk is."""

    id: str
    label: str
    points: int
    groups: frozenset[str]
    only: frozenset[Category] = frozenset()
    never: frozenset[Category] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelTable:
    """From which score on a level begins, and the highest level of each category."""

    notice: int
    warning: int
    critical: int
    highest: Mapping[Category, Level]
    crisis_types: Mapping[Category, CrisisType]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """Everything the scorer knows, ready to use."""

    matcher: Matcher
    rules: tuple[Rule, ...]
    shifts: tuple[Shift, ...]
    levels: LevelTable
    by_anchor: Mapping[str, tuple[Rule, ...]]
    """Rules by each group that can fill their first place."""


@cache
def load_lexicon() -> Lexicon:
    """Read the lexicon that ships with hikeshi.

    Raises
    ------
    ConfigError
        If a file does not parse or names a group that does not exist.
    """
    return build_lexicon(shipped_files())


def shipped_files() -> list[tuple[str, str]]:
    """Return the files of the lexicon that ships with hikeshi, by name.

    Raises
    ------
    ConfigError
        If one is no text.
    """
    folder = resources.files("hikeshi") / "lexicon"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return [(f.name, _text_of(f)) for f in files]


def _text_of(file: Traversable) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"lexicon/{file.name} が壊れていて読めません。git checkout で元に戻してください"
            f" / is damaged and cannot be read, restore it with git checkout: {error.reason}"
        ) from None


def build_lexicon(files: Sequence[tuple[str, str]]) -> Lexicon:
    """Build a lexicon from named TOML texts."""
    words: dict[str, set[str]] = {}
    shields: set[str] = set()
    rules: list[Rule] = []
    shifts: list[Shift] = []
    levels: LevelTable | None = None
    groups: set[str] = set()
    for name, text in files:
        try:
            document = tomllib.loads(text)
            groups |= _read_words(document.get("words", {}), words, shields)
            rules += [_read_rule(row) for row in document.get("rule", ())]
            shifts += [_read_shift(row) for row in document.get("shift", ())]
            levels = _read_levels(document["levels"]) if "levels" in document else levels
        except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
            raise ConfigError(
                f"{name} が読めません。hikeshi lexicon check で場所と直し方を確かめてください"
                f" / cannot be read: {type(error).__name__}: {error}"
            ) from None
    if levels is None:
        raise ConfigError("[levels] の表がどのファイルにもありません / no file has a [levels] table")
    _check_groups(rules, shifts, groups)
    by_anchor: dict[str, list[Rule]] = {}
    for rule in rules:
        for group in rule.needs[0]:
            by_anchor.setdefault(group, []).append(rule)
    return Lexicon(
        matcher=Matcher(words, shields),
        rules=tuple(rules),
        shifts=tuple(shifts),
        levels=levels,
        by_anchor={group: tuple(found) for group, found in by_anchor.items()},
    )


def _read_words(tables: Mapping[str, Any], words: dict[str, set[str]], shields: set[str]) -> set[str]:
    for group, table in tables.items():
        for written in table["terms"]:
            term = normalise_term(written)
            words.setdefault(term, set()).add(group)
            if table.get("maskable", False) and len(term) >= _UNMASKED:
                for at in range(len(term)):
                    words.setdefault(term[:at] + MASK + term[at + 1 :], set()).add(group)
        shields.update(normalise_term(written) for written in table.get("not_in", ()))
    return set(tables)


def _read_rule(row: Mapping[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        label=row["label"],
        category=Category(row["category"]),
        weight=int(row["weight"]),
        needs=tuple(tuple(place.split("|")) for place in row["needs"]),
        unless=frozenset(row.get("unless", ())),
        within=int(row.get("within", DEFAULT_REACH)),
        ordered=bool(row.get("ordered", False)),
        focus=int(row.get("focus", -1)),
        plain=bool(row.get("plain", False)),
        critical=bool(row.get("critical", False)),
        stated=bool(row.get("stated", False)),
        firm=bool(row.get("firm", False)),
        hits=_texts(row["hits"]),
        misses=_texts(row["misses"]),
    )


def _read_shift(row: Mapping[str, Any]) -> Shift:
    return Shift(
        id=row["id"],
        label=row["label"],
        points=int(row["points"]),
        groups=frozenset(row["groups"]),
        only=frozenset(Category(c) for c in row.get("only", ())),
        never=frozenset(Category(c) for c in row.get("never", ())),
    )


def _read_levels(table: Mapping[str, Any]) -> LevelTable:
    return LevelTable(
        notice=int(table["notice"]),
        warning=int(table["warning"]),
        critical=int(table["critical"]),
        highest={Category(c): Level(level) for c, level in table["highest"].items()},
        crisis_types={Category(c): CrisisType(kind) for c, kind in table["crisis_types"].items()},
    )


def _check_groups(rules: Sequence[Rule], shifts: Sequence[Shift], groups: set[str]) -> None:
    for rule in rules:
        named = {group for place in rule.needs for group in place} | rule.unless
        if not rule.needs or named - groups:
            raise ConfigError(_unknown_groups(rule.id, named - groups))
    for shift in shifts:
        unknown = shift.groups - groups
        if unknown:
            raise ConfigError(_unknown_groups(shift.id, unknown))


def _unknown_groups(rule: str, groups: set[str] | frozenset[str]) -> str:
    if not groups:
        return f"規則 {rule} の needs が空です。言葉の組を書いてください / rule {rule} needs a group"
    named = ", ".join(sorted(groups))
    return f"規則 {rule} の組 {named} がありません。[words] に加えてください / rule {rule}: unknown groups"


def _texts(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
