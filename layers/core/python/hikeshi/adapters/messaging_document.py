"""The part of ``settings.yaml`` that says how often people are written to, and which chats hear as well."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hikeshi.adapters.document_types import Duration, Id, Model
from hikeshi.domain.assessment import Level
from hikeshi.domain.caps import DEFAULT_CAPS, Cap
from hikeshi.domain.chats import Chat, ChatKind

SECRET_PREFIX = "hikeshi/chat/"  # noqa: S105  # where secrets are named, not one
"""What the name of a chat's secret begins with: the function that posts may read no other."""


class CapModel(Model):
    """At most so many texts for one person on one channel within a span of time."""

    within: Duration
    at_most: Annotated[int, Field(ge=1, le=1000)]

    @classmethod
    def of(cls, cap: Cap) -> CapModel:
        """Return a cap as it is written."""
        return cls(within=cap.within, at_most=cap.at_most)

    def to_cap(self) -> Cap:
        """Return the cap as it is kept to."""
        return Cap(within=self.within, at_most=self.at_most)


class ChatModel(Model):
    """A room of a chat."""

    id: Id
    kind: ChatKind
    secret: Annotated[str, Field(pattern=rf"^{SECRET_PREFIX}[A-Za-z0-9_+=.@-]{{1,80}}$")]
    levels: Annotated[tuple[Level, ...], Field(min_length=1)] = (Level.WARNING, Level.CRITICAL)
    language: Literal["ja", "en"] = "ja"

    def to_chat(self) -> Chat:
        """Return the room as it is posted to."""
        return Chat(
            name=self.id,
            kind=self.kind,
            secret=self.secret,
            levels=frozenset(self.levels),
            language=self.language,
        )


DEFAULT_CAP_MODELS = tuple(map(CapModel.of, DEFAULT_CAPS))
