"""``hikeshi people``: who is on call, who is away, who left, and whose addresses are confirmed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from hikeshi.domain.errors import InputError
from hikeshi.domain.japan_time import read_moment
from hikeshi.domain.people import Channel, Person, Roster
from hikeshi.services.messages.wording import Wording
from hikeshi.services.people.contacts import duty_link_rows
from hikeshi.services.people.directory import come_back, leave
from hikeshi.services.people.duties import add_absence, add_override
from hikeshi.services.people.duty_view import EDITORS, moment, span
from infra.cli.alerts import HomeDirectory, Stack
from infra.cli.failures import FAILURES, told
from infra.people.office import Office, open_office

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="当番・不在・退職の確認と登録、連絡先の確認"
)

UNBROKEN = 200
"""Columns of a table that no terminal shows."""

_NAMES = {"since": "--from: ", "until": "--until: ", "deputy": "--deputy: "}
"""How the command calls what the page has as a field."""

Answer = TypeVar("Answer")
Someone = Annotated[str, typer.Argument(help="roster.yaml の id", metavar="ID")]
By = Annotated[str, typer.Option("--by", envvar="HIKESHI_PERSON", help="記録する人の id")]
From = Annotated[str, typer.Option("--from", help="始まり（日本時間、2026-09-07 09:00 か 2026-09-07）")]
Until = Annotated[str, typer.Option("--until", help="終わり（書き方は同じ。日付だけならその日も含む）")]


@app.command("list", help="全員の在否、連絡手段、未確認の連絡先と、いまの当番を表示します。")
def list_people(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="1人1行の JSON")] = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Show everybody: there or not, how they are reached, what is not confirmed yet; and who is on call."""
    office = _opened(stack, home)
    roster, at = office.roster, office.clock.now()
    if as_json:
        for person in roster.people.values():
            print(json.dumps(_record(person), ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "名前", "役割", "いま", "SMS", "メール", "静かな時間"):
        table.add_column(heading)
    for person in roster.people.values():
        table.add_row(*_row(person, roster))
    console = Console()
    # What goes into a file or a pipe is not cut to the width of a terminal that is not there.
    (console if console.is_terminal else Console(width=UNBROKEN)).print(table)
    for rotation in roster.rotations.values():
        now, *following = rotation.shifts(at, count=2)
        asked = roster.on_call(rotation.id)
        name = asked[0].name if asked else "いません"
        until = f"（{moment(now.ends_at, Wording())}まで）" if now.ends_at else ""
        after = "".join(f"、次は{roster.people[each.person_id].name}" for each in following)
        _say(f"{rotation.name}: {name}{until}{after}")


@app.command(help="不在を登録します。その間は代理の方に連絡します。1分以内に有効になります。")
def absent(
    person: Someone,
    *,
    begins: From,
    ends: Until,
    deputy: Annotated[
        str | None, typer.Option("--deputy", help="代わる人の id（省略するといつもの代理）")
    ] = None,
    by: By = "desk",
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Enter an absence: the deputy is asked instead. Everybody sees it within a minute."""
    office = _opened(stack, home)
    _known(office, person, *([deputy] if deputy else []))
    absence = _done(
        lambda: add_absence(
            person,
            begins_at=_read(begins, "--from"),
            ends_at=_read(ends, "--until", closing=True),
            deputy=deputy,
            records=office.records(by=by),
        )
    )
    roster = office.roster
    deputy = absence.deputy or roster.person(person).deputy
    away = span(absence.begins_at, absence.ends_at, Wording())
    _say(f"{roster.person(person).name}さんの不在を登録しました: {away}")
    if asked := roster.reachable_deputy(deputy):
        _say(f"代理: {asked.name}（不在の間は、担当している案件も移ります）")
    elif deputy:
        _say(f"代理の{_name(deputy, roster)}さんには連絡できないため、不在中も本人に連絡します")
        _say("社内に在籍し、電話かメールで連絡できる方を、--deputy で代理にしてください")
    else:
        _say("代理が決まっていません（--deputy で決められます）")


@app.command(help="当番を、決めた期間だけ別の方に代えます。")
def override(
    rotation: Annotated[str, typer.Argument(help="roster.yaml の当番の id")],
    person: Someone,
    *,
    begins: From,
    ends: Until,
    by: By = "desk",
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Give the duty of a rotation to somebody for a while."""
    office = _opened(stack, home)
    _known(office, person)
    if rotation not in office.roster.rotations:
        there = "、".join(office.roster.rotations) or "—"
        _fail(f"{rotation}: 当番の表にありません。あるのは: {there} / no such rotation", code=2)
    entry = _done(
        lambda: add_override(
            rotation,
            person,
            begins_at=_read(begins, "--from"),
            ends_at=_read(ends, "--until", closing=True),
            records=office.records(by=by),
        )
    )
    name = office.roster.person(person).name
    taken = span(entry.begins_at, entry.ends_at, Wording())
    _say(f"{office.roster.rotations[rotation].name}: {taken} は{name}さんです")


@app.command("leave", help="連絡の相手から直ちに外します。連絡を止め、リンクを閉じ、当番を飛ばします。")
def let_go(person: Someone, *, by: By = "desk", stack: Stack = None, home: HomeDirectory = None) -> None:
    """Let somebody go at once: no message, no link of theirs opens, shifts skip them."""
    office = _opened(stack, home)
    _done(lambda: leave(person, records=office.records(by=by)))
    _say(f"{office.roster.person(person).name}さんを外しました。1分以内に、連絡もリンクも止まります")
    _say("担当していた案件は、1分ほどで次の方への連絡を始めます")
    _say("roster.yaml からも外すか active: false にして、hikeshi config push してください")


@app.command("return", help="復帰を登録します。いまの不在（roster.yaml のものも）や退職の扱いを終えます。")
def let_back(person: Someone, *, by: By = "desk", stack: Stack = None, home: HomeDirectory = None) -> None:
    """Somebody is back: absences that run now end, and so does a departure."""
    office = _opened(stack, home)
    _known(office, person)
    ended = _done(lambda: come_back(person, records=office.records(by=by)))
    found, at = office.roster.person(person), office.clock.now()
    if not found.active:
        _fail(
            f"{found.name}さんは roster.yaml で active: false です。"
            "その行を消し、hikeshi config push してください / inactive in roster.yaml"
        )
    if not ended:
        _say(f"{found.name}さんは不在でも退職でもありません")
        return
    _say(f"{found.name}さんへの連絡を再開します")
    written = [each for each in office.published.roster.absences if each.person_id == person]
    for absence in (each for each in written if each.covers(at)):
        away = span(absence.begins_at, absence.ends_at, Wording())
        _say(f"roster.yaml の absences にある不在（{away}）も終えました。次に書き換えるとき、消してください")


@app.command(help="まだ確認していない連絡先の確認を、本人に依頼します。")
def verify(
    people: Annotated[list[str] | None, typer.Argument(help="id（省略すると全員）", metavar="[ID]…")] = None,
    *,
    again: Annotated[bool, typer.Option("--again", help="すでに依頼した方にも再度依頼")] = False,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Ask people to confirm the addresses that they have not confirmed yet."""
    office = _opened(stack, home)
    asked = _done(lambda: [office.roster.person(each) for each in people or office.roster.people])
    count = _done(lambda: office.ask_to_confirm(asked, again=again))
    _say(f"{count} 件の確認の連絡を送ります" if count else "新しくお願いする連絡先はありません")


@app.command("desk-link", help="監視デスクの方に、当番と不在を登録する画面のリンクを送ります。")
def desk_link(person: Someone, *, stack: Stack = None, home: HomeDirectory = None) -> None:
    """Send somebody of the desk a link to the page where duties and absences are entered."""
    office = _opened(stack, home)
    found = _done(lambda: office.roster.person(person))
    if not EDITORS & found.roles:
        _fail(f"{person}: desk か lead の役割がある人に送れます / needs the role desk or lead", code=2)
    rows = duty_link_rows(found, ids=office.ids, at=office.clock.now())
    _done(lambda: office.outbox.add(rows))
    _say(f"{found.name}さんへ「当番と不在」のリンクを送ります（{len(rows)} 件）")


def _name(person_id: str, roster: Roster) -> str:
    return roster.people[person_id].name if person_id in roster.people else person_id


def _row(person: Person, roster: Roster) -> tuple[str, ...]:
    stands_in = roster.stand_in(person.id)
    if not person.active:
        now = "[red]退職・休職[/]"
    elif person.away:
        now = f"不在（代理 {stands_in.name}）" if stands_in else "[red]不在（代理なし）[/]"
    else:
        now = "在席"
    quiet = f"{person.quiet.begins:%H:%M}〜{person.quiet.ends:%H:%M}" if person.quiet else ""
    roles = " ".join(sorted(person.roles))
    return person.id, person.name, roles, now, *(_state(person, each) for each in Channel), quiet


def _state(person: Person, channel: Channel) -> str:
    if person.address(channel) is None:
        return ""
    if channel in person.opted_out:
        return "[red]受信拒否[/]"
    return "確認済み" if channel in person.verified else "[yellow]未確認[/]"


def _record(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "roles": sorted(person.roles),
        "active": person.active,
        "away": person.away,
        "deputy": person.deputy,
        "verified": sorted(person.verified),
        "opted_out": sorted(person.opted_out),
    }


@app.command(
    "confirm-mail",
    help="本人に代わってメールの登録を確認し、メール末尾のリンクで解除されないようにします。\n\n"
    "AWS から届いたメールを、リンクを開かずに転送してもらってください。開いても登録されますが、"
    "迷惑メール対策の機器に解除されるおそれが残ります。",
)
def confirm_mail(
    written: Annotated[str, typer.Argument(metavar="LINK", help="AWS のメールのリンクか、その中の文字列")],
    *,
    stack: Stack = None,
    home: HomeDirectory = None,
) -> None:
    """Confirm a mail address for its owner, so that no link in a footer can end it.

    Let the owner forward AWS's mail without opening its link: whoever opens it confirms as well, but
    then mail scanners can end the subscription.
    """
    from hikeshi.adapters.sns_subscriptions import SnsMailSubscriptions
    from hikeshi.services.messages.subscriptions import token_of
    from infra.learning.desk import reach

    def confirm() -> None:
        client, outputs = reach(stack, home)
        topic = SnsMailSubscriptions(client=client("sns"), topic_arn=outputs["MessagesTopicArn"])
        topic.confirm(token_of(written))

    _done(confirm)
    _say("確認しました。メール末尾のリンクでは外れません")


def _opened(stack: str | None, home: Path | None) -> Office:
    try:
        return open_office(stack=stack, home=home)
    except FAILURES as error:
        _fail(told(error))


def _done(act: Callable[[], Answer]) -> Answer:
    try:
        return act()
    except InputError as error:
        _fail(f"{_refusal(error)} / {error}", code=2)
    except FAILURES as error:
        _fail(told(error))


def _known(office: Office, *ids: str) -> None:
    """End the command if nobody has one of these ids: on the pages people choose, and it cannot happen."""
    for each in ids:
        _done(partial(office.roster.person, each))


def _refusal(error: InputError) -> str:
    """Say as the page of duties does what is wrong with a field, by the name that it has here."""
    words, key = Wording(), f"duty.wrong.{error.field}"
    if error.field == "token":
        return (
            "AWS の確認メールのリンクではないか、届いてから 3 日を過ぎています。"
            "hikeshi config push で確認メールを送り直し、新しいメールのリンクを貼り付けてください"
        )
    return f"{_NAMES.get(error.field or '', '')}{words.text(key)}" if key in words else "受け付けられません"


def _read(written: str, option: str, *, closing: bool = False) -> datetime:
    try:
        return read_moment(written, closing=closing)
    except ValueError as error:
        _fail(f"{option} {written}: 2026-09-07 09:00 のように書いてください / {error}", code=2)


def _say(text: str) -> None:
    Console().print(text, markup=False, highlight=False, soft_wrap=True)


def _fail(text: str, *, code: int = 1) -> NoReturn:
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
