"""``hikeshi alerts``: the latest alerts of a stack, the notices that page nobody among them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hikeshi.domain.alerts import Alert
from hikeshi.domain.errors import ConfigError
from hikeshi.domain.feedback import JAPAN
from hikeshi.domain.plain_text import plain_line
from hikeshi.services.messages.wording import Wording
from infra.cli.failures import FAILURES, told
from infra.cli.tables import show
from infra.learning.desk import Desk, open_desk

app = typer.Typer(add_completion=False, help="最近のアラートの一覧")

SHOWN_QUOTE = 48
WITHHELD = "（関係者限り）"
"""What stands in place of the words of an incident that few may know of."""

_SINCE = re.compile(r"([1-9][0-9]{0,3})([hd])")

Stack = Annotated[str | None, typer.Option("--stack", help="展開したスタックの名前")]
HomeDirectory = Annotated[
    Path | None, typer.Option("--home", envvar="HIKESHI_LOCAL_HOME", help="ローカルのスタックのフォルダー")
]

Restricted = Annotated[
    bool,
    typer.Option("--restricted", help="関係者限りの案件の文面も表示"),
]


@app.command(
    help="アラートのレベル、種類、件数、投稿の引用を、新しい順に表示します。\n\n関係者限りの案件の内容は、"
    "--restricted を付けたときだけ表示します。",
)
def alerts(
    *,
    brand: Annotated[str | None, typer.Option("--brand", help="このブランドだけ")] = None,
    since: Annotated[str, typer.Option("--since", help="さかのぼる時間（24h、7d など）")] = "24h",
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="表示する件数")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="アラートごとに1行の JSON")] = False,
    restricted: Restricted = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Show level, category, counts and quote of each alert, the latest first.

    What a need-to-know incident is about stays unsaid unless --restricted asks for it.
    """
    console = Console(stderr=True)
    period = _period(since)
    if period is None:
        _say(console, f"--since {since}: 24h や 7d のように書いてください / write it as 24h or 7d")
        raise typer.Exit(2)
    try:
        desk = open_desk(stack=stack, home=home)
        found = latest(desk, brand=brand, period=period, limit=limit)
        if not restricted:
            found = [alert if desk.may_print(alert) else _unsaid(alert) for alert in found]
    except FAILURES as error:
        _say(console, told(error))
        raise typer.Exit(1) from None
    if as_json:
        for alert in found:
            print(json.dumps(as_record(alert), ensure_ascii=False))
        return
    if not found:
        _say(console, f"{since} 以内のアラートはありません")
        return
    show(table_of(found, Wording()), Console())


def latest(desk: Desk, *, brand: str | None, period: timedelta, limit: int) -> list[Alert]:
    """Return the latest alerts of a brand, or of all.

    Raises
    ------
    ConfigError
        If the stack watches no such brand.
    """
    brands = sorted(desk.configuration().watches.brands)
    if brand is not None and brand not in brands:
        raise ConfigError(f"ブランド {brand} はありません（{', '.join(brands)}） / no such brand")
    since = desk.clock.now() - period
    found = [a for each in ([brand] if brand else brands) for a in desk.alerts.recent(each, since=since)]
    return sorted(found, key=lambda alert: alert.last_post_at, reverse=True)[:limit]


def _unsaid(alert: Alert) -> Alert:
    return replace(alert, quote=WITHHELD)


def as_record(alert: Alert) -> dict[str, Any]:
    """Return an alert as the command writes it: the quote, never an author."""
    return {
        "id": alert.id,
        "brand": alert.brand,
        "level": alert.level.value,
        "category": alert.category.value,
        "score": alert.score,
        "posts": alert.posts,
        "reposts": alert.reposts,
        "authors": alert.authors,
        "last_post_at": alert.last_post_at.astimezone(JAPAN).isoformat(),
        "incident_id": alert.incident_id,
        "quote": alert.quote,
    }


def table_of(alerts: list[Alert], words: Wording) -> Table:
    """Return the alerts as a table for people."""
    table = Table(box=None, pad_edge=False)
    for heading in ("最新の投稿（日本時間）", "レベル", "分類", "件数", "投稿", "ID"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "ID")
    for alert in alerts:
        quote = plain_line(alert.quote)
        table.add_row(
            f"{alert.last_post_at.astimezone(JAPAN):%m/%d %H:%M}",
            words.text(f"level.{alert.level}"),
            words.text(f"category.{alert.category}"),
            f"{alert.posts}+{alert.reposts}",
            Text(quote if len(quote) <= SHOWN_QUOTE else quote[: SHOWN_QUOTE - 1] + "…"),
            alert.id,
        )
    return table


def _period(written: str) -> timedelta | None:
    found = _SINCE.fullmatch(written)
    if found is None:
        return None
    count = int(found[1])
    return timedelta(hours=count) if found[2] == "h" else timedelta(days=count)


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
