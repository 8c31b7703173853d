"""What stands in Japanese in an English text although none of the data says it: words that code wrote.

Names, posts, facts and playbooks are data and stay as people wrote them; a text is cut at spaces and tags,
and each piece with a Japanese letter has to stand in the data just so. Pieces and not letters, since almost
every letter stands somewhere in the data: 「5分」 in none.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

_JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff01-\uff60]")
_BETWEEN = re.compile(r"<(?:style|svg|script)\b.*?</(?:style|svg|script)>|<[^>]*>|[ \t\r\n]+", re.DOTALL)
_SPACES = re.compile(r"[ \t\r\n]+")
_BREAKS = re.compile(r"\n+")
_SHOWN_ATTRIBUTES = re.compile(r"(?:aria-label|placeholder|title|alt|value|label|content)=\"([^\"]*)\"")
_HIDDEN = re.compile(r"●+|［[0-9、]+］|[“”]")
"""What stands inside the data on a page: hidden names, numbers of facts, the marks of a quotation."""

_AROUND = "“”‘’\"'()[]{}.,:;!?…-–—#/•+"
"""What an English sentence sets around a name."""


def strings_in(*things: object) -> frozenset[str]:
    """Return every text within the things, however deep."""
    return frozenset(_strings(things, set()))


def left_in_japanese(text: str, *, data: Iterable[str]) -> frozenset[str]:
    """Return the pieces of a text or page that are Japanese and not in the data."""
    # A text for X stands without the breaks of the statement that it is cut from.
    known = "\n".join(written for each in data for written in (_SPACES.sub(" ", each), _BREAKS.sub("", each)))
    said = (_BETWEEN.split(text), *(_SPACES.split(each) for each in _SHOWN_ATTRIBUTES.findall(text)))
    pieces = {html.unescape(piece) for each in said for piece in each}
    return frozenset(
        piece
        for piece in pieces
        if any(_JAPANESE.search(part) and part.strip(_AROUND) not in known for part in _HIDDEN.split(piece))
    )


def _strings(thing: object, met: set[int]) -> Iterator[str]:
    if isinstance(thing, str):
        yield str(thing)
        return
    if id(thing) in met or isinstance(thing, type):
        return
    met.add(id(thing))
    if isinstance(thing, Mapping):
        inside: Iterable[object] = (*thing.keys(), *thing.values())
    elif isinstance(thing, list | tuple | set | frozenset):
        inside = thing
    elif is_dataclass(thing):
        inside = [getattr(thing, each.name, None) for each in fields(thing)]
    elif type(thing).__module__.startswith(("hikeshi.", "tests.")):
        inside = vars(thing).values() if hasattr(thing, "__dict__") else ()
    else:
        return
    for each in inside:
        yield from _strings(each, met)
