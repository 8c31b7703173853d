"""Posts to Slack, Teams and LINE over HTTPS.

Addresses and tokens come out of a secret at the moment they are used; no error repeats one. A post goes
to a host of its service and nowhere else, and a redirect is an answer like any other that is not yes.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from hikeshi.domain.chats import Chat, ChatKind, is_allowed
from hikeshi.domain.errors import DeliveryError, UndeliverableError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

SECONDS = 5.0
MAX_ANSWER = 4096
LINE_PUSH = "https://api.line.me/v2/bot/message/push"
LINE_LONGEST = 5000
_NEVER = frozenset({"ResourceNotFoundException", "AccessDeniedException", "InvalidRequestException"})
_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})

Connect = Callable[[str], HTTPConnection]
"""Opens a connection to a host."""


def _https(host: str) -> HTTPConnection:
    return HTTPSConnection(host, timeout=SECONDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Request:
    url: str
    body: Mapping[str, Any]
    headers: Mapping[str, str]


class WebhookChats:
    """Posts into rooms.

    Parameters
    ----------
    connect : callable
        Opens the connection to a host, over TLS unless a test says otherwise.
    """

    def __init__(self, *, client: SecretsManagerClient, connect: Connect = _https) -> None:
        self._client = client
        self._connect = connect

    def post(self, chat: Chat, text: str, *, key: str) -> str:
        """Post a text; LINE is told a key, so that the same text twice is one message."""
        request = _request(chat.kind, self._secret(chat.secret), text, key)
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if parts.scheme != "https" or parts.port not in (None, 443) or not is_allowed(chat.kind, host):
            raise UndeliverableError("not an address of the service")
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = self._connect(host)
        try:
            body = json.dumps(request.body, ensure_ascii=False).encode()
            connection.request("POST", path, body, {"Content-Type": "application/json", **request.headers})
            with connection.getresponse() as answer:
                answer.read(MAX_ANSWER)
        except (OSError, HTTPException) as error:
            raise DeliveryError(type(error).__name__) from None
        finally:
            connection.close()
        return _accepted(answer.status, answer.getheader("x-line-request-id") or "")

    def _secret(self, name: str) -> Mapping[str, Any]:
        try:
            stored: Any = json.loads(self._client.get_secret_value(SecretId=name)["SecretString"])
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "unknown")
            raise (UndeliverableError if code in _NEVER else DeliveryError)(code) from None
        except BotoCoreError as error:
            raise DeliveryError(type(error).__name__) from None
        except (KeyError, ValueError):
            raise UndeliverableError("the secret is not JSON text") from None
        if not isinstance(stored, dict):
            raise UndeliverableError("the secret is not a JSON object")
        return stored


def _request(kind: ChatKind, secret: Mapping[str, Any], text: str, key: str) -> _Request:
    try:
        if kind is ChatKind.LINE:
            body: Mapping[str, Any] = {
                "to": secret["to"],
                "messages": [{"type": "text", "text": text[:LINE_LONGEST]}],
            }
            headers = {
                "Authorization": f"Bearer {secret['token']}",
                "X-Line-Retry-Key": str(uuid.uuid5(uuid.NAMESPACE_URL, key)),
            }
            return _Request(url=LINE_PUSH, body=body, headers=headers)
        body = {"text": _slack_text(text)} if kind is ChatKind.SLACK else _card(text)
        return _Request(url=str(secret["url"]), body=body, headers={})
    except KeyError as missing:
        raise UndeliverableError(f"the secret has no {missing.args[0]}") from None


def _slack_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _card(text: str) -> Mapping[str, Any]:
    """Return what a Teams workflow takes: a card whose text runs are shown as they are, not as Markdown."""
    lines = [
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line}]}
        for line in text.splitlines()
        if line
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": lines,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def _accepted(status: int, request_id: str) -> str:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES or status == HTTPStatus.CONFLICT:
        return request_id
    if status in _AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise DeliveryError(f"HTTP {status}")
    raise UndeliverableError(f"HTTP {status}")
