"""What the collecting functions take and answer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from hikeshi.domain.errors import HikeshiError, InputError, SignatureError, TooLargeError
from hikeshi.services.collection.collect import CollectReport
from hikeshi.services.collection.ingest import IngestResult, SignedBody


class FetchPostsAnswer(BaseModel):
    """How a run of ``fetch_posts`` went, for its log and whoever invoked it."""

    model_config = ConfigDict(frozen=True)

    new: int
    outcomes: dict[str, str]
    failures: dict[str, str]
    silent: tuple[str, ...]
    rejected: int

    @classmethod
    def of(cls, report: CollectReport) -> Self:
        """Sum a report up."""
        return cls(
            new=report.new,
            outcomes={result.source_id: result.outcome.value for result in report.results},
            failures={result.source_id: result.error for result in report.results if result.error},
            silent=report.silent,
            rejected=sum(result.rejected for result in report.results),
        )


class IngestRequest(BaseModel):
    """A REST API proxy event, as far as ``ingest_posts`` reads it."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    headers: Mapping[str, str] | None = None
    body: str | None = None
    is_base64: bool = Field(default=False, alias="isBase64Encoded")

    def signed_body(self) -> SignedBody:
        """Return the body as bytes with the two headers that sign it, whatever their case.

        Raises
        ------
        SignatureError
            If the gateway's encoding of the body cannot be undone: no signature can fit it.
        """
        headers = {name.lower(): value for name, value in (self.headers or {}).items()}
        return SignedBody(
            body=self._bytes(),
            timestamp=headers.get("x-hikeshi-timestamp", ""),
            signature=headers.get("x-hikeshi-signature", ""),
        )

    def _bytes(self) -> bytes:
        text = self.body or ""
        if not self.is_base64:
            return text.encode(errors="surrogatepass")
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise SignatureError("a body that is not base64") from None


class RejectedPost(BaseModel):
    """A post that was not taken."""

    line: int
    error: str


class IngestAccepted(BaseModel):
    """The answer to a call that was taken, wholly or in part."""

    accepted: int
    rejected: tuple[RejectedPost, ...]

    @classmethod
    def of(cls, result: IngestResult) -> Self:
        """Put a result into its outward form."""
        rejected = tuple(RejectedPost(line=each.line, error=each.error) for each in result.rejected)
        return cls(accepted=result.accepted, rejected=rejected)


class IngestRefused(BaseModel):
    """The answer to a call of which nothing is claimed to be taken."""

    error: Literal["unauthorized", "too_large", "invalid", "unavailable"]
    message: str


def http_answer(status: HTTPStatus, body: BaseModel) -> dict[str, Any]:
    """Return a REST API proxy answer that nobody keeps a copy of."""
    headers = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"}
    return {"statusCode": int(status), "headers": headers, "body": body.model_dump_json()}


def refusal(error: HikeshiError) -> dict[str, Any]:
    """Return the answer for an error; every fault of a signature has the same one."""
    match error:
        case SignatureError():
            refused = IngestRefused(error="unauthorized", message="the call is not signed as it must be")
            return http_answer(HTTPStatus.UNAUTHORIZED, refused)
        case TooLargeError():
            refused = IngestRefused(error="too_large", message=str(error))
            return http_answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, refused)
        case InputError():
            refused = IngestRefused(error="invalid", message=str(error))
            return http_answer(HTTPStatus.BAD_REQUEST, refused)
        case _:
            refused = IngestRefused(error="unavailable", message="not taken now; send the same call again")
            return http_answer(HTTPStatus.SERVICE_UNAVAILABLE, refused)
