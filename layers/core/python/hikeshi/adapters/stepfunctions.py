"""The state machines, driven so that every call may be repeated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hikeshi.domain.errors import DeliveryError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_STARTED = frozenset({"ExecutionAlreadyExists"})
_ANSWERED = frozenset({"InvalidToken", "TaskTimedOut", "TaskDoesNotExist"})


class StepFunctionsWorkflow:
    """Starts the two state machines and answers their waiting tasks."""

    def __init__(self, *, client: SFNClient, lifecycle_arn: str, ladder_arn: str) -> None:
        self._client = client
        self._lifecycle_arn = lifecycle_arn
        self._ladder_arn = ladder_arn

    def start_lifecycle(self, *, name: str, payload: str) -> None:
        """Start the lifecycle of an incident; one that exists already counts as started."""
        with _done_if(_STARTED):
            self._client.start_execution(stateMachineArn=self._lifecycle_arn, name=name, input=payload)

    def start_ladder(self, *, name: str, payload: str) -> None:
        """Start an escalation ladder; one that exists already counts as started."""
        with _done_if(_STARTED):
            self._client.start_execution(stateMachineArn=self._ladder_arn, name=name, input=payload)

    def stop_lifecycle(self, *, name: str) -> None:
        """End the lifecycle of an incident; one that is not there yet is stopped when this is repeated."""
        execution = f"{self._lifecycle_arn.replace(':stateMachine:', ':execution:')}:{name}"
        with _done_if(frozenset()):
            self._client.stop_execution(executionArn=execution)

    def resume(self, *, task_token: str, payload: str) -> None:
        """Answer a waiting task; one answered or timed out already counts as answered."""
        with _done_if(_ANSWERED):
            self._client.send_task_success(taskToken=task_token, output=payload)


@contextmanager
def _done_if(codes: frozenset[str]) -> Iterator[None]:
    """Pass over the errors that say that the work is done, and raise DeliveryError for all others."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        if code not in codes:
            raise DeliveryError(code) from None
    except BotoCoreError as error:
        raise DeliveryError(type(error).__name__) from None
