"""What incidents, messages, links and the workflow need."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from hikeshi.domain.caps import SendLog
from hikeshi.domain.incidents import Incident, Room, RoomChange
from hikeshi.domain.links import LinkGrant, SigningKey
from hikeshi.domain.outbox import OutboxRow
from hikeshi.domain.people import Channel, Person
from hikeshi.domain.timeline import TimelineEntry


class IncidentRepository(Protocol):
    """Keeps incidents."""

    def next_number(self, *, drill: str = "") -> int:
        """Return the next human number; gaps are possible, repeats are not.

        Each drill counts for itself, from 1.
        """
        ...

    def room(self, incident_id: str) -> Room:
        """Load an incident with all that belongs to it (strongly consistent).

        Raises
        ------
        NotFoundError
            If there is none.
        """
        ...

    def topic(self, brand: str, topic: str) -> str | None:
        """Return the id of the incident that a topic of a brand points to, if any."""
        ...

    def open(self, change: RoomChange, *, topic: str, replacing: str | None) -> Room:
        """Store a new incident and point the topic at it, if the topic still points at ``replacing``.

        Raises
        ------
        ConcurrentChangeError
            If another incident took the topic first.
        """
        ...

    def commit(self, change: RoomChange) -> Room:
        """Store the difference, the timeline and the outbox rows in one transaction.

        Outbox rows that exist already are left as they are. A reply that was lost counts as success
        if the stored version carries our own writer id.

        Raises
        ------
        ConcurrentChangeError
            If the stored version moved on.
        """
        ...

    def timeline(self, incident_id: str) -> Sequence[TimelineEntry]:
        """Return the timeline, oldest first."""
        ...

    def recent(self, *, limit: int = 50) -> Sequence[Incident]:
        """Return incidents, newest first; none of a drill."""
        ...

    def opened_since(self, moment: datetime) -> Sequence[Incident]:
        """Return every incident opened since then, oldest first; none of a drill."""
        ...

    def of_drill(self, drill: str) -> Sequence[Incident]:
        """Return the incidents of a drill, oldest first."""
        ...

    def still_open(self) -> Sequence[str]:
        """Return the ids of all incidents that are not over, those of drills too, oldest first."""
        ...

    def restless_brands(self) -> Collection[str]:
        """Return the brands of incidents that are open and not called calm yet."""
        ...

    def still_owing(self) -> Sequence[str]:
        """Return the ids of incidents that are over and still owe something, oldest first.

        :func:`hikeshi.domain.owing.owes` tells at every commit whether an incident does.
        """
        ...


class Outbox(Protocol):
    """Keeps outgoing rows (they are written by the incident repository or ``add``)."""

    def add(self, rows: Sequence[OutboxRow]) -> None:
        """Store rows; ids that exist already are left as they are."""
        ...

    def row(self, row_id: str) -> OutboxRow | None:
        """Return a row, or None."""
        ...

    def due(self, kind: str, *, at: datetime, limit: int = 1000) -> Sequence[OutboxRow]:
        """Return ``message``, ``chat`` or ``workflow`` rows due at that time, oldest first."""
        ...

    def about(self, incident_id: str | None, *, limit: int = 500) -> Sequence[OutboxRow]:
        """Return what people were sent about an incident (None: about no incident), newest first."""
        ...

    def claim(self, row: OutboxRow, *, by: str, at: datetime) -> OutboxRow | None:
        """Claim a row that is due; None if another dispatcher holds it or it is finished."""
        ...

    def finish(self, row: OutboxRow) -> bool:
        """Store an attempt or an outcome if the claim is still ours; False if it is not."""
        ...


class SendLogs(Protocol):
    """Keeps what went to each person on each channel lately."""

    def log(self, person_id: str, channel: Channel) -> SendLog:
        """Return the log as it stands now (strongly consistent); a blank one if there is none."""
        ...

    def save(self, log: SendLog) -> bool:
        """Store a log whose version is one more than the stored one's; False if it is not.

        A reply that was lost counts as stored.
        """
        ...


class LinkStore(Protocol):
    """Keeps what links open."""

    def put(self, grant: LinkGrant) -> None:
        """Store a grant; one that exists already is left as it is."""
        ...

    def get(self, digest: str) -> LinkGrant | None:
        """Return a grant, or None."""
        ...

    def count_wrong_number(self, digest: str) -> int:
        """Add one wrong try and return how many there are."""
        ...


class LinkRegister(Protocol):
    """What an operator does with links; no function of the stack may."""

    def every(self) -> Iterator[LinkGrant]:
        """Yield every grant that is kept, in no order."""
        ...

    def revoke(self, digest: str) -> bool:
        """Let a link open nothing any more; False if there is none or it was revoked before."""
        ...


class KeyRing(Protocol):
    """Holds the signing keys."""

    def keys(self) -> tuple[SigningKey, ...]:
        """Return the live keys, the one to sign with first."""
        ...


class Sender(Protocol):
    """Sends one text to one person."""

    def send(self, person: Person, channel: Channel, *, subject: str, text: str, urgent: bool) -> str:
        """Hand the text to the provider, once, and return its message id.

        Raises
        ------
        DeliveryError
            If the provider did not accept it, or its answer was lost.
        UndeliverableError
            If it never will.
        """
        ...


class Workflow(Protocol):
    """Drives the state machines. Every call may be repeated without harm."""

    def start_lifecycle(self, *, name: str, payload: str) -> None:
        """Start the lifecycle execution of an incident; one that exists already counts as started."""
        ...

    def start_ladder(self, *, name: str, payload: str) -> None:
        """Start an escalation ladder; one that exists already counts as started."""
        ...

    def stop_lifecycle(self, *, name: str) -> None:
        """End the lifecycle execution of an incident; one that has ended counts as stopped.

        Raises
        ------
        DeliveryError
            If it has not been started yet.
        """
        ...

    def resume(self, *, task_token: str, payload: str) -> None:
        """Answer a waiting task; one that was answered or timed out already counts as answered."""
        ...


class ReportStore(Protocol):
    """Keeps completion reports."""

    def save(self, incident_id: str, *, name: str, content: bytes, content_type: str) -> str:
        """Store a file of a report and return its URI."""
        ...


class ProofStore(Protocol):
    """Keeps records that bear facts out; nothing is ever overwritten."""

    def keep(self, incident_id: str, *, name: str, content: bytes) -> str:
        """Store a JSON document under a name made of its digest, once, and return its URI."""
        ...

    def keep_file(self, incident_id: str, *, sha256: str, content: bytes) -> str:
        """Store a file of any kind under its digest, once, and return its URI."""
        ...

    def file(self, uri: str) -> bytes | None:
        """Return a file that was kept, None if nothing lies there."""
        ...
