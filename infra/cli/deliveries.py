"""``hikeshi deliveries``: who was told what, when, by which way, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
from hikeshi.adapters.environment import SystemIds
from hikeshi.domain.errors import ConfigError, NotFoundError
from hikeshi.domain.feedback import JAPAN
from hikeshi.domain.outbox import OutboxRow, WorkflowOrder
from hikeshi.services.deliveries import Delivery, counted, deliveries
from hikeshi.services.wording import Wording
from infra.cli.alerts import WITHHELD, HomeDirectory, Restricted, Stack
from infra.learning.desk import Desk, NoStackError, open_desk, reach

app = typer.Typer(help="who was told what, when, and what became of it")

RECENT = 20
"""Incidents that are looked through when none is named."""


@app.command()
def show(
    *,
    incident: Annotated[
        int | None, typer.Option("--incident", min=1, help="only this incident, by its number")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 50,
    text: Annotated[bool, typer.Option("--text", help="what was sent, too; links are blanked")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line a message")] = False,
    restricted: Restricted = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Show each message with its person, channel, time, state, parts and the provider's id.

    What was sent about a need-to-know incident stays unsaid unless --restricted asks for it.
    """
    try:
        desk = open_desk(stack=stack, home=home)
        roster = desk.configuration().roster
        rows = found_in(*reach(stack, home), incident=incident, limit=limit)
        if not restricted:
            rows = list(without_words(rows, desk))
    except NotFoundError:
        _say(f"案件 #{incident} はありません / no incident #{incident}")
        raise typer.Exit(1) from None
    except (NoStackError, ConfigError, BotoCoreError, ClientError) as error:
        _say(str(error))
        raise typer.Exit(1) from None
    found = deliveries(rows, roster=roster, words=Wording())[:limit]
    if as_json:
        for each in found:
            print(json.dumps(as_record(each), ensure_ascii=False))
        return
    if not found:
        _say("連絡はありません / no messages")
        return
    Console().print(table_of(found, text=text))
    _say("、".join(f"{state} {count} 件" for state, count in counted(found)))


def found_in(
    client: Callable[[str], Any], outputs: Mapping[str, str], *, incident: int | None, limit: int
) -> list[Any]:
    """Return the rows of one incident, or of the latest and of what is about none.

    Raises
    ------
    NotFoundError
        If there is no such incident.
    """
    ids, dynamodb = SystemIds(), client("dynamodb")
    outbox = DynamoDbOutbox(client=dynamodb, table=outputs["OutboxTable"], ids=ids)
    incidents = DynamoDbIncidentRepository(
        client=dynamodb, table=outputs["IncidentsTable"], outbox_table=outputs["OutboxTable"], ids=ids
    )
    if incident is None:
        about = [None, *(each.id for each in incidents.recent(limit=RECENT))]
        return [row for each in about for row in outbox.about(each, limit=limit)]
    for each in incidents.recent(limit=1000):
        if each.number == incident:
            return list(outbox.about(each.id, limit=limit))
    raise NotFoundError("incident", str(incident))


def without_words(rows: Iterable[OutboxRow], desk: Desk) -> Iterator[OutboxRow]:
    """Yield rows without what was said of incidents that few may know of."""
    known: dict[str, bool] = {}
    for row in rows:
        body = row.body
        incident_id = "" if isinstance(body, WorkflowOrder) or not body.incident_number else body.incident_id
        if incident_id not in known:
            known[incident_id] = bool(incident_id) and desk.is_restricted(incident_id)
        yield replace(row, sent_text=WITHHELD) if known[incident_id] and row.sent_text else row


def as_record(delivery: Delivery) -> dict[str, Any]:
    """Return a delivery as the command writes it; there is no address in one."""
    return asdict(delivery) | {"at": delivery.at.astimezone(JAPAN).isoformat()}


def table_of(found: list[Delivery], *, text: bool) -> Table:
    """Return the deliveries as a table for people."""
    table = Table(box=None, pad_edge=False)
    for heading in ("時刻（日本時間）", "案件", "宛先", "経路", "内容", "状態", "通", "送信 ID・理由"):
        table.add_column(heading, overflow="fold")
    if text:
        table.add_column("本文", overflow="fold")
    for each in found:
        cells = [
            f"{each.at.astimezone(JAPAN):%m/%d %H:%M:%S}",
            f"#{each.number}" if each.number else "—",
            each.whom,
            each.channel or "—",
            each.what,
            each.state,
            str(each.parts or "—"),
            each.provider_id or each.bundled_into or each.why or "—",
        ]
        table.add_row(*(Text(cell) for cell in (*cells, *((each.text,) if text else ()))))
    return table


def _say(text: str) -> None:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
