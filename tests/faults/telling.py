"""Everything that a world holds as one digest, taken over and over while little of it changes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any

MINTED = re.compile(r"(\d{26}|[0-9a-f]{64}|[0-9a-f]{32}|(?<=/)\w{22}(?!\w))")
"""Identifiers, digests and tokens: which one it is makes no difference, only where it stands again."""

Written = tuple[bytes, tuple[str, ...]]
"""A value with a gap for each identifier, and what stood in the gaps."""

_MOST_KNOWN = 100_000
"""Records that are held on to: worlds come and go by the hundred thousand, and few of their records stay."""
_PLAIN = frozenset({str, int, float, bool, datetime, type(None)})


class Telling:
    """Tells states apart; what is frozen is written down once, however often it is met again.

    Two states have one digest if they differ in nothing but the names of what was minted.
    """

    def __init__(self) -> None:
        self._plain: dict[Any, Written] = {}
        self._frozen: dict[int, tuple[object, Written]] = {}

    def digest(self, *state: object) -> str:
        """Return the digest of a state made of containers, frozen records and plain values.

        Raises
        ------
        TypeError
            If something in it could change unseen.
        """
        if len(self._frozen) + len(self._plain) > _MOST_KNOWN:
            self._frozen.clear()
            self._plain.clear()
        written: list[Written] = []
        self._write(state, written.append)
        told: list[bytes] = []
        numbers: dict[str, int] = {}
        for shape, minted in written:
            told.append(shape)
            for each in minted:
                told.append(b"#%d" % numbers.setdefault(each, len(numbers)))
        return hashlib.sha256(b"\0".join(told)).hexdigest()

    def _write(self, value: Any, down: Callable[[Written], None]) -> None:
        kind = type(value)
        if kind in _PLAIN:
            down(self._of_plain(value))
        elif kind is dict:
            down((b"{%d" % len(value), ()))
            for key, held in value.items():
                self._write(key, down)
                self._write(held, down)
        elif kind is list or kind is tuple:
            down((b"[%d" % len(value), ()))
            for each in value:
                self._write(each, down)
        elif kind is set:
            down((b"(%d" % len(value), ()))
            for each in sorted(value):
                self._write(each, down)
        else:
            down(self._of_plain(value) if isinstance(value, Enum) else self._of_frozen(value))

    def _of_plain(self, value: Any) -> Written:
        known = self._plain.get((type(value), value))
        if known is None:
            known = self._plain[type(value), value] = _written(value)
        return known

    def _of_frozen(self, value: object) -> Written:
        known = self._frozen.get(id(value))
        if known is None:
            made = getattr(value, "__dataclass_params__", None)
            if made is None or not made.frozen:
                raise TypeError(f"{type(value).__name__} could change unseen")
            # Held on to, so that no other object gets its id.
            known = self._frozen[id(value)] = value, _written(value)
        return known[1]


def _written(value: object) -> Written:
    text = repr(value)
    if " at 0x" in text:
        raise TypeError(f"this state cannot be compared: {text}")
    parts = MINTED.split(text)
    return "#".join(parts[::2]).encode(), tuple(parts[1::2])
