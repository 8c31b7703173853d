"""The scorer: normalise, find candidate words, read their sentences, weigh, explain."""

from __future__ import annotations

from dataclasses import dataclass

from hikeshi.domain.assessment import Assessment, Category, CrisisType, Intent, Level
from hikeshi.domain.posts import Post
from hikeshi.ports.scoring import Encoders, Tokenizer
from hikeshi.services.scoring.candidates import Candidate, HitIndex, find_candidates
from hikeshi.services.scoring.combining import combine
from hikeshi.services.scoring.features import Features, framed, rule_marks, scene_marks, short_pieces
from hikeshi.services.scoring.language import (
    UNREAD,
    Reading,
    Sentence,
    analyse,
    is_short,
    read,
    sentence_around,
)
from hikeshi.services.scoring.lexicon import Lexicon, load_lexicon
from hikeshi.services.scoring.model import Model, load_model
from hikeshi.services.scoring.normalise import Normalised, normalise
from hikeshi.services.scoring.perils import PerilModel, heed, load_perils
from hikeshi.services.scoring.reach import axes_of
from hikeshi.services.scoring.reading import ReadOnce
from hikeshi.services.scoring.weighing import Finding, Weighed, weigh

_MAX_SENTENCES = 6
"""Sentences of one post that are split into morphemes: the dear step, bounded."""


class LexiconScorer:
    """Judges posts by the risk lexicon; implements :class:`hikeshi.ports.scoring.Scorer`.

    Parameters
    ----------
    tokenizer : Tokenizer
        Used only on sentences in which a rule found its words.
    lexicon : Lexicon or None
        The one that ships with hikeshi if none is given.
    model : Model or None
        The learned weights; those that ship with hikeshi if none are given.
    perils : PerilModel or None
        What was learned about posts that put a life at risk; what ships with hikeshi if none is given.
    encoders : Encoders or None
        Read whole the posts that the model finds suspicious, or all that the first look lets through if they
        say so; without them the model judges alone.
    learned : bool
        False to let the rules judge alone.
    """

    def __init__(
        self,
        *,
        tokenizer: Tokenizer,
        lexicon: Lexicon | None = None,
        model: Model | None = None,
        perils: PerilModel | None = None,
        encoders: Encoders | None = None,
        learned: bool = True,
    ) -> None:
        self._tokenizer = tokenizer
        self._lexicon = lexicon or load_lexicon()
        self._encoders = encoders
        self._model = (model or load_model()) if learned else None
        self._perils = (perils or load_perils()) if learned and encoders is not None else None

    def assess(self, post: Post) -> Assessment:
        """Judge a post; any text whatever gets an answer."""
        normal = normalise(post.text)
        encoders = self._encoders and self._encoders.each(ReadOnce)
        weighed, features = self._look(normal, post.text, post.media)
        if self._model is not None:
            weighed = combine(
                weighed,
                features,
                model=self._model,
                encoders=encoders,
                levels=self._lexicon.levels,
                normal=normal,
                written=post.text,
            )
            if self._perils is not None and encoders is not None:
                weighed = heed(
                    weighed,
                    features,
                    model=self._perils,
                    encoders=encoders,
                    levels=self._lexicon.levels,
                    normal=normal,
                    written=post.text,
                )
        return _answer(post, weighed, self._lexicon)

    def features(self, text: str) -> Features:
        """Return what the learned model sees of a text; it is trained on exactly this."""
        return self._look(normalise(text), text, ())[1]

    def _look(self, normal: Normalised, written: str, media: tuple[str, ...]) -> tuple[Weighed, Features]:
        index = HitIndex(self._lexicon.matcher.find(normal.text))
        reader = _SentenceReader(normal.text, self._tokenizer)
        findings = [
            Finding(candidate=candidate, reading=reading)
            for places in find_candidates(self._lexicon, index, normal.text)
            for candidate, reading in reader.first_that_holds(places)
        ]
        weighed = weigh(
            findings, index=index, lexicon=self._lexicon, normal=normal, written=written, media=media
        )
        scene = scene_marks(index, normal)
        categories = {finding.candidate.rule.category for finding in findings}
        marks = [*scene, *rule_marks(categories, weighed.score, weighed.reasons)]
        text = framed(normal.text)
        return weighed, Features(text, short_pieces(text), scene, marks)


@dataclass(slots=True)
class _SentenceReader:
    """Reads each sentence once, and only so many of them."""

    text: str
    tokenizer: Tokenizer
    _read: dict[tuple[int, int], Sentence]

    def __init__(self, text: str, tokenizer: Tokenizer) -> None:
        self.text = text
        self.tokenizer = tokenizer
        self._read = {}

    def first_that_holds(self, places: list[Candidate]) -> list[tuple[Candidate, Reading]]:
        """Return the first place where the rule is said and not denied, if there is one."""
        for candidate in places:
            reading = self._reading(candidate)
            rule = candidate.rule
            holds = reading.is_whole_word and (rule.plain or not reading.is_denied)
            if holds and (reading.is_statement or not rule.stated):
                return [(candidate, reading)]
        return []

    def _reading(self, candidate: Candidate) -> Reading:
        if candidate.rule.category is Category.SUPPORT:
            return UNREAD
        focus = candidate.focus
        sentence = self._sentence(focus.start, focus.end)
        if sentence is None:
            return UNREAD
        for place, word in enumerate(candidate.words):
            home = sentence if sentence.holds(word.start, word.end) else None
            if home is None and is_short(word.start, word.end):
                home = self._sentence(word.start, word.end)
            if home is not None and not home.has_word(word.start, word.end, may_be_ending=place > 0):
                return Reading(is_whole_word=False)
        return read(sentence, focus=(focus.start, focus.end))

    def _sentence(self, start: int, end: int) -> Sentence | None:
        borders = sentence_around(self.text, start, end)
        sentence = self._read.get(borders)
        if sentence is None and len(self._read) < _MAX_SENTENCES:
            sentence = self._read[borders] = analyse(self.text, *borders, self.tokenizer)
        return sentence


def _answer(post: Post, weighed: Weighed, lexicon: Lexicon) -> Assessment:
    level = _level(weighed, lexicon)
    return Assessment(
        score=weighed.score,
        level=level,
        category=weighed.category,
        crisis_type=(
            lexicon.levels.crisis_types.get(weighed.category, CrisisType.NONE)
            if level is not Level.NONE
            else CrisisType.NONE
        ),
        intent=_intent(level, weighed),
        axes=axes_of(post, importance=weighed.score),
        reasons=weighed.reasons,
    )


def _level(weighed: Weighed, lexicon: Lexicon) -> Level:
    table = lexicon.levels
    if weighed.category in (Category.NONE, Category.SUPPORT):
        return Level.NONE
    for level, threshold in (
        (Level.CRITICAL, table.critical),
        (Level.WARNING, table.warning),
        (Level.NOTICE, table.notice),
    ):
        if weighed.score >= threshold:
            return level
    return Level.NONE


def _intent(level: Level, weighed: Weighed) -> Intent:
    if level is not Level.NONE:
        return Intent.RISK
    if weighed.category is Category.SUPPORT:
        return Intent.SUPPORT
    return Intent.PRAISE if weighed.is_praise else Intent.OTHER
