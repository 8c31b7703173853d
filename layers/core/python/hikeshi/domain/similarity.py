"""How alike two texts are: the smallest hashes of their character trigrams, compared.

A signature is the bottom-k form of MinHash: one hash a trigram, the ``SIZE`` smallest kept. A post of
fewer distinct trigrams than that (nearly every post) is held whole, so its likeness is exact; of longer
texts it is an estimate with a standard error of about ``0.5 / sqrt(SIZE)``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib

SIZE = 128
"""Hashes in a signature."""

SAME_FAMILY = 0.6
"""Share of trigrams in common from which two texts count as one."""

CONTAINED = 0.75
"""Share of the shorter text's trigrams in the longer one from which it counts as quoted there."""

LEAST_QUOTED = 15
"""Trigrams of the shorter text below which being contained says nothing."""

_GRAM = 3
_MAX_LETTERS = 5_000
_REPOST_HEAD = re.compile(r"^(?:\s*rt\s*@\w+\s*:?)+", re.IGNORECASE)
_LINK_OR_MENTION = re.compile(r"https?://\S+|www\.\S+|@\w+")
_NOT_A_LETTER = re.compile(r"[\W_]+")
_DECORATION = re.compile(r"【[^】\n]{1,12}】|(?<!\w)(?:w{2,}|草+)(?!\w)|(?<=[^\x00-\x7f])w+(?![a-z])")
_SITE_NAME = re.compile(r"\s+[|:\-–—]\s+[^|:\n]{1,24}$|\s*[|][^|\n]{1,24}$")


def canonical(text: str) -> str:
    """Reduce a text to what copies of it share: letters and digits, without links and mentions.

    What summary sites add to a headline goes too: 【速報】, ｗｗｗ, the site's own name at the end. A text
    with no letter at all (only emoji, say) keeps its visible characters, so that two different ones do
    not become the same empty text.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = _LINK_OR_MENTION.sub(" ", _REPOST_HEAD.sub(" ", folded)).strip()
    plain = _SITE_NAME.sub("", _DECORATION.sub(" ", bare))
    return _NOT_A_LETTER.sub("", plain) or _NOT_A_LETTER.sub("", bare) or "".join(folded.split())


def family_of(text: str) -> str:
    """Return 64 hex digits that every exact copy of a text shares."""
    return hashlib.sha256(canonical(text).encode("utf-8", "surrogatepass")).hexdigest()


def signature_of(text: str) -> tuple[int, ...]:
    """Return the signature of a text, ascending; empty for a text without a visible character."""
    letters = canonical(text)[:_MAX_LETTERS]
    if len(letters) < _GRAM:
        grams = {letters} if letters else set()
    else:
        grams = {letters[i : i + _GRAM] for i in range(len(letters) - _GRAM + 1)}
    return tuple(sorted({_hash(gram) for gram in grams})[:SIZE])


def likeness(left: tuple[int, ...], right: tuple[int, ...]) -> float:
    """Estimate the share of trigrams that two signed texts have in common, 0.0 to 1.0."""
    if not left or not right:
        return 1.0 if left == right else 0.0
    mine, theirs = set(left), set(right)
    union = sorted(mine | theirs)
    if len(left) == SIZE or len(right) == SIZE:
        # Past the smaller of two full signatures' largest hashes, one side has been cut off.
        union = union[:SIZE]
    shared = mine & theirs
    return sum(1 for value in union if value in shared) / len(union)


def containment(left: tuple[int, ...], right: tuple[int, ...]) -> float:
    """Estimate the share of the smaller text's trigrams that the other has too; 0.0 if it is too small.

    Of texts past the size of a signature it is told only as far as both were kept.
    """
    few, many = sorted((left, right), key=len)
    if not few or len(few) < LEAST_QUOTED:
        return 0.0
    if len(many) == SIZE:
        border = min(many[-1], few[-1]) if len(few) == SIZE else many[-1]
        few = tuple(value for value in few if value <= border)
    if len(few) < LEAST_QUOTED:
        return 0.0
    return len(set(few) & set(many)) / len(few)


def _hash(gram: str) -> int:
    # CRC-32 alone keeps neighbours near each other; the multiplication spreads them.
    return zlib.crc32(gram.encode("utf-8", "surrogatepass")) * 0x9E3779B1 & 0xFFFFFFFF
