"""What the environment of a function must say, checked once at cold start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from hikeshi.domain.errors import ConfigError


class Settings(BaseModel):
    """Base of all settings: fields are read from the upper-case variable of the same name."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    environment: str = Field(pattern=r"^[a-z][a-z0-9-]{1,15}$")

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the settings of one function.

        Raises
        ------
        ConfigError
            Naming each variable that is missing or malformed.
        """
        given = {name: env[name.upper()] for name in cls.model_fields if name.upper() in env}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            wrong = ", ".join(f"{e['loc'][0]!s}".upper() + f" ({e['msg']})" for e in error.errors())
            raise ConfigError(
                f"{cls.__name__} の環境変数が正しくありません。sam deploy で展開し直してください"
                f" / environment variables of {cls.__name__}: {wrong}"
            ) from None


class FetchPostsSettings(Settings):
    """``fetch_posts``."""

    sources_table: str
    incidents_table: str
    outbox_table: str
    posts_queue_url: str
    config_bucket: str
    directory_table: str
    upkeep_table: str
    hikeshi_feed_networks: str = ""


class IngestPostsSettings(Settings):
    """``ingest_posts``."""

    posts_queue_url: str
    config_bucket: str
    ingest_keys_secret: str


class ScorePostsSettings(Settings):
    """``score_posts``."""

    alerts_table: str
    incidents_table: str
    archive_bucket: str
    incidents_queue_url: str
    config_bucket: str
    hikeshi_encoder: Literal["on", "every", "off"] = "on"


class OpenIncidentSettings(Settings):
    """``open_incident``."""

    alerts_table: str
    incidents_table: str
    outbox_table: str
    config_bucket: str
    directory_table: str


class LifecycleSettings(Settings):
    """``request_decision`` and ``page_step``."""

    incidents_table: str
    outbox_table: str
    config_bucket: str
    directory_table: str


class AdvanceIncidentSettings(LifecycleSettings):
    """``advance_incident``: stores the signed report, and learns from what was decided."""

    archive_bucket: str
    alerts_table: str


class DraftReportSettings(Settings):
    """``draft_report``."""

    incidents_table: str
    outbox_table: str
    alerts_table: str
    config_bucket: str
    directory_table: str


class DispatchMessagesSettings(Settings):
    """``dispatch_messages``."""

    incidents_table: str
    outbox_table: str
    links_table: str
    upkeep_table: str
    config_bucket: str
    directory_table: str
    link_keys_secret: str
    messages_topic_arn: str
    mail_via: Literal["sns", "ses"] = "sns"
    mail_sender: str = ""
    link_base_url: str = Field(pattern=r"^https?://[^\s]+/$")

    @field_validator("mail_sender")
    @classmethod
    def _sends_from_somewhere(cls, mail_sender: str, given: ValidationInfo) -> str:
        if given.data.get("mail_via") == "ses" and "@" not in mail_sender:
            raise ValueError("MailVia=ses needs MailSender, an address verified in SES")
        return mail_sender


class PostChatsSettings(Settings):
    """``post_chats``."""

    incidents_table: str
    outbox_table: str
    upkeep_table: str
    config_bucket: str


class DriveWorkflowSettings(Settings):
    """``drive_workflow``."""

    outbox_table: str
    upkeep_table: str
    lifecycle_arn: str
    ladder_arn: str


class AuditIncidentsSettings(Settings):
    """``audit_incidents``."""

    incidents_table: str
    outbox_table: str
    upkeep_table: str
    config_bucket: str
    directory_table: str
    posts_queue_url: str
    operator_topic_arn: str
    hikeshi_feed_networks: str = ""
    heartbeat_url: str = Field(default="", pattern=r"^(https://[^\s]+)?$")


class SendDigestSettings(Settings):
    """``send_digest``."""

    alerts_table: str
    incidents_table: str
    outbox_table: str
    sources_table: str
    upkeep_table: str
    config_bucket: str
    directory_table: str


class CheckContactsSettings(Settings):
    """``check_contacts``."""

    outbox_table: str
    upkeep_table: str
    config_bucket: str
    directory_table: str
    messages_topic_arn: str
    mail_via: Literal["sns", "ses"] = "sns"


class ResponderApiSettings(Settings):
    """``responder_api``."""

    incidents_table: str
    outbox_table: str
    links_table: str
    upkeep_table: str
    alerts_table: str
    archive_bucket: str
    config_bucket: str
    directory_table: str
    link_keys_secret: str
