"""What an XML feed must pass before it is parsed: no DTD, no bombs, whole, and of bounded size.

Feeds in the wild are often slightly broken, so the text is tried as it is, then with three common
faults mended (stray ampersands, HTML entities, control characters), then without the items that are
still broken. What passes is well-formed XML of a feed; a text that was cut short never is.
"""

from __future__ import annotations

import codecs
import re
import sys
from dataclasses import dataclass
from html.entities import html5
from xml.parsers import expat
from xml.sax.saxutils import escape

from hikeshi.domain.errors import FetchError, InvalidFeedError

MAX_ITEMS = 500
MAX_DEPTH = 64
MAX_ELEMENTS = 30_000
MAX_ATTRIBUTES = 64
"""Of one element: feedparser takes a minute over 80,000 of them."""

_ROOTS = frozenset({"rss", "RDF", "feed"})
ENCODINGS = {
    "utf-8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "cp932": "cp932",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "utf-16": "utf-16",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
}
_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}));|([A-Za-z][A-Za-z0-9]{1,31});)?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})
_START_OF_ITEM = re.compile(r"<(item|entry)[\s>]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Admitted:
    """A feed that may be parsed, as UTF-8 without a declaration; ``dropped`` broken items are gone."""

    content: bytes
    dropped: int = 0


def admit(body: bytes, content_type: str) -> Admitted:
    """Let a feed through.

    Raises
    ------
    FetchError
        If it has too many items.
    InvalidFeedError
        If it is not a whole feed, or not one that is safe to parse.
    """
    text = _without_prolog(_decoded(body, content_type))
    if len(_START_OF_ITEM.findall(text)) > MAX_ITEMS:
        raise FetchError(f"the feed has more than {MAX_ITEMS} items")
    if _is_well_formed(text):
        return Admitted(content=text.encode())
    mended = _FORBIDDEN.sub("", _REFERENCE.sub(_mended_reference, text))
    if _is_well_formed(mended):
        return Admitted(content=mended.encode())
    return _without_broken_items(mended)


# ---- encoding and prolog -----------------------------------------------------------------------


def _decoded(body: bytes, content_type: str) -> str:
    """Decode by byte order mark, declaration, then header; unknown names count as UTF-8."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", errors="replace")
    declared = _DECLARATION.match(body.removeprefix(codecs.BOM_UTF8))
    header = _CHARSET.search(content_type)
    name = declared[1].decode() if declared else header[1] if header else "utf-8"
    # Bytes that do not decode cost their own character, not the whole feed.
    return body.removeprefix(codecs.BOM_UTF8).decode(ENCODINGS.get(name.lower(), "utf-8"), errors="replace")


def _without_prolog(text: str) -> str:
    """Cut what stands before the root element, and refuse a document type there.

    Looking here, before any parser runs, means that no entity is ever declared.
    """
    rest = text.removeprefix("\ufeff").lstrip()
    while rest.startswith(("<?", "<!--")):
        end = "?>" if rest.startswith("<?") else "-->"
        rest = rest.partition(end)[2].lstrip()
    if rest[:9].lower() == "<!doctype":
        is_page = rest[9:20].strip().lower().startswith("html")
        raise InvalidFeedError("a web page, not a feed" if is_page else "feeds with a DTD are refused")
    if not rest:
        raise InvalidFeedError("the answer is empty")
    if not rest.startswith("<") or rest.startswith("<!"):
        raise InvalidFeedError("not a feed")
    return rest


# ---- the gate ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Gate:
    """Counts elements as they open, and refuses the ones that are too many or too deep."""

    depth: int = 0
    elements: int = 0

    def open(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if self.elements == 0 and local not in _ROOTS:
            page = local.lower() in ("html", "body", "head")
            raise InvalidFeedError("a web page, not a feed" if page else "not a feed")
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS or len(attributes) > MAX_ATTRIBUTES:
            raise InvalidFeedError("the feed is nested too deeply or has too many elements or attributes")

    def close(self, _: str) -> None:
        self.depth -= 1

    def doctype(self, *_: object) -> None:
        raise InvalidFeedError("feeds with a DTD are refused")


def _is_well_formed(text: str) -> bool:
    gate = _Gate()
    parser = expat.ParserCreate("utf-8", " ")
    parser.StartElementHandler = gate.open
    parser.EndElementHandler = gate.close
    parser.StartDoctypeDeclHandler = gate.doctype
    try:
        parser.Parse(text.encode(errors="replace"), True)
    except expat.ExpatError:
        return False
    return True


# ---- mending -----------------------------------------------------------------------------------


def _mended_reference(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        return found[0] if code <= sys.maxunicode and not _FORBIDDEN.match(chr(code)) else ""
    if name in _PREDEFINED:
        return found[0]
    if name and f"{name};" in html5:
        return escape(html5[f"{name};"])
    return "&amp;" + found[0][1:]


def _without_broken_items(text: str) -> Admitted:
    """Keep the items that are well-formed by themselves, if what is around them is whole."""
    spans = _item_spans(text)
    root = re.match(r"<([\w.:-]{1,100})[^<>]*>", text)
    if not spans or root is None:
        raise InvalidFeedError("not well-formed, or cut short")
    items = [text[start:end] for start, end in spans]
    kept = [item for item in items if _is_well_formed(f"{root[0]}{item}</{root[1]}>")]
    rebuilt = text[: spans[0][0]] + "".join(kept) + text[spans[-1][1] :]
    if not kept or not _is_well_formed(rebuilt):
        raise InvalidFeedError("not well-formed, or cut short")
    return Admitted(content=rebuilt.encode(), dropped=len(spans) - len(kept))


def _item_spans(text: str) -> list[tuple[int, int]]:
    """Find items from one opening tag to its closing one; MAX_ITEMS bounds the searches."""
    spans: list[tuple[int, int]] = []
    for opening in _START_OF_ITEM.finditer(text):
        closing = f"</{opening[1]}>"
        end = text.find(closing, opening.end())
        if end >= 0 and (not spans or opening.start() >= spans[-1][1]):
            spans.append((opening.start(), end + len(closing)))
    return spans
