"""``hikeshi deliveries``: who was told what, when, by which way, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hikeshi.adapters.dynamodb_drills import DynamoDbDrills
from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.adapters.dynamodb_outbox import DynamoDbOutbox
from hikeshi.adapters.environment import SystemIds
from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.feedback import JAPAN
from hikeshi.domain.outbox import OutboxRow, WorkflowOrder
from hikeshi.services.messages.deliveries import Delivery, counted, deliveries
from hikeshi.services.messages.numbering import number_of
from hikeshi.services.messages.wording import Wording
from infra.cli import tables
from infra.cli.alerts import WITHHELD, HomeDirectory, Restricted, Stack
from infra.cli.failures import FAILURES, told
from infra.learning.desk import Desk, open_desk, reach

app = typer.Typer(add_completion=False, help="だれに何をいつ送り、どうなったか")

RECENT = 20
"""Incidents that are looked through when none is named."""
RECENT_DRILLS = 3
"""Drills whose incidents are looked through as well."""


@app.command(
    help="連絡ごとに、相手、手段、時刻、状態、通数、事業者の id を表示します。\n\n"
    "訓練の連絡には「訓練」と付きます。--incident は本番の案件の番号です。関係者限りの案件の文面は、"
    "--restricted を付けたときだけ表示します。",
)
def show(
    *,
    incident: Annotated[int | None, typer.Option("--incident", min=1, help="この番号の案件だけ")] = None,
    drill: Annotated[
        str | None, typer.Option("--drill", metavar="DRILL", help="この訓練だけ（drill score に出る名前）")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="表示する件数")] = 50,
    text: Annotated[bool, typer.Option("--text", help="送った文面も表示（リンクは伏せる）")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="連絡ごとに1行の JSON")] = False,
    restricted: Restricted = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Show each message with its person, channel, time, state, parts and the provider's id.

    Those of drills are marked 訓練; --incident means a real one, as each drill numbers its own.
    What was sent about a need-to-know incident stays unsaid unless --restricted asks for it.
    """
    try:
        desk = open_desk(stack=stack, home=home)
        roster = desk.configuration().roster
        rows = found_in(*reach(stack, home), incident=incident, drill=drill, limit=limit)
        if not restricted:
            rows = list(without_words(rows, desk))
    except FAILURES as error:
        _say(told(error))
        raise typer.Exit(1) from None
    found = deliveries(rows, roster=roster, words=Wording())[:limit]
    if as_json:
        for each in found:
            print(json.dumps(as_record(each), ensure_ascii=False))
        return
    if not found:
        _say("連絡はありません / no messages")
        return
    tables.show(table_of(found, text=text), Console())
    _say("、".join(f"{state} {count} 件" for state, count in counted(found)))


def found_in(
    client: Callable[[str], Any],
    outputs: Mapping[str, str],
    *,
    incident: int | None,
    drill: str | None,
    limit: int,
) -> list[OutboxRow]:
    """Return the rows of one incident or one drill, or of the latest ones and of what is about none.

    Raises
    ------
    NotFoundError
        If there is no such incident or drill.
    """
    ids, dynamodb = SystemIds(), client("dynamodb")
    outbox = DynamoDbOutbox(client=dynamodb, table=outputs["OutboxTable"], ids=ids)
    incidents = DynamoDbIncidentRepository(
        client=dynamodb, table=outputs["IncidentsTable"], outbox_table=outputs["OutboxTable"], ids=ids
    )
    drills = DynamoDbDrills(client=dynamodb, table=outputs["UpkeepTable"])
    if drill is not None:
        if drills.drill(drill) is None:
            raise NotFoundError("drill", drill)
        rows = _about([None, *(each.id for each in incidents.of_drill(drill))], outbox, limit=limit)
        return [row for row in rows if not isinstance(row.body, WorkflowOrder) and row.body.drill == drill]
    if incident is None:
        known = [each.id for each in incidents.recent(limit=RECENT)]
        known += [
            each.id for played in drills.recent(limit=RECENT_DRILLS) for each in incidents.of_drill(played.id)
        ]
        return list(_about([None, *known], outbox, limit=limit))
    for each in incidents.recent(limit=1000):
        if each.number == incident:
            return list(outbox.about(each.id, limit=limit))
    raise NotFoundError("incident", f"#{incident}")


def _about(ids: Iterable[str | None], outbox: DynamoDbOutbox, *, limit: int) -> Iterator[OutboxRow]:
    return (row for each in ids for row in outbox.about(each, limit=limit))


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
            _incident(each),
            each.whom,
            each.channel or "—",
            each.what,
            each.state,
            str(each.parts or "—"),
            each.provider_id or each.bundled_into or each.why or "—",
        ]
        table.add_row(*(Text(cell) for cell in (*cells, *((each.text,) if text else ()))))
    return table


def _incident(delivery: Delivery) -> str:
    if not delivery.number:
        return "訓練" if delivery.drill else "—"
    return f"#{number_of(delivery.number, drill=delivery.drill, words=Wording())}"


def _say(text: str) -> None:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
