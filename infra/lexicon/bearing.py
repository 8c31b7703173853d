"""Which texts a company's files have a bearing on: of ten thousand posts they speak of a handful.

What the scorer says of a text follows from the words of the lexicon that it finds in it. A file of words and
rules changes nothing of a text in which none of its words is, nor any that one of its rules begins with. One
that changes a level, a weight or a shift, or anything that ships, may change any text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hikeshi.domain.configuration import LexiconFile
from hikeshi.services.scoring.layering import layered
from hikeshi.services.scoring.lexicon import load_lexicon, shipped_files
from hikeshi.services.scoring.matcher import Matcher
from hikeshi.services.scoring.normalise import normalise_term

_LOCAL = frozenset({"words", "rule"})
"""Tables of a file that speak only where their words are."""


def bearing_of(files: tuple[LexiconFile, ...]) -> Callable[[str], bool]:
    """Return what tells of a normalised text whether the files can change anything that is said of it."""
    documents = [tomllib.loads(file.text) for file in files]
    if any(file.name in dict(shipped_files()) for file in files) or not all(map(_is_local, documents)):
        return lambda _: True
    words, shields = layered(files).own_words, _shields(documents)
    return lambda text: bool(words.find(text) or shields.find(text))


def _is_local(document: Mapping[str, Any]) -> bool:
    shipped = {rule.id for rule in load_lexicon().rules}
    return document.keys() <= _LOCAL and shipped.isdisjoint(row["id"] for row in document.get("rule", ()))


def _shields(documents: Sequence[Mapping[str, Any]]) -> Matcher:
    """Find the longer words in which a word of the lexicon no longer counts."""
    groups = [table for document in documents for table in document.get("words", {}).values()]
    written = {normalise_term(term) for table in groups for term in table.get("not_in", ())}
    return Matcher(dict.fromkeys(written, ("",)))
