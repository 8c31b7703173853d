"""The four tiles of speed as rows of the report, and what counts as anger in them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hikeshi.domain.speed_tiles import LEAST_POSTS, SpeedTiles
from hikeshi.services.messages.japanese_time import duration
from hikeshi.services.messages.wording import Wording
from hikeshi.services.scoring.normalise import normalise, normalise_term

_DATA = Path(__file__).parents[2]


def sounds_angry(text: str) -> bool:
    """Tell whether a post uses words of anger or disgust, outside the phrases in which they mean none.

    More words than the scoring goes by: what only colours a text says nothing of a risk.
    """
    terms, spared = _anger()
    written = normalise(text).text
    for phrase in spared:
        written = written.replace(phrase, "")
    return any(term in written for term in terms)


def tile_rows(tiles: SpeedTiles, words: Wording) -> Iterator[tuple[str, str, str]]:
    """Yield name, value and what it is compared with; what is not known says why."""

    def text(key: str, **params: object) -> str:
        return words.text(f"report.tiles.{key}", **params)

    few = text("few", least=LEAST_POSTS)
    if tiles.per_minute is None:
        yield text("growth"), text("unknown"), few
    else:
        beside = f"{tiles.times_normal:.0f}" if tiles.times_normal is not None else ""
        yield (
            text("growth"),
            text("growth_value", rate=f"{tiles.per_minute:.1f}"),
            text("growth_beside", times=beside) if beside else text("unknown"),
        )
    word = text("unknown") if tiles.word_after is None else duration(tiles.word_after, words)
    replies = text("no_replies", unanswered=tiles.unanswered)
    if tiles.reply_after is not None:
        span = duration(tiles.reply_after, words)
        replies = text("replies", span=span, replied=tiles.replied, unanswered=tiles.unanswered)
    yield text("reply"), word, replies
    parts = {"verdicts": tiles.reversed_verdicts, "texts": tiles.flagged, "put_right": tiles.put_right}
    yield text("corrections"), text("corrections_value", count=tiles.corrections), text("taken_back", **parts)
    share = text("unknown") if tiles.anger is None else f"{tiles.anger:.0%}"
    yield text("anger"), share, few if tiles.anger is None else text("anger_beside", posts=tiles.posts)


@cache
def _anger() -> tuple[tuple[str, ...], tuple[str, ...]]:
    scene = tomllib.loads((_DATA / "lexicon" / "words_scene.toml").read_text(encoding="utf-8"))
    more = tomllib.loads((_DATA / "tone" / "anger.toml").read_text(encoding="utf-8"))
    groups = (scene["words"]["anger"], more)
    return (
        tuple(normalise_term(term) for group in groups for term in group["terms"]),
        tuple(normalise_term(phrase) for group in groups for phrase in group.get("not_in", ())),
    )
