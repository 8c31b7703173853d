"""``hikeshi links``: take back links of a person, of an incident, or one alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from hikeshi.domain.links import ALPHABET, TOKEN_LENGTH, LinkGrant, digest_of
from hikeshi.services.links.link_keeping import outstanding, revoke, send_anew
from infra.cli.alerts import HomeDirectory, Stack
from infra.cli.failures import FAILURES, told
from infra.keys.office import KeyOffice, open_key_office

app = typer.Typer(add_completion=False, no_args_is_help=True, help="リンクの確認と取り消し")

_TOKEN = re.compile(rf"(?:^|/)([{ALPHABET}]{{{TOKEN_LENGTH}}})$")


@app.command("list", help="有効なリンクを、人と用途ごとに数えます。リンクそのものは表示しません。")
def list_links(*, stack: Stack = None, home: HomeDirectory = None) -> None:
    """Count the links that still open something, by person and what they open; never the links."""
    office = _opened(stack, home)
    counted = Counter(
        (grant.person_id, grant.purpose, grant.incident_id) for grant in outstanding(office.keeping)
    )
    for (person, purpose, about), count in sorted(counted.items()):
        _say(f"{person}: {purpose} {about} {count} 件")
    if not counted:
        _say("使えるリンクはありません")


@app.command(
    "revoke",
    help="リンクを直ちに取り消します。開いても、無効なリンクの画面になります。条件は組み合わせて絞り込めます。",
)
def revoke_links(
    *,
    link: Annotated[str | None, typer.Option("--link", help="リンクか、その22文字")] = None,
    person: Annotated[str | None, typer.Option("--person", help="roster.yaml の id")] = None,
    incident: Annotated[str | None, typer.Option("--incident", help="案件の id（inc-…）")] = None,
    send_new: Annotated[
        bool, typer.Option("--send-new", help="続いている案件のリンクを失った方へ、新しいリンクを送信")
    ] = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Take links back, at once: they show the page of a link that is none. Options narrow each other."""
    if not (link or person or incident):
        _fail(
            "--link、--person、--incident のどれかを指定してください / name a link, a person or an incident",
            2,
        )
    chosen = _chosen(link, person, incident)
    office = _opened(stack, home)
    try:
        taken = revoke(office.keeping, chosen)
        rows = send_anew(office.keeping, taken) if send_new else ()
    except FAILURES as error:
        _fail(told(error), 1)
    if not taken:
        _fail(
            "当てはまるリンクはなく、何も無効にしていません。hikeshi links list で id を確かめてください"
            " / no link fits: nothing was taken back",
            1,
        )
    _say(f"リンク {len(taken)} 件を無効にしました")
    if send_new:
        _say(f"新しいリンクのお知らせ {len(rows)} 通を用意しました（数分後に届きます）")


def _chosen(link: str | None, person: str | None, incident: str | None) -> Callable[[LinkGrant], bool]:
    digest = None
    if link is not None:
        found = _TOKEN.search(link.strip().rstrip("/"))
        if found is None:
            _fail("--link: リンクの形をしていません / this is not a link of ours", 2)
        digest = digest_of(found[1])

    def chosen(grant: LinkGrant) -> bool:
        return (
            digest in (None, grant.digest)
            and person in (None, grant.person_id)
            and incident in (None, grant.incident_id)
        )

    return chosen


def _opened(stack: str | None, home: Path | None) -> KeyOffice:
    try:
        return open_key_office(stack=stack, home=home)
    except FAILURES as error:
        _fail(told(error), 1)


def _say(text: str) -> None:
    Console().print(text, markup=False, highlight=False, soft_wrap=True)


def _fail(text: str, code: int) -> NoReturn:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
