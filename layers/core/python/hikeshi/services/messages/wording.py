"""The catalogue: every sentence that a person reads, by key and language.

The sentences are data, a file for each subject (``hikeshi/messages/<language>/<subject>.toml``); every
language has the same keys with the same placeholders, and no key stands twice, which a test asserts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter

MESSAGES = Path(__file__).parents[2] / "messages"
LANGUAGES = ("ja", "en")
BLANK = "—"
"""Stands for a value that a sentence wants and an old record does not have."""


class Wording:
    """The sentences of one language.

    Parameters
    ----------
    language : str
        ``ja`` or ``en``.
    """

    def __init__(self, language: str = "ja") -> None:
        self.language = language
        self._texts = _load(language)

    def text(self, key: str, **params: object) -> str:
        """Return the sentence of a key with its values filled in.

        A value that is not given reads as a dash: a page about an old record still opens.

        Raises
        ------
        KeyError
            If the catalogue has no such key.
        """
        template = self._texts[key]
        return template.format_map(_Values(params)) if "{" in template else template

    def template(self, key: str) -> str:
        """Return the sentence as it stands in the catalogue."""
        return self._texts[key]

    def placeholders(self, key: str) -> frozenset[str]:
        """Return the names of the values that a sentence takes."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self._texts[key]) if name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __contains__(self, key: object) -> bool:
        return key in self._texts


class _Values(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return BLANK


@cache
def _load(language: str) -> Mapping[str, str]:
    files = sorted((MESSAGES / language).glob("*.toml"))
    return {key: text for file in files for key, text in sentences_in(file)}


def sentences_in(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the keys and sentences of one file of the catalogue."""
    return _flatten(tomllib.loads(file.read_text(encoding="utf-8")), ())


def _flatten(table: Mapping[str, object], path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, (*path, name))
        else:
            yield ".".join((*path, name)), str(value)
