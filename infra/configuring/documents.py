"""YAML files with the line of every value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from infra.configuring.problems import Problem

Loc = Sequence[str | int]
"""Where a value stands: keys and indexes from the top."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One YAML file as it was read; ``tree`` is None if it could not be."""

    file: str
    tree: Any
    problems: tuple[Problem, ...] = ()

    def line_of(self, loc: Loc) -> int:
        """Return the line of a value, or of the nearest thing around it."""
        node, line = self.tree, 1
        for part in loc:
            if isinstance(node, CommentedMap) and part in node:
                line, node = node.lc.key(part)[0] + 1, node[part]
            elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
                line, node = node.lc.item(part)[0] + 1, node[part]
            else:
                break
        return line

    def value_of(self, loc: Loc) -> object:
        """Return a value as it is written, None if there is none."""
        node = self.tree
        for part in loc:
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError):
                return None
        return node

    def problem(self, kind: str, loc: Loc, **values: object) -> Problem:
        """Describe something wrong at a place in this file."""
        return Problem(
            kind=kind,
            file=self.file,
            line=self.line_of(loc),
            field=name_of(loc),
            values={key: str(value) for key, value in values.items()},
        )


def name_of(loc: Loc) -> str:
    """Write a place as people do: ``people[3].phone``."""
    name = ""
    for part in loc:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def read_document(path: Path) -> Document:
    """Read one file; what is wrong with it is kept with it."""
    if not path.is_file():
        return Document(file=path.name, tree=None, problems=(Problem(kind="missing_file", file=path.name),))
    try:
        tree = YAML(typ="rt").load(path.read_text("utf-8"))
    except (YAMLError, UnicodeDecodeError, OSError) as error:
        return _unreadable(path.name, error)
    if not isinstance(tree, CommentedMap):
        problem = Problem(kind="not_a_mapping", file=path.name, line=1)
        return Document(file=path.name, tree=None, problems=(problem,))
    return Document(file=path.name, tree=tree)


_KINDS: dict[type[Exception], str] = {
    DuplicateKeyError: "duplicate_key",
    YAMLError: "yaml",
    UnicodeDecodeError: "not_utf8",
    OSError: "unreadable",
}
"""What an error is told as; the first that fits."""


def _unreadable(file: str, error: Exception) -> Document:
    kind = next(kind for each, kind in _KINDS.items() if isinstance(error, each))
    line, detail = 1, type(error).__name__
    match error:
        case MarkedYAMLError(problem_mark=mark, problem=said):
            line, detail = mark.line + 1 if mark is not None else 1, said or detail
        case UnicodeDecodeError():
            line = error.object[: error.start].count(b"\n") + 1
        case OSError():
            detail = error.strerror or detail
    problem = Problem(kind=kind, file=file, line=line, values={"detail": detail.splitlines()[0]})
    return Document(file=file, tree=None, problems=(problem,))
