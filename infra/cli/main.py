"""The ``hikeshi`` command; a subcommand is imported only when it is the one that is used.

``hikeshi score`` so loads no AWS client, and a broken tool breaks no other.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from importlib.metadata import version

SUBCOMMANDS = {
    "score": "投稿の採点（AWS 不要）",
    "ingest": "ファイルの投稿をスタックへ送信",
    "alerts": "最近のアラートの一覧（注意も含む）",
    "contacts": "連絡が届くかどうかの確認と、返事のない方の一覧",
    "drill": "本番と同じ仕組みで行う訓練と、その採点",
    "digest": "ある日の朝のまとめを表示",
    "report": "完了報告書を Word・画面・文字で書き出し",
    "changes": "案件から出た変更の一覧、設定への反映、原因の集計",
    "deliveries": "だれに何をいつ送り、どうなったか",
    "incident": "案件の記録すべてを、オフラインで開ける書庫に書き出し",
    "timeline": "案件の経過が書き換えられていないことの確認",
    "feedback": "誤検知と見逃しの記録、月ごとの判定の正しさ",
    "lexicon": "自社の言葉と業種別の言葉の確認",
    "lab": "過去の投稿による、言葉や点数の変更の試算",
    "config": "設定の確認と反映",
    "people": "当番・不在・退職の確認と登録、連絡先の確認",
    "ladder": "だれにいつ連絡が届くかの試算",
    "keys": "リンクと受信口の鍵の確認と交換",
    "links": "リンクの確認と取り消し",
    "local": "この端末で全体を動かす",
    "demo": "1件の投稿から最初のSMSまで、または案件の完了までの実演",
}

ALERT_EDITS = ("posts", "split", "merge")
"""What follows ``hikeshi alerts`` when one alert is meant."""


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    name = given[0] if given else "--help"
    if name in SUBCOMMANDS:
        module = "alerts_edit" if name == "alerts" and given[1:2] and given[1] in ALERT_EDITS else name
        application = import_module(f"infra.cli.{module}").app
        if not given[1:] or "--help" in given:
            from infra.cli.folding import fold_help

            fold_help()
        _end_in_a_sentence(partial(application, args=given[1:], prog_name=f"hikeshi {name}"))
    elif name in {"-h", "--help"}:
        print(_help())
    elif name == "--version":
        print(version("hikeshi"))
    else:
        near = get_close_matches(name, SUBCOMMANDS, n=1)
        meant = f"。もしかして: hikeshi {near[0]}" if near else ""
        told = f"hikeshi: {name} というコマンドはありません{meant} / no command {name!r}"
        print(f"{told}\n\n{_help()}", file=sys.stderr)
        sys.exit(2)


def _end_in_a_sentence(command: Callable[[], None]) -> None:
    """Run a command; what it did not foresee of a stack or of AWS ends it in a sentence all the same."""
    try:
        command()
    except SystemExit:
        raise
    except _failures() as error:
        from infra.cli.failures import told

        print(told(error), file=sys.stderr)
        sys.exit(1)


def _failures() -> tuple[type[Exception], ...]:
    from infra.cli.failures import FAILURES

    return FAILURES


def _help() -> str:
    commands = "\n".join(f"  {name:<10} {summary}" for name, summary in SUBCOMMANDS.items())
    return (
        "火消し：投稿を見守り、動ける人へ知らせ、収束まで支えます。\n\n"
        f"使い方: hikeshi コマンド …\n\n{commands}\n\n"
        "コマンドごとの説明は hikeshi コマンド --help で表示します。"
    )
