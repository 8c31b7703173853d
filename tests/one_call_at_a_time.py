"""Moto answers one call at a time, as DynamoDB does with transactions.

Moto's tables are plain dictionaries: two threads inside it at once can read half a transaction or
break its iteration, which no AWS does. Threads of a test still interleave between calls.
"""

from __future__ import annotations

import threading
from typing import Any

from moto.core.botocore_stubber import BotocoreStubber

_one_at_a_time = threading.RLock()
_answer = BotocoreStubber.process_request


def _in_turn(self: BotocoreStubber, request: Any) -> Any:
    with _one_at_a_time:
        return _answer(self, request)


def install() -> None:
    """Make every later call of moto wait its turn."""
    BotocoreStubber.process_request = _in_turn  # type: ignore[method-assign]  # the seam moto offers is this method
