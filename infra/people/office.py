"""Reaches the directory and the outbox of a stack, with the rights of whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hikeshi.domain.configuration import Configuration
from hikeshi.domain.people import Person, Roster
from hikeshi.ports.directory import Directory
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import Outbox
from hikeshi.services.people.contacts import verification_rows
from hikeshi.services.people.directory import Records, effective


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """A stack as far as it is about people; ``published`` is its configuration as it was pushed."""

    published: Configuration
    directory: Directory
    outbox: Outbox
    clock: Clock
    ids: Ids

    @property
    def roster(self) -> Roster:
        """The roster as it holds now."""
        return effective(self.published, self.directory.standings(), at=self.clock.now()).roster

    def records(self, *, by: str) -> Records:
        """Return what a change works with."""
        return Records(directory=self.directory, roster=self.roster, clock=self.clock, ids=self.ids, by=by)

    def ask_to_confirm(self, people: Iterable[Person], *, again: bool = False) -> int:
        """Queue a message to every address of theirs that is not confirmed; returns how many are new.

        An address is asked once, unless it is to be asked ``again``.
        """
        rows = verification_rows(people, ids=self.ids, at=self.clock.now(), again=again)
        new = [row for row in rows if self.outbox.row(row.id) is None]
        self.outbox.add(new)
        return len(new)


def open_office(*, stack: str | None, home: Path | None) -> Office:
    """Return the office of a deployed stack, or of the one on this machine.

    Raises
    ------
    NoStackError
        If there is no such stack.
    """
    from hikeshi.adapters.environment import SystemClock, SystemIds
    from hikeshi.adapters.s3_configuration import S3ConfigurationSource
    from infra.learning.desk import reach

    client, outputs = reach(stack, home)
    clock = SystemClock()
    source = S3ConfigurationSource(client=client("s3"), bucket=outputs["ConfigBucket"], clock=clock)
    return office_of(source.current(), client=client, outputs=outputs, clock=clock, ids=SystemIds())


def office_of(
    published: Configuration,
    *,
    client: Callable[..., Any],
    outputs: Mapping[str, str],
    clock: Clock,
    ids: Ids,
) -> Office:
    """Return the office of a stack whose outputs are known."""
    from hikeshi.adapters.dynamodb_directory import DynamoDbDirectory
    from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox

    dynamodb = client("dynamodb")
    return Office(
        published=published,
        directory=DynamoDbDirectory(client=dynamodb, table=outputs["DirectoryTable"]),
        outbox=DynamoDbOutbox(client=dynamodb, table=outputs["OutboxTable"], ids=ids),
        clock=clock,
        ids=ids,
    )
