"""Text from outside as plain text: nothing that steers a terminal, a screen or a reader's eye."""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d")
_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\u0085": "\n"})
_LAST_TWO = 0xFFFE
_MIDDLE = range(0xFDD0, 0xFDF0)
_REMOVED = frozenset({"Cc", "Cf", "Cs"})


def plain(text: str) -> str:
    """Remove control, bidirectional and invisible characters, lone surrogates and noncharacters.

    Line feeds and tabs stay, and so do the joiners that emoji and some scripts are made with.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    return "".join(filter(_kept, lines)).strip()


def plain_line(text: str) -> str:
    """Return the text as one line, runs of white space as one space."""
    return " ".join(plain(text).split())


def _kept(character: str) -> bool:
    if " " <= character <= "~" or character in "\n\t" or character in _JOINERS:
        return True
    return not _is_noncharacter(ord(character)) and unicodedata.category(character) not in _REMOVED


def _is_noncharacter(code: int) -> bool:
    """Tell the codes that never name a character: the last two of every plane, and 32 in the first."""
    return code & _LAST_TWO == _LAST_TWO or code in _MIDDLE
