"""``hikeshi keys``: change the keys that sign links and calls of the webhook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console

from hikeshi.domain.japan_time import JST
from hikeshi.services.links.link_keeping import outstanding, revoke, send_anew
from infra.cli.alerts import HomeDirectory, Stack
from infra.cli.asking import agreed
from infra.cli.failures import FAILURES, told
from infra.keys.office import SECRETS, KeyOffice, open_key_office
from infra.keys.rotating import KeyVersion

app = typer.Typer(add_completion=False, no_args_is_help=True, help="リンクと受信口の鍵の確認と交換")

Answer = TypeVar("Answer")
Kind = Annotated[str, typer.Argument(help="・".join(SECRETS) + " のどちらか", metavar="KIND")]
Yes = Annotated[bool, typer.Option("--yes", help="確認の質問を省略")]


@app.command(
    "list",
    help="有効な鍵と、その開始時刻、鍵ごとのリンクの数を表示します。鍵そのものは表示しません。",
)
def list_keys(*, stack: Stack = None, home: HomeDirectory = None) -> None:
    """Show which keys are good, since when, and how many links hang on each; never the keys."""
    office = _opened(stack, home)
    links = list(_done(lambda: list(outstanding(office.keeping))))
    for kind, rotation in office.rotations.items():
        for version in _done(rotation.live):
            count = sum(grant.kid == version.id for grant in links)
            hanging = f"、使えるリンク {count} 件" if kind == "link" else ""
            which = "現在の鍵" if version.is_current else "以前の鍵"
            _say(f"{kind}: {which} {version.id[:8]}…（{_since(version)}から{hanging}）")


@app.command(help="新しい鍵を作ります。前の鍵は、1日後に drop-old を実行するまで有効です。")
def rotate(kind: Kind, *, stack: Stack = None, home: HomeDirectory = None) -> None:
    """Make a new key; the one before stays good until ``drop-old``, a day later."""
    rotation = _opened(stack, home).rotations[_kind(kind)]
    made = _done(rotation.rotate)
    _say(f"{kind} の鍵を新しくしました（{made.id[:8]}…）。以前の鍵も、外すまでは有効です")
    _say("24 時間後: hikeshi keys drop-old " + kind)


@app.command(
    "drop-old",
    help="前の鍵を無効にします。続いている案件のリンクを持つ方には、新しいリンクを送ります。",
)
def drop_old(kind: Kind, *, stack: Stack = None, home: HomeDirectory = None) -> None:
    """Let the key before open nothing any more; who holds a link of it to an open incident gets a new one."""
    office = _opened(stack, home)
    dropped = _done(office.rotations[_kind(kind)].drop_old)
    _say(f"以前の鍵 {dropped.id[:8]}… を外しました")
    if kind == "link":
        _renew(office, lambda kid: kid == dropped.id)


@app.command(
    "revoke",
    help="緊急用です。鍵を直ちに交換してすべてのリンクを無効にし、続いている案件の新しいリンクを送ります。",
)
def revoke_keys(kind: Kind, *, yes: Yes = False, stack: Stack = None, home: HomeDirectory = None) -> None:
    """In an emergency: a new key at once, every link out there void, new links to open incidents."""
    office = _opened(stack, home)
    rotation = office.rotations[_kind(kind)]
    what = "すべてのリンクが開けなくなります" if kind == "link" else "送り手は鍵を替えるまで送れません"
    if not yes and not agreed(f"{kind} の鍵を取り消します。{what}。よろしいですか"):
        raise typer.Exit(1)
    made = _done(rotation.replace)
    _say(f"鍵を取り消し、新しくしました（{made.id[:8]}…）")
    if kind == "link":
        _renew(office, lambda kid: kid != made.id)


def _renew(office: KeyOffice, gone: Callable[[str], bool]) -> None:
    lost = _done(lambda: revoke(office.keeping, lambda grant: gone(grant.kid)))
    rows = _done(lambda: send_anew(office.keeping, lost))
    _say(f"リンク {len(lost)} 件を無効にしました")
    _say(f"新しいリンクのお知らせ {len(rows)} 通を用意しました（数分後に届きます）")


def _kind(written: str) -> str:
    if written not in SECRETS:
        _fail(f"{written}: link か ingest を指定してください / say link or ingest", code=2)
    return written


def _opened(stack: str | None, home: Path | None) -> KeyOffice:
    return _done(lambda: open_key_office(stack=stack, home=home))


def _done(work: Callable[[], Answer]) -> Answer:
    try:
        return work()
    except FAILURES as error:
        _fail(told(error))


def _since(version: KeyVersion) -> str:
    return f"{version.created_at.astimezone(JST):%Y-%m-%d %H:%M} 日本時間"


def _say(text: str) -> None:
    Console().print(text, markup=False, highlight=False, soft_wrap=True)


def _fail(text: str, *, code: int = 1) -> NoReturn:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
