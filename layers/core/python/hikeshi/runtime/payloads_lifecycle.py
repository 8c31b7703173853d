"""What the functions of the lifecycle take and answer."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from hikeshi.domain.incidents import Room, Slot
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent

_INCIDENT = r"^inc-[0-9A-Z]{26}$"


class _Payload(BaseModel):
    # What is refused is logged: without what it held, which may be an address of a post or a task token.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class IncidentRequest(_Payload):
    """A message of the incidents queue: the alert that asks for an incident."""

    alert_id: str = Field(pattern=r"^alert-[0-9a-f]{32}$")


class ExposedPost(_Payload):
    """A post that exposes somebody; it names the track, never the person."""

    incident_id: str = Field(pattern=_INCIDENT)
    track: str = Field(pattern=r"^care-[0-9]{2}$")
    post: str = Field(pattern=r"^[0-9a-f]{32}$")
    source: str = Field(max_length=200)
    url: str = Field(max_length=2048)
    evidence: str = Field(max_length=500)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    captured_at: AwareDatetime


class ExposureReport(_Payload):
    """A message of the incidents queue: a post that exposes somebody."""

    exposed: ExposedPost


QUEUED: TypeAdapter[IncidentRequest | ExposureReport] = TypeAdapter(
    IncidentRequest | ExposureReport, config=ConfigDict(hide_input_in_errors=True)
)
"""What the incidents queue carries."""


class _AboutIncident(_Payload):
    incident_id: str = Field(pattern=_INCIDENT)


class DecisionRequest(_AboutIncident):
    """``request_decision``: the execution waits on a slot with this token."""

    slot: Slot
    task_token: str = Field(min_length=1, max_length=2048)


class StepRequest(_AboutIncident):
    """``advance_incident``: take a step; an execution of an earlier generation has nothing left to take."""

    event: LifecycleEvent
    generation: int | None = None


class ReminderRequest(_AboutIncident):
    """``advance_incident``: remind of a decision."""

    remind: Slot


class LessonRequest(_AboutIncident):
    """``advance_incident``: learn from a dismissal that stands."""

    learn: Literal["dismissed"]
    generation: int


_ADVANCING: TypeAdapter[StepRequest | ReminderRequest | LessonRequest] = TypeAdapter(
    StepRequest | ReminderRequest | LessonRequest
)


def advance_request(event: object) -> StepRequest | ReminderRequest | LessonRequest:
    """Read what ``advance_incident`` is called with: one of the three, never two at once."""
    return _ADVANCING.validate_python(event)


class ReportRequest(_AboutIncident):
    """``draft_report``."""


class IncidentAnswer(BaseModel):
    """Where the incident stands after the call."""

    model_config = ConfigDict(frozen=True)

    incident_id: str
    status: IncidentStatus

    @classmethod
    def of(cls, room: Room) -> Self:
        """Answer with a room."""
        return cls(incident_id=room.incident.id, status=room.incident.status)
