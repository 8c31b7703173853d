"""Texts of messages, each written once: millions of runs send the same few thousand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from hikeshi.domain.outbox import Message
from hikeshi.services.messages import dispatch
from hikeshi.services.messages.compose import ComposedText, compose


@contextmanager
def written_once() -> Iterator[None]:
    """Let the dispatcher take a text that it wrote before for the same message, person, link and time.

    What is composed depends on nothing else; one catalogue of words is used throughout.
    """
    known: dict[str, ComposedText] = {}

    def composed(message: Message, **given: Any) -> ComposedText:
        asked = repr((message, {name: value for name, value in given.items() if name != "wording"}))
        if asked not in known:
            known[asked] = compose(message, **given)
        return known[asked]

    with patch.object(dispatch, "compose", composed):
        yield
