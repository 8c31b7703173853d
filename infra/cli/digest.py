"""``hikeshi digest``: the morning mail of any day, on the screen."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from hikeshi.domain.actions import Role
from hikeshi.domain.digest import Digest
from hikeshi.domain.japan_time import JST
from hikeshi.domain.people import Roster
from hikeshi.services.digest.digest import digest_at
from hikeshi.services.digest.digest_mail import BRIEF, FULL, digest_message
from hikeshi.services.messages.compose import ComposedText, compose
from hikeshi.services.messages.wording import LANGUAGES, Wording
from infra.cli.alerts import HomeDirectory, Stack
from infra.cli.failures import FAILURES, told
from infra.upkeep.desk import open_digesting

app = typer.Typer(add_completion=False, help="ある日の朝のまとめを表示")

HALF_PAST_EIGHT = time(8, 30)


class Reader(StrEnum):
    """Who reads it."""

    DESK = "desk"
    EXECUTIVE = "executive"


@app.command(
    help="ある日の8時30分まで、または現在までの24時間のまとめを表示します。\n\n投稿、アラート、"
    "開始・終了した案件は、直近の10分の区切りまでの24時間で数えます。対応中は、"
    "--at の時点（省略すると現在）の件数です。",
)
def digest(
    *,
    at: Annotated[
        str | None, typer.Option("--at", help="日付か日時（日本時間、2026-11-22、2026-11-22T08:30）")
    ] = None,
    reader: Annotated[Reader, typer.Option("--for", help="だれ宛てのまとめか")] = Reader.DESK,
    language: Annotated[
        str, typer.Option("--language", help="文面の言語（" + "、".join(LANGUAGES) + "）")
    ] = "ja",
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Print the mail of the twenty-four hours before 8:30 of a day, or before now.

    Posts, alerts, and incidents that opened or ended are counted over these hours, which end with the
    last full ten minutes. 対応中 are the incidents open at --at itself, or now.
    """
    until = moment_of(at) if at else datetime.now(JST)
    if until is None:
        _fail(f"--at {at}: 2026-11-22 か 2026-11-22T08:30 のように書いてください / write a day", code=2)
    if language not in LANGUAGES:
        _fail(
            f"--language {language}: {'、'.join(LANGUAGES)} のどれかにしてください / use one of these", code=2
        )
    try:
        digesting = open_digesting(stack=stack, home=home)
        found = digest_at(until, digesting)
    except FAILURES as error:
        _fail(told(error))
    mail = mail_of(found, reader, digesting.configuration.roster, words=Wording(language), at=until)
    if mail is None:
        _fail(f"名簿に{reader.value}の方がいません / the roster has no {reader.value}")
    print(f"{mail.subject}\n\n{mail.text}", end="")


def moment_of(written: str) -> datetime | None:
    """Read a day or a moment on Japan's clock; a day means its half past eight. None if it is neither."""
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return None
    if "T" not in written and " " not in written:
        read = datetime.combine(read.date(), HALF_PAST_EIGHT)
    return read if read.tzinfo else read.replace(tzinfo=JST)


def mail_of(
    digest: Digest, reader: Reader, roster: Roster, *, words: Wording, at: datetime
) -> ComposedText | None:
    """Return the mail as the first of its readers gets it, None if there is none."""
    moment, role = (FULL, Role.DESK) if reader is Reader.DESK else (BRIEF, Role.EXECUTIVE)
    person = next(iter(roster.holders(role)), None)
    if person is None:
        return None
    message = digest_message(moment, person, digest, roster)
    return compose(message, person=person, link=None, wording=words, at=at)


def _fail(text: str, *, code: int = 1) -> NoReturn:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
