"""Reaches the keys and the links of a stack, with the rights of whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hikeshi.services.links.link_keeping import LinkKeeping
from infra.keys.rotating import KeyRotation

SECRETS = {"link": "LinkKeysSecret", "ingest": "IngestKeysSecret"}
"""Kinds of keys, and the outputs of the stack that name them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyOffice:
    """A stack as far as it is about keys and links."""

    rotations: dict[str, KeyRotation]
    keeping: LinkKeeping


def open_key_office(*, stack: str | None, home: Path | None) -> KeyOffice:
    """Return the office of a deployed stack, or of the one on this machine.

    Raises
    ------
    NoStackError
        If there is no such stack.
    """
    from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
    from hikeshi.adapters.dynamodb_links import DynamoDbLinkStore
    from hikeshi.adapters.environment import SystemClock, SystemIds
    from infra.learning.desk import reach
    from infra.people.office import open_office

    client, outputs = reach(stack, home)
    office = open_office(stack=stack, home=home)
    clock, ids, dynamodb = SystemClock(), SystemIds(), client("dynamodb")
    keeping = LinkKeeping(
        register=DynamoDbLinkStore(client=dynamodb, table=outputs["LinksTable"]),
        incidents=DynamoDbIncidentRepository(
            client=dynamodb, table=outputs["IncidentsTable"], outbox_table=outputs["OutboxTable"], ids=ids
        ),
        outbox=office.outbox,
        roster=office.roster,
        clock=clock,
        ids=ids,
    )
    rotations = {
        kind: KeyRotation(client=client("secretsmanager"), secret_id=outputs[output], clock=clock)
        for kind, output in SECRETS.items()
    }
    return KeyOffice(rotations=rotations, keeping=keeping)
