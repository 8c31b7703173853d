"""What can be wrong with a configuration, told with file, line, field and remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["ja", "en"]

_CATALOGUE = Path(__file__).with_name("problems.toml")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return the texts of every kind of problem."""
    return tomllib.loads(_CATALOGUE.read_text("utf-8"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    kind : str
        Key in ``problems.toml``.
    line : int
        Counted from 1; 0 if the whole file is meant.
    field : str
        Path inside the file, ``people[3].phone``.
    """

    kind: str
    file: str
    line: int = 0
    field: str = ""
    values: Mapping[str, str] = attribute(default_factory=dict)

    def text(self, language: Language = "ja") -> str:
        """Say what is wrong."""
        return self._fill(language)

    def remedy(self, language: Language = "ja") -> str:
        """Say how to mend it."""
        return self._fill(f"{language}_remedy")

    def one_line(self, language: Language = "ja") -> str:
        """Say all of it as compilers do: ``file:line: field: what → remedy``."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        named = f"{self.field}: " if self.field else ""
        return f"{place}: {named}{self.text(language)} → {self.remedy(language)}"

    def _fill(self, key: str) -> str:
        last = self.field.rsplit(".", 1)[-1]
        known = {"file": self.file, "field": last, **self.values}
        return catalogue()[self.kind][key].format_map(known)
