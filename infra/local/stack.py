"""Bringing the local stack up and down, and telling how it is."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from hikeshi.adapters.configuration_document import ConfigurationDocument, SourceModel
from infra.configuring.checks import check_directory
from infra.configuring.problems import Problem
from infra.configuring.publishing import publish_document, subscribe_queue
from infra.local.deploying import ARTIFACTS, architecture, build, deploy, outputs_of
from infra.local.desk import FEED_PATH
from infra.local.emulator import answers, client_environment, start_emulator, state_is_saved
from infra.local.home import (
    REGION,
    REPOSITORY,
    STACK_NAME,
    Home,
    LocalStackError,
    RunningProcess,
    StackState,
)
from infra.local.processes import (
    claim_port,
    free_port,
    is_running,
    remove_in_passing,
    start,
    stop,
    stop_strays,
)

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

MAIL_QUEUE = "hikeshi-local-mail"
Told = Callable[[str], None]
"""Called with one Japanese line for each thing that takes a while."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UpOptions:
    """How to bring the stack up.

    Attributes
    ----------
    configuration : Path or None
        Directory to publish as it is; None publishes ``infra/config`` reading the local feed.
    adjust : callable or None
        Changes the document before it is published (tests shorten waits).
    record_calls : bool
        Keep a record of every AWS call.
    """

    port: int | None = None
    inbox_port: int | None = None
    configuration: Path | None = None
    adjust: Callable[[ConfigurationDocument], ConfigurationDocument] | None = None
    record_calls: bool = False
    environment: str = "local"


def up(home: Home, options: UpOptions, *, tell: Told) -> StackState:
    """Bring the stack up; one that is up already is left as it is.

    Raises
    ------
    LocalStackError
        With the reason and what to do; whatever was started is stopped again.
    """
    running = home.remembered()
    if running is not None and is_up(running):
        return running
    down(home)
    document = _document(options.configuration or REPOSITORY / "infra" / "config")
    home.prepare()
    with ExitStack() as undo:
        state = _start(home, options, document, undo, tell)
        home.remember(state)
        undo.pop_all()
    return state


def down(home: Home) -> bool:
    """Stop everything, also what a crash left; returns whether anything ran."""
    state = home.remembered()
    ran = False
    if state is not None:
        ran = is_running(state.desk) or is_running(state.emulator)
        stop(state.desk)
        stop(state.emulator, finished=state_is_saved(home))
    ran = stop_strays(home.scratch) > 0 or ran
    remove_in_passing(home.scratch)
    home.forget()
    return ran


def is_up(state: StackState) -> bool:
    """Tell whether both processes live and answer."""
    return health(state)["healthy"] is True


def health(state: StackState) -> dict[str, bool]:
    """Ask every part how it is."""
    parts = {
        "emulator": is_running(state.emulator) and answers(state.endpoint_url),
        "inbox": is_running(state.desk) and _opens(f"{state.inbox_url}health"),
        "api": _opens(f"{state.api_url}/health"),
    }
    return {**parts, "healthy": parts["emulator"] and parts["inbox"]}


def client(state: StackState, service: str) -> Any:
    """Return a boto3 client of the local stack with the rights of its owner."""
    return _client(state.endpoint_url, service)


def push(state: StackState, home: Home, document: ConfigurationDocument) -> None:
    """Publish a configuration to the running stack."""
    _push(home, document, state.endpoint_url, state.outputs)


def local_document(document: ConfigurationDocument, inbox_url: str) -> ConfigurationDocument:
    """Put the local feed in place of the sources, which no machine of a newcomer could reach.

    Without caps: here an incident of hours runs in minutes, and each of its messages is to be seen.
    """
    brand = document.watches.brands[0].id
    feed = SourceModel(
        id="local-feed",
        name="公開投稿（手元のフィード）",
        url=f"{inbox_url.rstrip('/')}{FEED_PATH}",
        hosts=("127.0.0.1",),
        brand=brand,
    )
    return document.model_copy(
        update={
            "watches": document.watches.model_copy(update={"sources": (feed,)}),
            "settings": document.settings.model_copy(update={"message_caps": ()}),
        }
    )


