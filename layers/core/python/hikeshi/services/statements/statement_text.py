"""A statement as text: from what was typed to sentences, and from sentences to every channel.

Whatever goes out is made of the approved sentences and of nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from hikeshi.domain.errors import InvalidFormError
from hikeshi.domain.facts import Fact
from hikeshi.domain.statements import Part, Sentence, Statement, StatementKind
from hikeshi.services.messages.japanese_time import full
from hikeshi.services.messages.wording import Wording

X_LIMIT = 280
"""Weight of one post on X: 140 characters of Japanese, each of weight 2."""

_URL_WEIGHT = 23
_URL = re.compile(r"https?://[!-~]+")
_LIGHT = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
_MARK = r"[\[［]\s*\d[\d\s,，、]*[\]］]"
_MARK_BEFORE_END = re.compile(rf"((?:{_MARK}\s*)+)([。．！？]+)")
_TOKEN = re.compile(rf"(?P<mark>{_MARK})|(?P<end>[。．！？]+)|(?P<rest>.)")
_BREAKS = "、。，．！？ 　"


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What somebody typed into the form of a statement.

    Attributes
    ----------
    opening, fact, action, contact, care : str
        The parts; a sentence is followed by the numbers of its facts in brackets, ``［1、2］``.
    tone_reason : str
        Why the words are kept although the tone check objects; empty to have it object.
    """

    kind: StatementKind
    fact: str
    action: str
    contact: str
    care: str
    next_update_at: datetime | None
    opening: str = ""
    tone_reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A line of the comparison of two versions; ``kind`` is ``same``, ``gone`` or ``new``."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelText:
    """A text ready to be copied: one channel, and its posts in order (one, but for X)."""

    channel: str
    posts: tuple[str, ...]


def sentences_of(draft: Draft, facts: Sequence[Fact], words: Wording) -> tuple[Sentence, ...]:
    """Take a draft apart into sentences, each with the ids of its facts.

    Raises
    ------
    InvalidFormError
        If a number in brackets belongs to no fact; names the field.
    """
    ids = [fact.id for fact in facts]
    found: list[Sentence] = []
    for part, typed in (
        (Part.OPENING, draft.opening),
        (Part.FACT, draft.fact),
        (Part.ACTION, draft.action),
        (Part.NEXT, _promise(draft.next_update_at, words)),
        (Part.CONTACT, draft.contact),
        (Part.CARE, draft.care),
    ):
        for text, numbers in _split(typed):
            if any(not 1 <= number <= len(ids) for number in numbers):
                raise InvalidFormError("there is no fact of this number", field=f"said_{part}")
            named = tuple(dict.fromkeys(ids[number - 1] for number in numbers))
            found.append(Sentence(part=part, text=text, facts=named))
    return tuple(found)


def text_of(sentences: Sequence[Sentence]) -> str:
    """Return the whole text, a paragraph for each part."""
    paragraphs: dict[Part, list[str]] = {}
    for sentence in sentences:
        paragraphs.setdefault(sentence.part, []).append(sentence.text)
    return "\n\n".join("".join(texts) for texts in paragraphs.values())


def typed_again(statement: Statement, facts: Sequence[Fact]) -> dict[str, str]:
    """Return the fields from which a version was made, to write the next one from."""
    number = {fact.id: place for place, fact in enumerate(facts, start=1)}
    fields = {f"said_{part}": "" for part in Part if part is not Part.NEXT}
    for sentence in statement.sentences:
        if sentence.part is not Part.NEXT:
            marks = "、".join(str(number[fact]) for fact in sentence.facts if fact in number)
            fields[f"said_{sentence.part}"] += sentence.text + (f"［{marks}］" if marks else "")
    return fields | {"kind": statement.kind.value}


def channel_texts(statement: Statement, *, brand: str, words: Wording) -> tuple[ChannelText, ...]:
    """Return the text for every channel."""
    body = statement.text
    signed = {"text": body, "brand": brand}
    return (
        ChannelText(channel="x", posts=x_posts(statement)),
        ChannelText(channel="site", posts=(body,)),
        ChannelText(channel="mail", posts=(words.text("channel_text.mail", **signed),)),
        ChannelText(channel="store", posts=(words.text("channel_text.store", **signed),)),
    )


def x_posts(statement: Statement) -> tuple[str, ...]:
    """Return the text as posts of at most 140 weighted characters, broken between sentences."""
    pieces = [piece for each in statement.sentences for piece in _pieces(each.text, X_LIMIT)]
    posts: list[str] = []
    for piece in pieces:
        if posts and x_weight(posts[-1] + piece) <= X_LIMIT:
            posts[-1] += piece
        else:
            posts.append(piece)
    return tuple(posts)


def x_weight(text: str) -> int:
    """Return what X counts: 2 for a character of Japanese, 1 for a Latin one, 23 for an address."""
    text = unicodedata.normalize("NFC", text)
    addresses = _URL.findall(text)
    rest = _URL.sub("", text)
    light = sum(1 for char in rest if any(first <= ord(char) <= last for first, last in _LIGHT))
    return _URL_WEIGHT * len(addresses) + 2 * len(rest) - light


def differences(older: Statement | None, newer: Statement) -> tuple[Difference, ...]:
    """Compare two versions sentence by sentence."""
    before = [each.text for each in older.sentences] if older else []
    after = [each.text for each in newer.sentences]
    found: list[Difference] = []
    for tag, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Difference(kind="same", text=text) for text in after[c:d]]
            continue
        found += [Difference(kind="gone", text=text) for text in before[a:b]]
        found += [Difference(kind="new", text=text) for text in after[c:d]]
    return tuple(found)


def _promise(at: datetime | None, words: Wording) -> str:
    return words.text("statement_part.promise", at=full(at, words)) if at else ""


def _split(typed: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the sentences of a part, each with the numbers that follow it."""
    for line in typed.splitlines():
        text, numbers, ended = "", [], False
        for token in _TOKEN.finditer(_MARK_BEFORE_END.sub(r"\2\1", line)):
            if token["mark"]:
                numbers += [int(each) for each in re.findall(r"\d+", token["mark"])]
            elif token["end"]:
                text, ended = text + token["end"], True
            elif ended and not token["rest"].isspace():
                yield text.strip(), tuple(numbers)
                text, numbers, ended = token["rest"], [], False
            else:
                text += token["rest"]
        if text.strip():
            yield text.strip(), tuple(numbers)


def _pieces(text: str, limit: int) -> Iterator[str]:
    """Yield a sentence whole if it fits, or else cut where one would breathe."""
    while x_weight(text) > limit:
        fitting = next(end for end in range(len(text), 0, -1) if x_weight(text[:end]) <= limit)
        breath = max(text.rfind(mark, 0, fitting) for mark in _BREAKS) + 1
        end = breath if breath > 0 else fitting
        yield text[:end]
        text = text[end:]
    if text:
        yield text
