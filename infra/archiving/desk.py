"""Reaches an incident with all that belongs to it, and writes it into an archive."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.attaching import names_are_hidden
from hikeshi.domain.circles import may_know
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import ArchiveError
from hikeshi.domain.incidents import Room
from hikeshi.ports.environment import Clock
from hikeshi.ports.responding import IncidentRepository
from hikeshi.ports.scoring import AlertStore
from hikeshi.services.incidents.incident_archive import (
    Archived,
    ArchiveFile,
    Record,
    archive_files,
    manifest_of,
)
from hikeshi.services.messages.wording import Wording
from infra.learning.desk import reach
from infra.reporting.desk import ReportDesk

MOST_POSTS = 1_000
MOST_BYTES = 1_500_000_000
"""What an archive may hold when it is read back."""

Fetch = Callable[[str], bytes | None]
"""Returns what lies under an address, None if nothing does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveDesk:
    """A stack as whoever archives its incidents uses it."""

    incidents: IncidentRepository
    alerts: AlertStore
    configuration: Callable[[], Configuration]
    fetch: Fetch
    clock: Clock

    def room(self, named: str) -> Room:
        """Return an incident by its number or its id.

        Raises
        ------
        NotFoundError
            If there is none.
        """
        return ReportDesk(incidents=self.incidents, configuration=self.configuration).room(named)


def open_archive_desk(*, stack: str | None, home: Path | None) -> ArchiveDesk:
    """Return the desk of a deployed stack, or of the one on this machine.

    Raises
    ------
    NoStackError
        If there is no such stack.
    """
    from hikeshi.adapters.dynamodb_alerts import DynamoDbAlertStore
    from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
    from hikeshi.adapters.environment import SystemClock, SystemIds
    from hikeshi.adapters.s3_configuration import S3ConfigurationSource

    client, outputs = reach(stack, home)
    clock, ids, dynamodb, s3 = SystemClock(), SystemIds(), client("dynamodb"), client("s3")
    return ArchiveDesk(
        incidents=DynamoDbIncidentRepository(
            client=dynamodb, table=outputs["IncidentsTable"], outbox_table=outputs["OutboxTable"], ids=ids
        ),
        alerts=DynamoDbAlertStore(client=dynamodb, table=outputs["AlertsTable"], ids=ids),
        configuration=S3ConfigurationSource(client=s3, bucket=outputs["ConfigBucket"], clock=clock).current,
        fetch=lambda uri: fetched(s3, uri),
        clock=clock,
    )


def fetched(client: Any, uri: str) -> bytes | None:
    """Return the object under an ``s3://`` address."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    try:
        return bytes(client.get_object(Bucket=bucket, Key=key)["Body"].read())
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            return None
        raise


def write_archive(desk: ArchiveDesk, named: str, to: Path, *, reader: str | None = None) -> Archived:
    """Write an incident into a ZIP file; the same incident gives the same files.

    Raises
    ------
    ArchiveError
        ``restricted`` if it is kept among few and the reader is not one of them.
    """
    room = desk.room(named)
    configuration = desk.configuration()
    circle = room.incident.circle
    person = configuration.roster.people.get(reader or "")
    if circle is not None and (person is None or not may_know(circle, person)):
        raise ArchiveError("restricted", str(room.incident.number))
    kept = [post for alert in room.incident.alerts for post in desk.alerts.posts(alert, limit=MOST_POSTS)]
    held = list(_records(room, kept, desk.fetch))
    archived = Archived(
        room=room,
        timeline=desk.incidents.timeline(room.incident.id),
        posts=[each.post for each in kept],
        records=[record for record, _ in held],
        roster=configuration.roster,
        words=Wording(),
        at=desk.clock.now(),
    )
    files = [*archive_files(archived), *(file for _, file in held if file is not None)]
    _write(to, [*files, manifest_of(archived, files)])
    return archived


def read_archive(path: Path) -> dict[str, bytes]:
    """Return the files of an archive.

    Raises
    ------
    ArchiveError
        If it is none, or is larger than any archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
                raise ArchiveError("too_large", path.name)
            return {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (OSError, zipfile.BadZipFile) as error:
        raise ArchiveError("no_archive", path.name) from error


def _records(
    room: Room, kept: Sequence[AlertedPost], fetch: Fetch
) -> Iterator[tuple[Record, ArchiveFile | None]]:
    """Yield each record once, with its file if it may be handed on and is what was kept."""
    withheld = names_are_hidden(room)
    posts = [(each.evidence.uri, each.evidence.sha256, each.evidence.captured_at) for each in kept]
    named = [_Named(uri=uri, sha256=sha256, at=at) for uri, sha256, at in posts] + list(_named_by(room))
    once: dict[str, _Named] = {}
    for each in named:
        once.setdefault(each.uri, each)
    for each in once.values():
        content = None if withheld else fetch(each.uri)
        record = Record(
            name=f"evidence/{each.sha256}.{each.ending}",
            uri=each.uri,
            sha256=each.sha256,
            kept_at=each.at,
            state="withheld" if withheld else _state(content, each.sha256),
            located=each.located,
        )
        yield record, ArchiveFile(name=record.name, content=content) if content is not None else None


def states_of(room: Room, fetch: Fetch) -> dict[str, str]:
    """Say of every record that a room names, by its digest, whether it is there as it was kept."""
    return {each.sha256: _state(fetch(each.uri), each.sha256) for each in _named_by(room)}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Named:
    """A record by its address; ``ending`` is that of its file in the archive."""

    uri: str
    sha256: str
    at: datetime
    ending: str = "json"
    located: bool = False


def _named_by(room: Room) -> Iterator[_Named]:
    """Yield the records that a room names: words of records, what was taken down, and files."""
    proofs = [proof for fact in room.facts for proof in fact.proofs]
    proofs += [takedown.evidence for takedown in room.takedowns]
    proofs += [post.evidence for post in room.own_posts]
    yield from (_Named(uri=each.uri, sha256=each.sha256, at=each.kept_at) for each in proofs)
    for file in room.files:
        yield _Named(
            uri=file.uri, sha256=file.sha256, at=file.kept_at, ending=file.kind.value, located=file.located
        )


def _state(content: bytes | None, sha256: str) -> str:
    if content is None:
        return "missing"
    return "included" if hashlib.sha256(content).hexdigest() == sha256 else "changed"


def _write(to: Path, files: Sequence[ArchiveFile]) -> None:
    epoch = datetime(1980, 1, 1).timetuple()[:6]  # noqa: DTZ001  # the ZIP format has no zones, and no time here
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, date_time=epoch)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.content)
