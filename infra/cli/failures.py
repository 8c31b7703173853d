"""Says what kept a command from its work, in Japanese and then in English, with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from hikeshi.domain.errors import (
    ConcurrentChangeError,
    DeliveryError,
    HikeshiError,
    NotFoundError,
    UnavailableError,
)
from infra.cli.bad_lines import why_not_opened
from infra.keys.rotating import RotationError
from infra.learning.desk import NoStackError
from infra.local.home import LocalStackError

T = TypeVar("T", bound=Exception)

FAILURES = (HikeshiError, NoStackError, RotationError, LocalStackError, BotoCoreError, ClientError)
"""What a command ends with in a sentence; anything else is a mistake of ours."""

_ABSENT = {
    "alert": "アラート {id} はありません。hikeshi alerts で確かめてください",
    "post": "投稿 {id} はそのアラートにありません。hikeshi alerts posts で確かめてください",
    "incident": "案件 {id} はありません。hikeshi deliveries で確かめてください",
    "proposal": "変更 {id} はありません。hikeshi changes list で確かめてください",
    "person": "{id} という方は名簿にいません。hikeshi people list で確かめてください",
    "drill": "訓練 {id} はありません。hikeshi drill score で確かめてください",
}
"""What is told of a record that is not there."""

_AGAIN: dict[type[HikeshiError], str] = {
    ConcurrentChangeError: "同時にほかの変更がありました。もう一度実行してください / {error}",
    DeliveryError: "送信先が受け取りませんでした。もう一度実行してください / {error}",
    UnavailableError: "いまは読み出せません。少し待って、もう一度実行してください / {error}",
}
"""What is told of an error that may not come a second time."""

_NO_CREDENTIALS = (
    "AWS の認証情報がありません。aws configure を実行するか、環境変数 AWS_PROFILE を設定してください"
    " / no AWS credentials: run aws configure, or set AWS_PROFILE"
)
_EXPIRED = (
    "AWS の認証情報が無効か、期限切れです。サインインし直してください"
    " / the AWS credentials are not valid, or have expired: sign in again"
)
_NOT_ALLOWED = (
    "AWS での権限が足りません。使っているロールと AWS_PROFILE を確かめてください"
    " / this role may not do so: check AWS_PROFILE"
)
_UNREACHED: dict[type[BotoCoreError], str] = {
    NoRegionError: (
        "AWS のリージョンが決まっていません。環境変数 AWS_DEFAULT_REGION に設定してください"
        "（東京なら ap-northeast-1） / no AWS region: set AWS_DEFAULT_REGION"
    ),
    NoCredentialsError: _NO_CREDENTIALS,
    PartialCredentialsError: _NO_CREDENTIALS,
    CredentialRetrievalError: _NO_CREDENTIALS,
    ProfileNotFound: "AWS のプロファイルがありません。AWS_PROFILE を確かめてください / {error}",
    TokenRetrievalError: _EXPIRED,
    SSOError: _EXPIRED,
    EndpointConnectionError: (
        "AWS につながりません。ネットワークと AWS_DEFAULT_REGION を確かめてください"
        " / AWS cannot be reached: {error}"
    ),
}
"""What is told of an error before AWS answered; the first that fits."""

_UNCALLED = "AWS を呼び出せませんでした / AWS could not be called: {error}"
_CODES = {
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "InvalidClientTokenId": _EXPIRED,
    "UnrecognizedClientException": _EXPIRED,
    "SignatureDoesNotMatch": _EXPIRED,
    "InvalidAccessKeyId": _EXPIRED,
    "AccessDenied": _NOT_ALLOWED,
    "AccessDeniedException": _NOT_ALLOWED,
    "AuthorizationError": _NOT_ALLOWED,
}
"""What is told of an error that AWS answered with."""


def told(error: Exception) -> str:
    """Say one of ``FAILURES``, or why a file does not open, as the person at the terminal reads it."""
    match error:
        case NotFoundError():
            return _absent(error)
        case ClientError():
            return _answered(error)
        case BotoCoreError():
            return _first(_UNREACHED, error, otherwise=_UNCALLED)
        case HikeshiError():
            return _first(_AGAIN, error, otherwise="{error}")
        case OSError():
            return why_not_opened(error)
        case _:
            return str(error)


def _first(sentences: Mapping[type[T], str], error: T, *, otherwise: str) -> str:
    sentence = next((said for kind, said in sentences.items() if isinstance(error, kind)), otherwise)
    return sentence.format(error=error)


def _absent(error: NotFoundError) -> str:
    sentence = _ABSENT.get(error.kind, "{id} はありません").format(id=error.record_id)
    return f"{sentence} / {error}"


def _answered(error: ClientError) -> str:
    said = error.response.get("Error", {})
    code, call = said.get("Code", ""), error.operation_name
    detail = f"{call}: {code} {said.get('Message', '')}".strip()
    return f"{_CODES.get(code, 'AWS が処理を断りました / AWS refused')}（{detail}）"
