"""``hikeshi local``: the whole stack on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from infra.local.home import Home, LocalStackError, default_home

app = typer.Typer(add_completion=False, no_args_is_help=True, help="この端末で全体を動かす")

AsJson = Annotated[bool, typer.Option("--json", help="JSON で出力")]
HomeOption = Annotated[
    Path | None, typer.Option("--home", envvar="HIKESHI_LOCAL_HOME", help="状態を保存するフォルダー")
]


@app.command(help="スタックを起動します。起動済みなら何もしません。")
def up(
    *,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="AWS の代わりのポート（省略すると空きポート）")
    ] = None,
    inbox_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="受信箱のポート（省略すると空きポート）")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="そのまま反映する設定")] = None,
    record_calls: Annotated[bool, typer.Option("--record-calls", help="AWS の呼び出しをすべて記録")] = False,
    home: HomeOption = None,
    as_json: AsJson = False,
) -> None:
    """Start the stack; a second time does nothing."""
    from infra.local.stack import UpOptions
    from infra.local.stack import up as start_stack

    console = Console(stderr=True)
    options = UpOptions(port=port, inbox_port=inbox_port, configuration=config, record_calls=record_calls)
    try:
        with console.status("起動しています") as status:
            start_stack(_home(home), options, tell=lambda line: _tell(console, line))
            status.stop()
    except LocalStackError as error:
        console.print(f"起動できませんでした: {error}", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    status_of(home, as_json=as_json)


@app.command(help="スタックと、それが起動したものを止めます。データは次の起動まで残ります。")
def down(home: HomeOption = None) -> None:
    """Stop the stack and everything it started; its data stays for the next start."""
    from infra.local.stack import down as stop_stack

    Console(stderr=True).print("停止しました" if stop_stack(_home(home)) else "動いていませんでした")


@app.command(help="スタックが動いているかどうかと、その場所を表示します。止まっていると終了コード 1 です。")
def status(home: HomeOption = None, as_json: AsJson = False) -> None:
    """Say whether the stack is up, and where; exit code 1 if it is not."""
    status_of(home, as_json=as_json)


def status_of(home: Path | None, *, as_json: bool) -> None:
    """Print the state of the stack."""
    from infra.local.stack import health

    state = _home(home).remembered()
    parts = health(state) if state is not None else {"healthy": False}
    if as_json:
        shown = {} if state is None else {name: getattr(state, name) for name in _SHOWN}
        print(json.dumps({"up": state is not None, **shown, "health": parts}, ensure_ascii=False, indent=1))
    elif state is None:
        Console().print("動いていません。起動: hikeshi local up")
    else:
        _print_state(state.inbox_url, state.endpoint_url, state.api_url, healthy=parts["healthy"])
    if not parts["healthy"]:
        raise typer.Exit(1)


_SHOWN = (
    "api_url",
    "inbox_url",
    "endpoint_url",
    "link_base_url",
    "region",
    "stack_name",
    "environment",
    "outputs",
    "started_at",
)


def _print_state(inbox_url: str, endpoint_url: str, api_url: str, *, healthy: bool) -> None:
    console = Console()
    console.print(f"受信箱          {inbox_url}", highlight=False)
    console.print(f"AWS の代わり    {endpoint_url}", highlight=False)
    console.print(f"API             {api_url}", highlight=False, soft_wrap=True)
    if not healthy:
        console.print(
            "応答がありません。hikeshi local down のあと、もう一度 up してください", highlight=False
        )


def _tell(console: Console, line: str) -> None:
    console.print(f"  {line}", highlight=False)


def _home(given: Path | None) -> Home:
    return Home(root=given.resolve()) if given is not None else default_home()
