"""Tells whether a sentence of a statement states a cause, or leaves it open.

Japanese puts what is said last, so each clause is read by its end. A clause that ends in 「調査中です」,
「不明です」 or 「確認できておりません」 leaves open whatever cause it speaks of. What is claimed on the way
to that end (「工場で混入した虫を調査中です」) stays a claim, unless it is asked or only told of a post.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LEXICON = Path(__file__).parents[2] / "tone" / "statement.toml"


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


def states_cause(sentence: str) -> bool:
    """Tell whether a sentence admits, denies or supposes a cause or an origin."""
    words = lexicon()
    clauses = tuple(_clauses(sentence))
    claimed = "、".join(clause for clause in clauses if not is_free(clause))
    topical = "、".join(clause for clause in clauses if not words["open"].match(clause))
    return words["cause_claim"].match(claimed) or words["cause"].match(topical)


def is_free(clause: str) -> bool:
    """Tell whether whatever a clause claims is asked or retold in it, and left open by its end."""
    words = lexicon()
    return words["open"].match(clause) and words["asked"].match(clause)


def is_about_cause(claim: str) -> bool:
    """Tell whether a claim to check asks for the cause or the origin."""
    words, asked = lexicon(), _written(claim)
    return any(words[name].match(asked) for name in ("cause", "cause_claim", "cause_asked"))


@cache
def lexicon() -> Mapping[str, Words]:
    """Return the lexicon of statements by name."""
    document = tomllib.loads(_LEXICON.read_text(encoding="utf-8"))
    return {
        name: Words(
            patterns=tuple(re.compile(pattern) for pattern in entry["patterns"]),
            good=tuple(entry["good"]),
            bad=tuple(entry["bad"]),
            excepted=tuple(re.compile(pattern) for pattern in entry.get("except", ())),
        )
        for name, entry in document.items()
    }


def _clauses(sentence: str) -> Iterator[str]:
    """Yield the clauses: what is set off by a comma belongs to what follows, unless it ends one."""
    held = ""
    for piece in re.split(r"[、,]", _written(sentence).rstrip("。．.!?")):
        held += piece
        if lexicon()["clause_end"].match(piece):
            yield held
            held = ""
    if held:
        yield held


def _written(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
