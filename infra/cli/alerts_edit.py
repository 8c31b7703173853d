"""``hikeshi alerts posts|split|merge``: see what an alert counts, and draw its borders by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from hikeshi.domain.alerts import Alert
from hikeshi.domain.errors import ConcurrentChangeError, NotFoundError
from hikeshi.domain.plain_text import plain_line
from hikeshi.services.alerts.regrouping import MOST_SPLIT, merged_by_person, split_by_person
from hikeshi.services.messages.said import said
from hikeshi.services.messages.wording import Wording
from infra.cli.alerts import WITHHELD, HomeDirectory, Restricted, Stack
from infra.cli.failures import FAILURES, told
from infra.learning.desk import Desk, open_desk

TRIES = 5
SHOWN_TEXT = 60

app = typer.Typer(add_completion=False, no_args_is_help=True, help="アラートの中身の確認、分割、統合")

Id = Annotated[str, typer.Argument(help="アラートの id")]
Result = TypeVar("Result")


@app.command(help="アラートの投稿を、キーと、まとめた理由とともに表示します。")
def posts(
    alert: Id, *, restricted: Restricted = False, stack: Stack = None, home: HomeDirectory = None
) -> None:
    """Show the posts of an alert with their keys, and why each was counted there."""

    def shown(desk: Desk) -> list[str]:
        known = desk.alerts.alert(alert)
        if known is None:
            raise NotFoundError("alert", alert)
        words = Wording()
        is_said = restricted or desk.may_print(known)
        return [
            f"{member.post.key}  {plain_line(member.post.text)[:SHOWN_TEXT] if is_said else WITHHELD}"
            f"（{said(member.why_grouped, words)}）"
            for member in desk.alerts.posts(alert, limit=MOST_SPLIT)
        ]

    for line in _at_desk(shown, stack=stack, home=home):
        print(line)


@app.command(help="投稿（同じ文面のものも）を、別のアラートに分けます。分けた後は、自動では動きません。")
def split(
    alert: Id,
    keys: Annotated[list[str], typer.Argument(metavar="POST_KEY…", help="投稿のキー（posts で表示）")],
    *,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Take posts (and all of the same text) out of an alert into one of their own; both stay as they are."""

    def halves(desk: Desk) -> tuple[Alert, Alert]:
        configuration = desk.configuration()
        known = desk.alerts.alert(alert)
        brand = configuration.watches.brands.get(known.brand) if known else None
        if brand is None:
            raise NotFoundError("alert", alert)
        return split_by_person(
            alert, keys, desk.alerts, brand=brand, table=configuration.levels, at=desk.clock.now()
        )

    left, taken = _at_desk(halves, stack=stack, home=home)
    print(f"分けました。この先、自動ではまとめません\n  残り  {_told(left)}\n  新規  {_told(taken)}")


@app.command(help="2つのアラートを1つにまとめます。後者の投稿を前者に移します。")
def merge(into: Id, other: Id, *, stack: Stack = None, home: HomeDirectory = None) -> None:
    """Make one alert of two: the second one's posts go to the first, and stay there."""
    together = _at_desk(lambda desk: merged_by_person((into, other), desk.alerts), stack=stack, home=home)
    print(f"まとめました。この先、自動では変えません\n  {_told(together)}")


def _told(alert: Alert) -> str:
    words = Wording()
    level, category = words.text(f"level.{alert.level}"), words.text(f"category.{alert.category}")
    return (
        f"{alert.id}  {level} {category}  投稿{alert.posts}件、転載{alert.reposts}件、投稿者{alert.authors}人"
    )


def _at_desk(work: Callable[[Desk], Result], *, stack: str | None, home: Path | None) -> Result:
    """Do the work; whoever counts a post in the meantime goes first, and it is tried again."""
    console = Console(stderr=True)
    try:
        desk = open_desk(stack=stack, home=home)
        for _ in range(TRIES - 1):
            try:
                return work(desk)
            except ConcurrentChangeError:
                continue
        return work(desk)
    except FAILURES as error:
        console.print(f"できませんでした: {told(error)}", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
