"""Posting to chats: the fake, and the adapter against a server on the loopback address."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hikeshi.adapters.chat_webhooks import WebhookChats
from hikeshi.domain.chats import Chat, ChatKind, is_allowed
from hikeshi.domain.errors import DeliveryError, UndeliverableError
from hikeshi.ports.chatting import ChatSender
from tests.fakes.chatting import RecordingChats

SLACK = Chat(name="ops", kind=ChatKind.SLACK, secret="hikeshi/chat/ops")
TEAMS = Chat(name="kiki", kind=ChatKind.TEAMS, secret="hikeshi/chat/kiki")
LINE = Chat(name="line", kind=ChatKind.LINE, secret="hikeshi/chat/line")
SECRETS = {
    SLACK.secret: {"url": "https://hooks.slack.com/services/T0/B0/invented"},
    TEAMS.secret: {"url": "https://prod-01.japaneast.logic.azure.com/workflows/w?sig=invented"},
    LINE.secret: {"token": "invented-token", "to": "Cinvented"},
}
TEXT = "【警戒】#128 商品に<異物混入> & 写真\n担当をお願いします"


@dataclass
class Service:
    """What a chat service would be, on the loopback address."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    port: int = 0

    def connect(self, host: str) -> HTTPConnection:
        self.hosts.append(host)
        return HTTPConnection("127.0.0.1", self.port, timeout=1)


@pytest.fixture
def service() -> Iterator[Service]:
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def secrets() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("secretsmanager", region_name="ap-northeast-1")
        for name, value in SECRETS.items():
            client.create_secret(Name=name, SecretString=json.dumps(value))
        yield client


@pytest.fixture
def webhooks(service: Service, secrets: Any) -> WebhookChats:
    return WebhookChats(client=secrets, connect=service.connect)


@pytest.fixture(params=["fake", "loopback"])
def sender(request: pytest.FixtureRequest) -> ChatSender:
    if request.param == "fake":
        return RecordingChats()
    chats: WebhookChats = request.getfixturevalue("webhooks")
    return chats


@pytest.mark.parametrize("chat", [SLACK, TEAMS, LINE], ids=lambda chat: chat.kind.value)
def test_a_text_is_taken(sender: ChatSender, chat: Chat) -> None:
    assert isinstance(sender.post(chat, TEXT, key="row"), str)


def test_slack_gets_the_text_with_nothing_in_it_that_slack_would_act_on(
    webhooks: WebhookChats, service: Service
) -> None:
    webhooks.post(SLACK, TEXT + "<!channel>", key="row")
    ((path, _, body),) = service.got
    assert (service.hosts, path) == (["hooks.slack.com"], "/services/T0/B0/invented")
    assert "<" not in body["text"]
    assert "&lt;異物混入&gt; &amp; 写真" in body["text"]


def test_teams_gets_a_card_of_plain_runs_with_its_signature(webhooks: WebhookChats, service: Service) -> None:
    webhooks.post(TEAMS, "一行目\n[二行目](x)", key="row")
    ((path, _, body),) = service.got
    assert path == "/workflows/w?sig=invented"
    (attachment,) = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    runs = [block["inlines"][0] for block in attachment["content"]["body"]]
    assert runs == [{"type": "TextRun", "text": "一行目"}, {"type": "TextRun", "text": "[二行目](x)"}]


def test_line_gets_a_push_that_the_same_key_makes_the_same_message(
    webhooks: WebhookChats, service: Service
) -> None:
    service.headers = {"x-line-request-id": "request-1"}
    assert webhooks.post(LINE, TEXT, key="row") == "request-1"
    webhooks.post(LINE, TEXT, key="row")
    webhooks.post(LINE, TEXT, key="another")
    keys = [headers["x-line-retry-key"] for _, headers, _ in service.got]
    assert keys[0] == keys[1] != keys[2]
    path, headers, body = service.got[0]
    assert (service.hosts[0], path) == ("api.line.me", "/v2/bot/message/push")
    assert headers["authorization"] == "Bearer invented-token"
    assert body == {"to": "Cinvented", "messages": [{"type": "text", "text": TEXT}]}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, DeliveryError),
        (500, DeliveryError),
        (503, DeliveryError),
        (302, UndeliverableError),
        (400, UndeliverableError),
        (401, UndeliverableError),
        (404, UndeliverableError),
    ],
)
def test_an_answer_that_is_not_yes_says_whether_to_try_again_and_a_redirect_is_not_followed(
    webhooks: WebhookChats, service: Service, status: int, error: type[DeliveryError]
) -> None:
    service.status, service.headers = status, {"Location": "https://elsewhere.example.jp/"}
    with pytest.raises(DeliveryError) as raised:
        webhooks.post(SLACK, TEXT, key="row")
    assert type(raised.value) is error
    assert str(raised.value) == f"HTTP {status}"
    assert len(service.got) == 1


def test_a_push_that_line_already_has_counts_as_taken(webhooks: WebhookChats, service: Service) -> None:
    service.status = 409
    webhooks.post(LINE, TEXT, key="row")
    assert len(service.got) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/services/x",
        "https://hooks.slack.com.example.jp/x",
        "https://hooks.slack.com:8443/x",
        "https://169.254.169.254/latest",
        "https://user@127.0.0.1/",
        "https://prod-01.japaneast.logic.azure.com/x",
        "file:///etc/passwd",
        "",
    ],
)
def test_a_post_goes_to_its_service_over_https_and_nowhere_else(
    webhooks: WebhookChats, service: Service, secrets: Any, url: str
) -> None:
    secrets.put_secret_value(SecretId=SLACK.secret, SecretString=json.dumps({"url": url}))
    with pytest.raises(UndeliverableError, match="not an address of the service"):
        webhooks.post(SLACK, TEXT, key="row")
    assert service.hosts == []


@pytest.mark.parametrize("stored", ["https://hooks.slack.com/x", "[]", "{}", '{"token": "t"}'])
def test_a_secret_of_the_wrong_shape_is_told_without_repeating_it(
    webhooks: WebhookChats, secrets: Any, stored: str
) -> None:
    secrets.put_secret_value(SecretId=SLACK.secret, SecretString=stored)
    with pytest.raises(UndeliverableError) as raised:
        webhooks.post(SLACK, TEXT, key="row")
    assert "hooks" not in str(raised.value)


def test_a_secret_that_is_not_there_will_never_do(webhooks: WebhookChats) -> None:
    unknown = Chat(name="none", kind=ChatKind.SLACK, secret="hikeshi/chat/none")
    with pytest.raises(UndeliverableError, match="ResourceNotFoundException"):
        webhooks.post(unknown, TEXT, key="row")


def test_a_service_that_does_not_answer_is_asked_again_later(
    webhooks: WebhookChats, service: Service
) -> None:
    service.port = 9
    with pytest.raises(DeliveryError) as raised:
        webhooks.post(SLACK, TEXT, key="row")
    assert str(raised.value) == "ConnectionRefusedError"


def test_hosts_below_an_allowed_one_are_allowed_and_look_alikes_are_not() -> None:
    assert is_allowed(ChatKind.TEAMS, "prod-01.japaneast.logic.azure.com")
    assert is_allowed(ChatKind.SLACK, "HOOKS.slack.com.")
    assert not is_allowed(ChatKind.TEAMS, "logic.azure.com.example.jp")
    assert not is_allowed(ChatKind.TEAMS, "evillogic.azure.com")
    assert not is_allowed(ChatKind.LINE, "api.line.me.example.jp")
