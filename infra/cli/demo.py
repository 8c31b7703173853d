"""``hikeshi demo``: one post to its first SMS, or to a closed incident."""

from __future__ import annotations

import time
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from infra.local.home import Home, LocalStackError, StackState, default_home

if TYPE_CHECKING:
    from infra.local.people import Received
    from infra.local.play import Played

app = typer.Typer(add_completion=False, help="1件の投稿から最初のSMSまで、または案件の完了までの実演")
JST = ZoneInfo("Asia/Tokyo")


@app.command(
    help="スタックを起動して投稿を1件出し、最初のSMSを待ちます。スタックは動いたままです。\n\n"
    "前回の結果は消去します。続いている案件があれば、先に質問します。",
)
def demo(
    play: Annotated[bool, typer.Option("--play", help="対応する人の操作も自動で行う")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", "--yes", help="前回の続いている案件を、質問なしで消去")
    ] = False,
    home: Annotated[
        Path | None,
        typer.Option("--home", envvar="HIKESHI_LOCAL_HOME", help="ローカルのスタックのフォルダー"),
    ] = None,
) -> None:
    """Start the stack, publish a post, and wait for the first SMS; the stack stays up.

    What an earlier run left is erased; if an incident of it is still open, you are asked first.
    """
    from infra.local.demonstration import Demonstration
    from infra.local.people import PlayError
    from infra.local.stack import UpOptions, up

    console, began = Console(), time.monotonic()
    state: StackState | None = None

    def tell(line: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:5.1f} 秒[/]  {line}", highlight=False)

    place = Home(root=home.resolve()) if home is not None else default_home()
    try:
        state = up(place, UpOptions(), tell=tell)
        demonstration = Demonstration(place, state, tell=tell)
        still_open = () if fresh else demonstration.open_incidents()
        if still_open and not _may_erase(console, still_open, state.inbox_url):
            raise typer.Exit(1)
        sms = demonstration.first_sms()
        tell("最初の SMS が届きました")
        _print_sms(console, sms, demonstration.name_of(sms.person))
        if play:
            demonstration.spread()
            _print_story(console, demonstration.play(), demonstration.first_post_at)
            console.print(f"完了報告  {demonstration.keep_report()}", highlight=False, soft_wrap=True)
    except (LocalStackError, PlayError) as error:
        console.print(f"うまくいきませんでした: {error}", highlight=False, markup=False, soft_wrap=True)
        console.print(f"記録: {place.logs}", highlight=False, soft_wrap=True)
        if state is not None:
            _print_still_up(console, state.inbox_url)
        raise typer.Exit(1) from None
    _print_still_up(console, state.inbox_url)


def _print_still_up(console: Console, inbox_url: str) -> None:
    console.print(f"\n受信箱  {inbox_url}", highlight=False)
    console.print("スタックは動いたままです。止めるときは: make down", highlight=False)


def _may_erase(console: Console, numbers: tuple[int, ...], inbox_url: str) -> bool:
    """Ask whether open incidents may go; without anybody to ask, they stay."""
    named = "、".join(f"#{number}" for number in numbers)
    told = f"対応中の案件 {named} があります。はじめからやり直すと、案件の記録と受信箱がすべて消えます。"
    console.print(told, highlight=False, soft_wrap=True)
    try:
        agreed = typer.confirm("消してはじめますか")
    except typer.Abort:
        agreed = False
        console.print(
            "\n消してよいときは --fresh を付けてください / add --fresh to erase it", highlight=False
        )
    if not agreed:
        console.print(f"何も消していません。受信箱  {inbox_url}", highlight=False, soft_wrap=True)
    return agreed


def _print_sms(console: Console, sms: Received, name: str) -> None:
    at = sms.arrived_at.astimezone(JST).strftime("%H:%M:%S")
    console.print(Panel(sms.text, title=f"{name}さんの携帯電話　{at}（日本時間）", width=72))


def _print_story(console: Console, played: Played, first_post_at: datetime) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("時刻", no_wrap=True)
    table.add_column("投稿から", justify="right", no_wrap=True)
    table.add_column("できごと", overflow="fold")
    story = sorted([(first_post_at, "最初の投稿"), *played.moments], key=itemgetter(0))
    for at, text in story:
        seconds = int((at - first_post_at).total_seconds())
        since = f"{seconds // 60}分{seconds % 60:02}秒"
        table.add_row(at.astimezone(JST).strftime("%H:%M:%S"), since, text)
    console.print()
    console.print(table)
    people = f"{len(played.people)} 人に SMS {played.sms} 通、メール {played.mails} 通"
    console.print(f"\n{people}。連絡の決まりにない方には送っていません", highlight=False)
