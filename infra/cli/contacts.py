"""``hikeshi contacts``: start a contact test now, and see who has not pressed yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from hikeshi.domain.contact_tests import Asked, ContactTest
from hikeshi.domain.japan_time import JST
from hikeshi.domain.people import Channel, Roster
from hikeshi.services.people.contact_test import ContactTesting, start_by_hand
from infra.cli.alerts import HomeDirectory, Stack
from infra.cli.asking import agreed
from infra.cli.failures import FAILURES, told
from infra.upkeep.desk import open_contact_testing

app = typer.Typer(add_completion=False, no_args_is_help=True, help="連絡が届くかどうかの確認")

Answer = TypeVar("Answer")
_NAMES = {Channel.SMS: "SMS", Channel.MAIL: "メール"}


@app.command(
    "test",
    help="全員のすべての連絡手段へ、到達確認をいま送ります。届いた方はボタンを1つ押すだけです。",
)
def start_test(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="確認の質問を省略")] = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Send everybody a message on each channel now; whoever gets it presses one button."""
    testing = _asked(lambda: open_contact_testing(stack=stack, home=home))
    people = [p for p in testing.configuration.roster.people.values() if p.active]
    if not yes and not agreed(f"{len(people)} 人に到達確認を送ります。よろしいですか"):
        raise typer.Exit(1)
    test = _asked(lambda: start_by_hand(testing))
    print(f"{len(people)} 人に {len(test.asked)} 件の到達確認を送ります（{test.id}）")
    for asked in test.refused:
        name = _name(asked, testing.configuration.roster)
        print(f"{name}さんの{_NAMES[asked.channel]}は受信を断る設定のため、送りません")


@app.command(help="最新の到達確認で、だれが押したかを表示します。押していない方がいると終了コード 1 です。")
def report(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="連絡手段ごとに1行の JSON")] = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Show who pressed in the latest test. Exit code 1 if anybody did not."""
    testing = _asked(lambda: open_contact_testing(stack=stack, home=home))
    test = _asked(testing.tests.latest)
    if test is None:
        _fail("到達確認はまだ行われていません。hikeshi contacts test で始められます / no contact test yet")
    pressed = _asked(lambda: testing.tests.pressed(test.id))
    if as_json:
        for asked in (*test.asked, *test.refused):
            print(json.dumps(record_of(asked, test, pressed), ensure_ascii=False))
    else:
        _show(test, pressed, testing)
    if test.silent(pressed.keys()):
        raise typer.Exit(1)


def record_of(asked: Asked, test: ContactTest, pressed: Mapping[Asked, datetime]) -> dict[str, object]:
    """Return one line as the command writes it."""
    at = pressed.get(asked)
    return {
        "test": test.id,
        "person": asked.person_id,
        "channel": asked.channel.value,
        "asked": asked in test.asked,
        "pressed_at": at.astimezone(JST).isoformat() if at else None,
    }


def _show(test: ContactTest, pressed: Mapping[Asked, datetime], testing: ContactTesting) -> None:
    roster = testing.configuration.roster
    table = Table(box=None, pad_edge=False)
    for heading in ("名前", "連絡先", "返事（日本時間）"):
        table.add_column(heading)
    for asked in (*test.asked, *test.refused):
        at = pressed.get(asked)
        answer = f"{at.astimezone(JST):%m/%d %H:%M}" if at else "まだ"
        told = answer if asked in test.asked else "受信を断る設定"
        table.add_row(_name(asked, roster), _NAMES[asked.channel], told)
    Console().print(table)
    silent = test.silent(pressed.keys())
    people = len({asked.person_id for asked in silent})
    started = f"{test.started_at.astimezone(JST):%m/%d %H:%M}"
    print(f"{started} の到達確認：" + (f"返事がない方 {people} 人" if silent else "全員から返事がありました"))


def _name(asked: Asked, roster: Roster) -> str:
    person = roster.people.get(asked.person_id)
    return person.name if person else asked.person_id


def _asked(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except FAILURES as error:
        _fail(told(error))


def _fail(text: str) -> NoReturn:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)