def _start(
    home: Home,
    options: UpOptions,
    document: ConfigurationDocument,
    undo: ExitStack,
    tell: Told,
) -> StackState:
    ports = home.ports()
    port = claim_port(options.port) if options.port else free_port(ports.get("emulator"))
    inbox_port = claim_port(options.inbox_port) if options.inbox_port else free_port(ports.get("inbox"))
    home.remember_ports({"emulator": port, "inbox": inbox_port})
    endpoint_url, inbox_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{inbox_port}/"
    tell("エミュレーターを起動しています")
    emulator = start_emulator(home, port=port, record_calls=options.record_calls)
    undo.callback(stop, emulator)
    outputs = _deployed(home, options, endpoint_url, inbox_url, tell)
    if options.configuration is None:
        document = local_document(document, inbox_url)
    if options.adjust is not None:
        document = options.adjust(document)
    queue_url = _push(home, document, endpoint_url, outputs)
    api_url = f"{endpoint_url}/restapis/{outputs['ApiId']}/live/_user_request_"
    sources = ("--queue-url", queue_url, "--operator-topic", outputs["OperatorTopicArn"])
    desk = _start_desk(home, inbox_port, endpoint_url, api_url, sources)
    undo.callback(stop, desk)
    return StackState(
        emulator=emulator,
        desk=desk,
        endpoint_url=endpoint_url,
        inbox_url=inbox_url,
        link_base_url=f"{inbox_url}r/",
        api_url=api_url,
        region=REGION,
        stack_name=STACK_NAME,
        environment=options.environment,
        outputs=outputs,
        started_at=datetime.now(UTC).isoformat(),
    )


def _deployed(
    home: Home, options: UpOptions, endpoint_url: str, inbox_url: str, tell: Told
) -> dict[str, str]:
    tell("関数とレイヤーを組み立てています（変更がなければすぐ終わります）")
    built, digest = build(home)
    wanted = f"{digest} {inbox_url} {options.environment}"
    stamp = home.root / "deployed"
    cloudformation = _client(endpoint_url, "cloudformation")
    outputs = outputs_of(cloudformation, STACK_NAME)
    if outputs is not None and stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return outputs
    tell("スタックを配置しています")
    s3 = _client(endpoint_url, "s3")
    if ARTIFACTS not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
    parameters = {
        "Environment": options.environment,
        "LinkBaseUrl": f"{inbox_url}r/",
        "Architecture": architecture(),
        "ProtectData": "false",
        "LogRetentionDays": "1",
        "SmsMonthlyLimit": "0",
        "FeedNetworks": "127.0.0.0/8",
    }
    deploy(home, built, endpoint_url=endpoint_url, stack_name=STACK_NAME, parameters=parameters)
    outputs = outputs_of(cloudformation, STACK_NAME)
    if outputs is None:
        raise LocalStackError(
            f"sam deploy のあともスタックの準備ができていません。{home.logs}/sam-deploy.log を見てください"
            " / the stack is not ready after sam deploy"
        )
    stamp.write_text(wanted, "utf-8")
    return outputs


def _push(home: Home, document: ConfigurationDocument, endpoint_url: str, outputs: dict[str, str]) -> str:
    publish_document(document, s3=_client(endpoint_url, "s3"), bucket=outputs["ConfigBucket"])
    home.configuration.write_bytes(document.to_json())
    topics = [outputs["MessagesTopicArn"], outputs["OperatorTopicArn"]]
    queue_url, queue_arn = _mail_queue(_client(endpoint_url, "sqs"), topics)
    for topic in topics:
        subscribe_queue(sns=_client(endpoint_url, "sns"), topic_arn=topic, queue_arn=queue_arn)
    return queue_url


def _mail_queue(sqs: SQSClient, topic_arns: Sequence[str]) -> tuple[str, str]:
    queue_url = sqs.create_queue(QueueName=MAIL_QUEUE)["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    queue_arn = answer["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": list(topic_arns)}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"Policy": policy})
    return queue_url, queue_arn


def _start_desk(
    home: Home, port: int, endpoint_url: str, api_url: str, sources: Sequence[str]
) -> RunningProcess:
    command = [sys.executable, "-m", "infra.local.desk", "--home", str(home.root), "--port", str(port)]
    command += ["--endpoint-url", endpoint_url, "--api-url", api_url, *sources]
    env = {**client_environment(endpoint_url), "PATH": str(Path(sys.executable).parent)}
    env["PYTHONPATH"] = f"{REPOSITORY}:{REPOSITORY / 'layers' / 'core' / 'python'}"
    log = home.logs / "desk.log"
    process = start(command, env=env, log=log, directory=REPOSITORY)
    deadline = datetime.now(UTC).timestamp() + 30
    while datetime.now(UTC).timestamp() < deadline:
        if _opens(f"http://127.0.0.1:{port}/health"):
            return process
        if not is_running(process):
            break
    stop(process)
    raise LocalStackError(f"受信箱が起動しません。{log} を見てください / the inbox does not start")


def _document(directory: Path) -> ConfigurationDocument:
    reading = check_directory(directory)
    if reading.document is None:
        problems = "\n".join(_told(problem, directory) for problem in reading.problems)
        raise LocalStackError(f"設定に問題があります / the configuration has problems\n{problems}")
    return reading.document


def _told(problem: Problem, directory: Path) -> str:
    return f"{directory}/{problem.one_line()}"


def _opens(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _client(endpoint_url: str, service: str) -> Any:
    import boto3

    environment = client_environment(endpoint_url)
    return boto3.client(  # type: ignore[call-overload]  # one factory for every service
        service,
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
