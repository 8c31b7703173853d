"""From what a post says and how far it has gone to a level: a table that the deployer decides.

The content of the gravest post gives the level; a row of the table lifts it when everything in the row
holds. The first such row wins, and none lowers a level: spread can make a matter worse, never better.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from hikeshi.domain.assessment import Level
from hikeshi.domain.phrases import phrase


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much of each there is, or must be at least; 0 asks for nothing.

    Attributes
    ----------
    impact, urgency : int
        The axes, 0–100.
    posts, reposts, voices : int
        Totals; voices are both together.
    authors, sources : int
        Different ones.
    per_minute : float
        Voices a minute over the last ten minutes.
    sigma : float
        How far that stands above what is normal for the brand at this hour.
    """

    impact: int = 0
    urgency: int = 0
    posts: int = 0
    reposts: int = 0
    voices: int = 0
    authors: int = 0
    sources: int = 0
    per_minute: float = 0.0
    sigma: float = 0.0

    def reached_by(self, measured: Limits) -> bool:
        """Tell whether everything asked for is there."""
        names = (field.name for field in fields(self))
        return all(getattr(measured, name) >= getattr(self, name) for name in names)

    def implied(self) -> Limits:
        """Return the limits with all that follows from them: thirty authors are thirty posts at least."""
        posts = max(self.posts, self.authors, self.sources)
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return Limits(**{**values, "posts": posts, "voices": max(self.voices, posts + self.reposts)})


REASONS = frozenset(
    {"raised.reposts", "raised.posts", "raised.per_minute", "raised.surge", "raised.same_voice"}
)
"""Sentences of the catalogue that a row may name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelRow:
    """One row: for content of these levels, what must be reached, and the level that follows.

    ``because`` is the sentence that people read when the row was the one, or the name of one in the
    catalogue, which each reads in their own language.
    """

    content: tuple[Level, ...]
    at_least: Limits
    level: Level
    because: str

    @property
    def reason(self) -> str:
        """What is stored of why it lifted a level: the sentence, or its name with the limits of the row."""
        if self.because not in REASONS:
            return self.because
        limits = {field.name: getattr(self.at_least, field.name) for field in fields(self.at_least)}
        return phrase(self.because, **{name: f"{limit:g}" for name, limit in limits.items() if limit})

    @property
    def lifts(self) -> bool:
        """Tell whether the row changes anything for all that it is about."""
        return bool(self.content) and all(self.level.rank > content.rank for content in self.content)


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionTable:
    """Rows in the order in which they are asked."""

    rows: tuple[LevelRow, ...]

    def row_for(self, content: Level, measured: Limits) -> LevelRow | None:
        """Return the first row that holds, None if the content decides alone."""
        for row in self.rows:
            if content in row.content and row.at_least.reached_by(measured):
                return row
        return None

    def level_of(self, content: Level, measured: Limits) -> Level:
        """Return the level; never below that of the content."""
        row = self.row_for(content, measured)
        return content if row is None else max(content, row.level, key=lambda level: level.rank)

    def unreachable(self) -> Iterator[tuple[int, int]]:
        """Yield the index of each row that never decides, with that of an earlier one that always does."""
        for place, row in enumerate(self.rows):
            hiding = [self._hidden_by(place, content) for content in row.content]
            if hiding and all(earlier is not None for earlier in hiding):
                yield place, min(earlier for earlier in hiding if earlier is not None)

    def _hidden_by(self, place: int, content: Level) -> int | None:
        asked = self.rows[place].at_least.implied()
        for earlier, row in enumerate(self.rows[:place]):
            if content in row.content and row.at_least.reached_by(asked):
                return earlier
        return None


def _row(content: Level, level: Level, because: str, **at_least: float) -> LevelRow:
    limits = Limits(**at_least)  # type: ignore[arg-type]  # whole numbers stand where whole numbers belong
    return LevelRow(content=(content,), at_least=limits, level=level, because=because)


DEFAULT_TABLE = DecisionTable(
    rows=(
        _row(Level.WARNING, Level.CRITICAL, "raised.reposts", reposts=300),
        _row(Level.WARNING, Level.CRITICAL, "raised.posts", posts=30),
        _row(Level.WARNING, Level.CRITICAL, "raised.per_minute", voices=10, per_minute=10.0),
        _row(
            Level.WARNING, Level.CRITICAL, "raised.surge",
            voices=20, sigma=6.0, urgency=80,
        ),
        _row(
            Level.NOTICE, Level.WARNING, "raised.same_voice",
            posts=10, authors=5, sigma=4.0,
        ),
    )
)  # fmt: skip
"""What holds where ``settings.yaml`` says nothing."""
