"""The deployed configuration as a document: what ``config.json`` holds and how it becomes a value.

The same models check the YAML files in ``infra/config`` (one section a file) and read the published
JSON, so that what passed the check is what the functions see.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from hikeshi.adapters.document_types import Duration, Id, Model, Text
from hikeshi.adapters.escalation_document import EscalationModel
from hikeshi.adapters.messaging_document import DEFAULT_CAP_MODELS, CapModel, ChatModel
from hikeshi.adapters.playbooks_document import PlaybooksModel
from hikeshi.adapters.roster_document import RosterModel
from hikeshi.domain.assessment import Level
from hikeshi.domain.configuration import Configuration, LexiconFile
from hikeshi.domain.errors import ConfigError
from hikeshi.domain.levels import DEFAULT_TABLE, DecisionTable, LevelRow, Limits
from hikeshi.domain.manuals import InvalidManualError, ManualPage, page_of
from hikeshi.domain.pace import MOST_SOURCES
from hikeshi.domain.sources import Brand, Source, WatchList

LexiconName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
MAX_MANUAL = 60_000
"""Characters of one page of the manual."""

MAX_LEXICON = 200_000
"""Characters of one file of words and rules."""


def _one_or_more(value: object) -> object:
    """Take one name as a list of one."""
    return [value] if isinstance(value, str) else value


class BrandModel(Model):
    """A brand that is watched."""

    id: Id
    name: Text
    query: Annotated[str, Field(min_length=1, max_length=2000)]
    normal_per_minute: Annotated[float, Field(gt=0, le=10_000)] = 0.1


class SourceModel(Model):
    """A feed that is read."""

    id: Id
    name: Text
    url: Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=2000)]
    hosts: Annotated[tuple[str, ...], Field(min_length=1)]
    brand: Id | None = None
    weight: Annotated[float, Field(gt=0, le=100)] = 1.0
    every_minutes: Annotated[int, Field(ge=1, le=1440)] = 1
    busy_minutes: Annotated[int, Field(ge=1, le=1440)] | None = None


class WatchesModel(Model):
    """``watches.yaml``."""

    brands: Annotated[tuple[BrandModel, ...], Field(min_length=1)]
    sources: tuple[SourceModel, ...] = ()


class LevelRowModel(Model):
    """A row of the decision table: for which content, from which limits on, which level, and why."""

    content: Annotated[tuple[Level, ...], Field(min_length=1)]
    level: Level
    because: Text
    impact: Annotated[int, Field(ge=0, le=100)] = 0
    urgency: Annotated[int, Field(ge=0, le=100)] = 0
    posts: Annotated[int, Field(ge=0)] = 0
    reposts: Annotated[int, Field(ge=0)] = 0
    voices: Annotated[int, Field(ge=0)] = 0
    authors: Annotated[int, Field(ge=0)] = 0
    sources: Annotated[int, Field(ge=0, le=MOST_SOURCES)] = 0
    per_minute: Annotated[float, Field(ge=0)] = 0.0
    sigma: Annotated[float, Field(ge=0)] = 0.0

    @classmethod
    def of(cls, row: LevelRow) -> LevelRowModel:
        """Return a row as it is written."""
        limits = {f.name: getattr(row.at_least, f.name) for f in fields(Limits)}
        return cls(content=row.content, level=row.level, because=row.because, **limits)

    def to_row(self) -> LevelRow:
        """Return the row as it is asked."""
        limits = Limits(**self.model_dump(include={f.name for f in fields(Limits)}))
        return LevelRow(content=self.content, at_least=limits, level=self.level, because=self.because)


class SettingsModel(Model):
    """``settings.yaml``."""

    levels: tuple[LevelRowModel, ...] = tuple(map(LevelRowModel.of, DEFAULT_TABLE.rows))
    calm_after: Duration = timedelta(hours=6)
    publish_within: Duration = timedelta(minutes=10)
    reply_within: Duration = timedelta(hours=24)
    after_care: Duration = timedelta(days=30)
    takedown_deadline: Duration = timedelta(days=7)
    grouping_window: Duration = timedelta(hours=24)
    message_caps: tuple[CapModel, ...] = DEFAULT_CAP_MODELS
    chats: tuple[ChatModel, ...] = ()
    headquarters_from: Literal["notice", "warning", "critical", "button"] = "critical"
    desk_phone: Annotated[str, Field(pattern=r"^(\+?[0-9][0-9 -]{4,24})?$")] = ""
    lexicon_packs: tuple[LexiconName, ...] = ()
    lexicon_entries: Annotated[tuple[LexiconName, ...], BeforeValidator(_one_or_more)] = ()


class LexiconFileModel(Model):
    """A file of ``lexicon/``, as it was written."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    text: Annotated[str, Field(max_length=MAX_LEXICON)]


class ManualPageModel(Model):
    """A page of ``manual/``, as it was written."""

    name: LexiconName
    text: Annotated[str, Field(max_length=MAX_MANUAL)]


class ConfigurationDocument(Model):
    """All five sections together, and the files of words and rules that the settings name."""

    watches: WatchesModel
    roster: RosterModel
    escalation: EscalationModel
    playbooks: PlaybooksModel
    settings: SettingsModel = SettingsModel()
    lexicon: tuple[LexiconFileModel, ...] = ()
    manual: tuple[ManualPageModel, ...] = ()

    @classmethod
    def from_json(cls, content: bytes) -> ConfigurationDocument:
        """Read a published document.

        Raises
        ------
        ConfigError
            If it is not one; names the fields, never their values.
        """
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, found["loc"])) or found["type"] for found in error.errors())
            raise ConfigError(f"config.json: {fields}; publish it again with: hikeshi config push") from None

    def to_json(self) -> bytes:
        """Return the document as it is published; equal documents give equal bytes."""
        return self.model_dump_json(indent=1, exclude_none=True).encode()

    def to_configuration(self) -> Configuration:
        """Return the document as the value the services work with."""
        settings = self.settings
        return Configuration(
            watches=_watches(self.watches),
            roster=self.roster.to_roster(),
            escalation=self.escalation.to_policy(),
            playbooks=self.playbooks.to_playbooks(),
            levels=DecisionTable(rows=tuple(row.to_row() for row in settings.levels)),
            calm_after=settings.calm_after,
            publish_within=settings.publish_within,
            reply_within=settings.reply_within,
            after_care=settings.after_care,
            takedown_deadline=settings.takedown_deadline,
            grouping_window=settings.grouping_window,
            lexicon=tuple(LexiconFile(name=file.name, text=file.text) for file in self.lexicon),
            caps=tuple(cap.to_cap() for cap in settings.message_caps),
            chats=tuple(chat.to_chat() for chat in settings.chats),
            manual=tuple(_page(page) for page in self.manual),
            headquarters_from=(
                None if settings.headquarters_from == "button" else Level(settings.headquarters_from)
            ),
            desk_phone=settings.desk_phone,
        )


def _page(model: ManualPageModel) -> ManualPage:
    try:
        return page_of(model.name, model.text)
    except InvalidManualError as error:
        raise ConfigError(
            f"config.json: manual {model.name}, line {error.line}: {error};"
            " publish it again with: hikeshi config push"
        ) from None


def _watches(model: WatchesModel) -> WatchList:
    return WatchList(
        brands={brand.id: Brand(**brand.model_dump()) for brand in model.brands},
        sources={source.id: Source(**source.model_dump()) for source in model.sources},
    )
