"""``hikeshi lab``: replay past posts under other words and weights, before they go live."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from hikeshi.domain.errors import ConfigError, InvalidPostError
from hikeshi.runtime import bootstrap
from hikeshi.services.wording import Wording
from infra.cli.failures import told
from infra.cli.score import CONFIG_DIRECTORY
from infra.lab.cases import Case, feedback_cases, labelled_cases, read_cases
from infra.lab.proposing import propose
from infra.lab.remembering import remembering
from infra.lab.replaying import replay
from infra.lab.settings import WEIGHTS, files_in_force, labels_of, with_candidate
from infra.lab.telling import proposal_record, replay_record, tell_proposal, tell_replay

app = typer.Typer(help="replay past posts under other words and weights, before they go live")

OUT = Path("infra/config/lexicon-candidate")

Posts = Annotated[
    list[str] | None,
    typer.Option("--posts", help="JSON lines of past posts, - for standard input; may be given twice"),
]
WithFeedback = Annotated[bool, typer.Option("--feedback", help="take what people said in the stack")]
Months = Annotated[int, typer.Option("--months", min=1, max=36, help="of feedback")]
Config = Annotated[Path, typer.Option("--config", help="configuration that is in force")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object instead of tables")]
Stack = Annotated[str | None, typer.Option("--stack", help="name of a deployed stack")]
HomeDirectory = Annotated[
    Path | None, typer.Option("--home", envvar="HIKESHI_LOCAL_HOME", help="directory of the local stack")
]


@app.callback(invoke_without_command=True)
def lab(
    context: typer.Context,
    *,
    candidate: Annotated[
        Path | None, typer.Option("--candidate", help="directory of .toml files to try")
    ] = None,
    posts: Posts = None,
    feedback: WithFeedback = False,
    months: Months = 12,
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
        cases = gather(posts or [], months=months if feedback else 0, stack=stack, home=home)
        in_force = files_in_force(config)
        reads = remembering(bootstrap.encoders())
        proposed = bootstrap.scorer_with(reads, with_candidate(in_force, candidate))
        compared = replay(cases, current=bootstrap.scorer_with(reads, in_force), candidate=proposed)
    except (ConfigError, InvalidPostError, OSError) as error:
        _stop(told(error))
    if as_json:
        print(json.dumps(replay_record(compared), ensure_ascii=False, indent=1))
    else:
        tell_replay(compared, Console(), Wording())
    if compared.loses:
        raise typer.Exit(1)


@app.command()
def fit(
    *,
    out: Annotated[Path, typer.Option("--out", help="where the candidate is written")] = OUT,
    seed: Annotated[int, typer.Option("--seed", help="of the folds of the measurement")] = 0,
    posts: Posts = None,
    feedback: WithFeedback = False,
    months: Months = 12,
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
            posts or [], months=months if feedback else 0, stack=stack, home=home, or_labelled=False
        )
        in_force = files_in_force(config)
        proposal = propose(cases, in_force, seed=seed)
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
    posts: list[str], *, months: int, stack: str | None, home: Path | None, or_labelled: bool = True
) -> list[Case]:
    """Collect past posts: from files, from the feedback of a stack, or else the labelled set.

    Raises
    ------
    InvalidPostError
        If a line is no post, or there are no posts at all.
    OSError
        If a file cannot be read.
    """
    cases: list[Case] = []
    for name in posts:
        if name == "-":
            cases += read_cases(sys.stdin, name="<stdin>")
        else:
            with Path(name).open(encoding="utf-8") as lines:
                cases += read_cases(lines, name=name)
    if months:
        cases += _from_stack(months, stack, home)
    if not posts and not months and or_labelled:
        cases = labelled_cases()
    if not cases and or_labelled:
        raise InvalidPostError(
            "過去の投稿がありません。--posts か --feedback で指定してください / give --posts or --feedback"
        )
    return cases


def _from_stack(months: int, stack: str | None, home: Path | None) -> list[Case]:
    from botocore.exceptions import BotoCoreError, ClientError

    from infra.cli.feedback import said_in
    from infra.learning.desk import NoStackError, open_desk

    try:
        return list(feedback_cases(said_in(open_desk(stack=stack, home=home), None, count=months)))
    except (NoStackError, BotoCoreError, ClientError) as error:
        _stop(told(error))


def _stop(text: str) -> NoReturn:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(2)
