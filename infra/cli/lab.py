"""``hikeshi lab``: replay past posts under other words and weights, before they go live."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from hikeshi.domain.configuration import LexiconFile
from hikeshi.domain.errors import ConfigError, InvalidPostError
from hikeshi.services.messages.wording import Wording
from infra.cli.bad_lines import say, why_not_opened
from infra.cli.failures import told
from infra.cli.post_files import Encoding, opened
from infra.cli.score import CONFIG_DIRECTORY
from infra.ingesting.lines import lines_of
from infra.lab.cases import Case, feedback_cases, labelled_cases, read_cases
from infra.lab.proposing import propose
from infra.lab.remembering import one_reading
from infra.lab.replaying import replay
from infra.lab.settings import WEIGHTS, files_in_force, labels_of, with_candidate
from infra.lab.telling import proposal_record, replay_record, tell_proposal, tell_replay
from infra.progress import Shown, shown_on

app = typer.Typer(add_completion=False, help="過去の投稿による、言葉や点数の変更の試算")

OUT = Path("infra/config/lexicon-candidate")

Posts = Annotated[
    list[str] | None,
    typer.Option("--posts", help="過去の投稿の JSON（1行に1件、- は標準入力、複数可）"),
]
WithFeedback = Annotated[bool, typer.Option("--feedback", help="スタックに記録された誤検知と見逃しも使用")]
Months = Annotated[int, typer.Option("--months", min=1, max=36, help="使用する記録の月数")]
Config = Annotated[Path, typer.Option("--config", help="いま使っている設定のフォルダー")]
AsJson = Annotated[bool, typer.Option("--json", help="表の代わりに1つの JSON")]
Stack = Annotated[str | None, typer.Option("--stack", help="展開したスタックの名前")]
HomeDirectory = Annotated[
    Path | None, typer.Option("--home", envvar="HIKESHI_LOCAL_HOME", help="ローカルのスタックのフォルダー")
]


@app.callback(
    invoke_without_command=True,
    help="候補の言葉や点数で、過去の投稿の結果がどう変わるかを表示します（検知、見逃し、誤検知、時間）。\n\n"
    "投稿も記録も指定しなければ、付属の判定例を使います。いま見つかるものを見逃すと終了コード 1 です。",
)
def lab(
    context: typer.Context,
    *,
    candidate: Annotated[Path | None, typer.Option("--candidate", help="試す .toml のフォルダー")] = None,
    posts: Posts = None,
    feedback: WithFeedback = False,
    months: Months = 12,
    encoding: Encoding = "utf-8",
    config: Config = CONFIG_DIRECTORY,
    as_json: AsJson = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Show what a candidate would change on past posts: found, lost, false alarms, minutes.

    Without posts or feedback it takes the labelled set. Exit code 1 if a case that is found now is lost.
    """
    if context.invoked_subcommand is not None:
        return
    if candidate is None:
        _stop("--candidate でフォルダーを指定してください（hikeshi lab fit で作れます） / give --candidate")
    try:
        cases = gather(
            posts or [], encoding=encoding, months=months if feedback else 0, stack=stack, home=home
        )
        shown = _begun(f"設定を確かめ、過去の投稿 {len(cases):,} 件を、いまの言葉と候補の言葉で採点します")
        in_force, scorer_of = _in_force(config), one_reading()
        proposed = scorer_of(with_candidate(in_force, candidate))
        compared = replay(cases, current=scorer_of(in_force), candidate=proposed, shown=shown)
    except (ConfigError, InvalidPostError, OSError) as error:
        _stop(told(error))
    if as_json:
        print(json.dumps(replay_record(compared), ensure_ascii=False, indent=1))
    else:
        tell_replay(compared, Console(), Wording())
    if compared.loses:
        raise typer.Exit(1)


@app.command(
    help="規則の点数を学習し、候補として書き出します。書き出しただけでは使われません。\n\n付属の判定例と、"
    "指定された記録、レベルの書かれた投稿から学びます。",
)
def fit(
    *,
    out: Annotated[Path, typer.Option("--out", help="候補を書き出すフォルダー")] = OUT,
    seed: Annotated[int, typer.Option("--seed", help="測定の分け方の種（乱数）")] = 0,
    posts: Posts = None,
    feedback: WithFeedback = False,
    months: Months = 12,
    encoding: Encoding = "utf-8",
    config: Config = CONFIG_DIRECTORY,
    as_json: AsJson = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Learn other points for the rules and write them as a candidate; nothing goes live by it.

    Learns from the labelled set, and from feedback and posts with a level where they are given.
    """
    try:
        cases = labelled_cases() + gather(
            posts or [],
            encoding=encoding,
            months=months if feedback else 0,
            stack=stack,
            home=home,
            or_labelled=False,
        )
        shown = _begun(f"設定を確かめ、過去の投稿 {len(cases):,} 件を採点して、規則の点数を学びます")
        in_force = _in_force(config)
        proposal = propose(cases, in_force, seed=seed, shown=shown)
        out.mkdir(parents=True, exist_ok=True)
        (out / WEIGHTS).write_text(proposal.text, "utf-8")
    except (ConfigError, InvalidPostError, OSError) as error:
        _stop(told(error))
    if as_json:
        print(json.dumps(proposal_record(proposal), ensure_ascii=False, indent=1))
        return
    console = Console()
    tell_proposal(proposal, labels_of(in_force), console, Wording())
    console.print(
        f"候補を書きました: {out / WEIGHTS}（まだ使われていません。"
        f"hikeshi lab --candidate {out} で確かめられます）",
        highlight=False,
        soft_wrap=True,
    )


def gather(
    posts: list[str],
    *,
    encoding: str,
    months: int,
    stack: str | None,
    home: Path | None,
    or_labelled: bool = True,
) -> list[Case]:
    """Collect past posts: from files, from the feedback of a stack, or else the labelled set.

    Raises
    ------
    InvalidPostError
        If a line is no post, or there are no posts at all.
    OSError
        If a file cannot be read.
    """
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        _stop(why_not_opened(error))
    cases: list[Case] = []
    for name in posts:
        with opened(name, encoding) as stream:
            cases += read_cases(lines_of(stream), name="<stdin>" if name == "-" else name)
    if months:
        cases += _from_stack(months, stack, home)
    if not posts and not months and or_labelled:
        cases = labelled_cases()
    if not cases and or_labelled:
        raise InvalidPostError(
            "過去の投稿がありません。--posts か --feedback で指定してください / give --posts or --feedback"
        )
    return cases


def _in_force(config: Path) -> tuple[LexiconFile, ...]:
    with Console(stderr=True).status("設定を確かめています"):
        return files_in_force(config)


def _begun(doing: str) -> Shown:
    """Say at once what begins, since it takes a while; returns what shows how far it is."""
    console = Console(stderr=True)
    say(console, doing)
    return shown_on(console)


def _from_stack(months: int, stack: str | None, home: Path | None) -> list[Case]:
    from botocore.exceptions import BotoCoreError, ClientError

    from infra.cli.feedback import said_in
    from infra.learning.desk import NoStackError, open_desk

    try:
        return list(feedback_cases(said_in(open_desk(stack=stack, home=home), None, count=months)))
    except (NoStackError, BotoCoreError, ClientError) as error:
        _stop(told(error))


def _stop(text: str) -> NoReturn:
    say(Console(stderr=True), text)
    raise typer.Exit(2)
