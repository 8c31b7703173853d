"""Text that is safe to print into an SMS or a mail, and how long it is there.

What people wrote in public ends up in messages. Here it becomes one line of plain, normalised text
without control or direction marks, in which nothing is left that a phone would turn into a link.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

ELLIPSIS = "…"
SINGLE_SMS = 70
"""UTF-16 units of an SMS that travels in one piece."""

SMS_PART = 67
"""UTF-16 units of each piece of a longer one; a surrogate pair is never split between two."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})
_SPACES = frozenset("\t\n\r\v\f\x85\u2028\u2029")
_DECIMAL = re.compile(r"(?<![0-9A-Za-z.])\d+\.\d+(?![0-9A-Za-z.])", re.ASCII)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?=\S|$)", re.ASCII | re.IGNORECASE)
_LINKING = re.compile(r"(?:^|(?<=\S))[.．｡](?=\S|$)|@")
_HARMLESS = {".": "・", "．": "・", "｡": "・", "@": "＠"}


def one_line(text: str) -> str:
    """Return the text as one normalised line that cannot break out of its place."""
    kept = []
    for character in text:
        if character in _SPACES:
            kept.append(" ")
        elif unicodedata.category(character) not in _DROPPED:
            kept.append(character)
    line = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    # A mark without a letter would attach itself to our own words.
    while line and unicodedata.category(line[0]).startswith("M"):
        line = line[1:].lstrip()
    return line


def unlinked(text: str) -> str:
    """Return the line with nothing in it that a phone or mail programme shows as a link.

    Dots become 「・」, except in plain decimals: the last one too, since our own words may follow it.
    ``@`` and the colon of a scheme, a last one too, become their full-width forms.
    The reader still sees what was written.
    """
    decimal_points = {found.end() - len(found.group().split(".")[1]) - 1 for found in _DECIMAL.finditer(text)}

    def harmless(found: re.Match[str]) -> str:
        return found.group() if found.start() in decimal_points else _HARMLESS[found.group()]

    return _SCHEME.sub(r"\1：", _LINKING.sub(harmless, text))


def utf16_units(text: str) -> int:
    """Return the length that a phone network counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def sms_parts(text: str) -> int:
    """Return in how many pieces a text travels."""
    if utf16_units(text) <= SINGLE_SMS:
        return 1
    parts, room = 1, SMS_PART
    for character in text:
        width = utf16_units(character)
        if width > room:
            parts, room = parts + 1, SMS_PART
        room -= width
    return parts


def clusters(text: str) -> Iterator[str]:
    """Yield what a reader sees as one character: letter with its marks, flag, emoji with its tone."""
    cluster = ""
    for character in text:
        if cluster and _belongs(cluster, character):
            cluster += character
        else:
            if cluster:
                yield cluster
            cluster = character
    if cluster:
        yield cluster


def shortened(text: str, units: int) -> str:
    """Return the text in at most so many units, cut between characters and ended with 「…」."""
    if utf16_units(text) <= units:
        return text
    if units < 1:
        return ""
    kept, room = [], units - 1
    for cluster in clusters(text):
        room -= utf16_units(cluster)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + ELLIPSIS


def _belongs(cluster: str, character: str) -> bool:
    if unicodedata.category(character).startswith("M") or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    return len(cluster) == 1 and _is_flag_letter(cluster) and _is_flag_letter(character)


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
