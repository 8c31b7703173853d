"""The files of words and rules as data: what may stand in one, and on which line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hikeshi.domain.assessment import Category, CrisisType, Level
from hikeshi.domain.configuration import LexiconFile
from hikeshi.services.scoring.layering import MOST
from infra.configuring.problems import Problem

MAX_TERM = 60
MAX_TEXT = 2_000
_KNOWN = "words, rule, shift, weights, levels"


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Term = Annotated[str, Field(min_length=1, max_length=MAX_TERM)]
Group = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Place = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\|[a-z][a-z0-9_]*)*$")]
EntryId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=80)]
Label = Annotated[str, Field(min_length=1, max_length=60)]
Texts = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=MAX_TEXT)], ...], BeforeValidator(_as_tuple)
]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class WordsEntry(_Model):
    """A group of words; examples are needed when it adds to a group that other rules use."""

    terms: Annotated[tuple[Term, ...], Field(min_length=1, max_length=2_000)]
    not_in: tuple[Term, ...] = ()
    maskable: bool = False
    hits: Texts = ()
    misses: Texts = ()


class _Named(_Model):
    id: EntryId
    label: Label


class RuleEntry(_Named):
    """Groups of words that mean a risk when they stand near each other."""

    category: Category
    weight: Annotated[int, Field(ge=1, le=MOST, strict=True)]
    needs: Annotated[tuple[Place, ...], Field(min_length=1, max_length=6)]
    unless: tuple[Group, ...] = ()
    within: Annotated[int, Field(ge=1, le=200)] = 34
    ordered: bool = False
    focus: Annotated[int, Field(ge=-6, le=5)] = -1
    plain: bool = False
    critical: bool = False
    hits: Annotated[Texts, Field(min_length=1)]
    misses: Annotated[Texts, Field(min_length=1)]


class ShiftEntry(_Named):
    """Words that make any risk more or less credible."""

    points: Annotated[int, Field(ge=-MOST, le=MOST, strict=True)]
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    only: tuple[Category, ...] = ()
    never: tuple[Category, ...] = ()


class LevelsEntry(_Model):
    """From which score on a level begins."""

    notice: Annotated[int, Field(ge=1, le=MOST)]
    warning: Annotated[int, Field(ge=1, le=MOST)]
    critical: Annotated[int, Field(ge=1, le=MOST)]
    highest: Mapping[Category, Level]
    crisis_types: Mapping[Category, CrisisType]


class Entries(_Model):
    """Everything in one file."""

    words: Mapping[Group, WordsEntry] = Field(default_factory=dict)
    rule: tuple[RuleEntry, ...] = ()
    shift: tuple[ShiftEntry, ...] = ()
    weights: Mapping[EntryId, Annotated[int, Field(ge=-MOST, le=MOST, strict=True)]] = Field(
        default_factory=dict
    )
    levels: LevelsEntry | None = None

    @property
    def named(self) -> tuple[RuleEntry | ShiftEntry, ...]:
        """The entries that have an id."""
        return (*self.rule, *self.shift)


@dataclass(frozen=True, kw_only=True, slots=True)
class EntriesFile:
    """One file as it was read; ``entries`` is None if something is wrong with it."""

    file: LexiconFile
    entries: Entries | None
    problems: tuple[Problem, ...] = ()

    def problem(self, kind: str, entry: str, **values: object) -> Problem:
        """Describe something wrong with an entry of this file."""
        return _problem(self.file, kind, entry, **values)


def read_entries(file: LexiconFile) -> EntriesFile:
    """Read one file; what is wrong with it is kept with it."""
    try:
        tree = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else 1
        problem = Problem(kind="lexicon_toml", file=file.name, line=line, values={"detail": str(error)})
        return EntriesFile(file=file, entries=None, problems=(problem,))
    try:
        return EntriesFile(file=file, entries=Entries.model_validate(tree))
    except ValidationError as error:
        problems = tuple(_invalid(file, tree, error))
        return EntriesFile(file=file, entries=None, problems=problems)


def _invalid(file: LexiconFile, tree: Mapping[str, Any], error: ValidationError) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for found in error.errors(include_url=False):
        loc = [part for part in found["loc"] if part != "[key]"]
        entry, field = _entry_at(tree, loc)
        if (entry, field) not in seen:
            seen.add((entry, field))
            yield _problem(file, "lexicon_entry", entry, part=field or _KNOWN, detail=found["msg"])


def _entry_at(tree: Mapping[str, Any], loc: list[int | str]) -> tuple[str, str]:
    """Return the name of the entry that a place lies in, and the field of the entry."""
    match loc:
        case [("rule" | "shift") as kind, int() as number, *rest]:
            row = tree[kind][number]
            named = row.get("id") if isinstance(row, Mapping) else None
            entry = str(named) if isinstance(named, str) else f"{kind}[{number}]"
            return entry, ".".join(map(str, rest[:1]))
        case ["words", group, *rest]:
            return f"words.{group}", ".".join(map(str, rest[:1]))
        case [first, *rest]:
            return str(first), ".".join(map(str, rest))
        case _:
            return "", ""


def _problem(file: LexiconFile, kind: str, entry: str, **values: object) -> Problem:
    return Problem(
        kind=kind,
        file=file.name,
        line=_line_of(file.text, entry),
        field=entry,
        values={"entry": entry, **{name: str(value) for name, value in values.items()}},
    )


def _line_of(text: str, entry: str) -> int:
    name = re.escape(entry)
    for pattern in (rf'^\s*id\s*=\s*"{name}"', rf"^\s*\[{name}\]", rf'^\s*"{name}"\s*=', rf"^\s*\[+{name}"):
        found = re.search(pattern, text, re.MULTILINE)
        if found is not None:
            return text.count("\n", 0, found.start()) + 1 + (found[0].startswith("\n"))
    return 1
