"""Plays the people of one incident through their links, from the first SMS to the signed report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

import httpx

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType, Fault, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.japan_time import JST
from hikeshi.domain.people import Person
from infra.local.browsing import Form, LinkBrowser, Page
from infra.local.people import Inbox, Player, PlayError, named_by_policy, wait_for

CLOSED_SECONDS = 90.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """How it went."""

    moments: tuple[tuple[datetime, str], ...]
    """What the lists of the page say happened, oldest first."""
    sms: int
    mails: int
    people: tuple[str, ...]


class Play:
    """The responders of one incident about contamination."""

    def __init__(
        self,
        *,
        configuration: Configuration,
        inbox_url: str,
        client: httpx.Client,
        tell: Callable[[str], None],
        browser: LinkBrowser | None = None,
    ) -> None:
        self._configuration = configuration
        self._inbox = Inbox(inbox_url, client)
        self._browser = browser or LinkBrowser(client)
        self._tell = tell
        self.pr = self._first(Role.PR)
        self.quality = self._first(Role.QUALITY)
        self.lead = self._first(Role.LEAD)
        self.legal = self._first(Role.LEGAL)
        self.executive = self._first(Role.EXECUTIVE)

    def to_the_end(self) -> Played:
        """Play everybody until the incident is closed.

        Raises
        ------
        PlayError
            If a step is not offered in time, or a message went to somebody the policy does not name.
        """
        self.take_on()
        self.check_facts()
        self.respond()
        self.calm_down()
        self.sign_off()
        closed = self.wait_until_closed()
        self.check_recipients()
        return self._played(closed)

    def take_on(self) -> None:
        """Let public relations take the incident on."""
        self._act(self.pr, "acknowledge", "担当につきました")

    def check_facts(self) -> None:
        """Let quality judge every claim, and public relations say that it is enough."""
        answers = [
            ("confirmed", "写真の包装と印字が当社の製品と一致"),
            ("cannot_know", "現物の検査が終わるまで判断できない"),
            ("refuted", "同じロットの申し出は、お客様相談室に届いていない"),
        ]
        player = self._player(self.quality)
        record = {"proof_title": "製造の記録", "proof": "包装の版と印字は 2026 年の出荷分と一致"}
        claims = wait_for(
            lambda: _values(player.page().forms_named("verdict"), "fact_id") or None,
            seconds=60,
            what="claims to check",
        )
        for index, claim in enumerate(claims):
            verdict, basis = answers[min(index, len(answers) - 1)]
            values = {"verdict": verdict, "basis": basis}
            player.act("verdict", values, which=_has("fact_id", claim))
        player.act("fact-proof", record, which=_has("fact_id", claims[0]), below="facts")
        self._tell(f"{self.quality.name}さんが {len(claims)} 件の事実を確かめました")
        seen = {"source_kind": "direct_messages", "finding": "同じ申し出は、DMにも窓口にも届いていない"}
        self._act(self.quality, "sighting", "ほかの情報源も確かめました", seen, below="hq")
        self._act(self.pr, "establish-facts", "対応に足りる事実がそろったと判断しました")

    def respond(self) -> None:
        """Let the holding statement and the full one be put out, and every department report its task."""
        promise = datetime.now(JST) + timedelta(hours=3)
        written = {
            "kind": "holding",
            "said_opening": "このたびは当社の商品についてご心配をおかけしております。",
            "said_fact": "写真の包装は、当社の製品のものと確認いたしました。［1］",
            "said_action": "現在、製造の記録と現物を調査しております。",
            "said_contact": "お客様相談室　0120-000-000（9時から18時まで）",
            "said_care": "投稿された方への誹謗中傷はお控えくださいますよう、お願いいたします。",
            "next_update_at": f"{promise:%Y-%m-%dT%H:%M}",
        }
        self._say("第一報", written)
        found = {"kind": "full", "said_action": "製造の記録を確かめ、お申し出の方へ結果をお伝えいたします。"}
        self._say("公式見解", written | found)
        playbooks = self._configuration.playbooks
        playbook = playbooks.resolve(Category.CONTAMINATION, CrisisType.OWN_FAULT, Fault.UNKNOWN)
        for task in playbook.tasks:
            owner = self._first(task.department)
            self._finish_task(owner, f"-{task.id}", task.title)

    def _say(self, named: str, written: dict[str, str]) -> None:
        """Let a statement be written, approved by two people, and put out."""
        self._act(self.pr, "statement", f"{named}の案を書きました", written, below="statement")
        self._act(self.legal, "approve-statement", "公表を承認しました")
        self._act(self.lead, "approve-statement", "公表を承認しました")
        self._act(self.pr, "publish-statement", f"{named}を公表しました", below="statement")

    def calm_down(self) -> None:
        """Let an executive end the watch: the posts are minutes old, and nobody waits for hours here."""
        reason = "第一報が行き渡り、お客様相談室への申し出もない"
        self._act(self.executive, "calm-early", "目安を待たずに沈静化と判断しました", {"reason": reason})

    def sign_off(self) -> None:
        """Let public relations complete the report, and legal and the lead sign it."""
        evaluation = "検知から 10 分以内に担当が決まり、1 時間以内に第一報を用意できた"
        self._fill("report", "対応を評価しました", {"evaluation": evaluation})
        impacts = dict.fromkeys(("brand", "rumour", "closure", "market", "people"), "なし")
        outcome = {f"impact_{kind}": text for kind, text in impacts.items()}
        outcome |= {"impact_money": "返品とお見舞いの費用", "loss_yen": "120000"}
        self._fill("report-outcome", "結果を評価しました", outcome)
        lessons = {
            "cause_quality_gap": "yes",
            "lessons": "休日は、製造ロットの照会先を品質保証部と共有する",
        }
        self._fill("report-lessons", "原因と反省を書きました", lessons)
        self._fill("change", "マニュアルの変更を採用しました", {"answer": "accept"}, ending="-manual")
        declined = {"answer": "decline", "reason": "いまの言葉で見つけられた"}
        self._fill("change", "見守る言葉の追加を見送りました", declined, ending="-watch_word")
        self._fill("change", "確認テストの問題を採用しました", {"answer": "accept"}, ending="-question")
        today = datetime.now(JST)
        correction = {
            "correction": "休日のロット照会の手順を作る",
            "owner": self._first(Role.QUALITY).id,
            "due_at": f"{today + timedelta(days=30):%Y-%m-%d}",
            "check": "訓練で 1 時間以内に照会できるか",
            "check_at": f"{today + timedelta(days=90):%Y-%m-%d}",
            "change": "manual",
        }
        self._fill("correction", "是正措置を決めました", correction)
        self._act(self.legal, "sign-report", "完了報告に署名しました")
        self._act(self.lead, "sign-report", "完了報告に署名しました")

    def _fill(self, action: str, told: str, values: dict[str, str], *, ending: str = "") -> None:
        """Send one form of the report's page; ``ending`` picks the change that it is about."""
        self._player(self.pr).act(
            action,
            values,
            which=lambda form: form.fields.get("change_id", "").endswith(ending),
            below="report-edit",
        )
        self._tell(f"{self.pr.name}さんが{told}")

    def wait_until_closed(self) -> str:
        """Wait until the page says so; returns its address."""
        player = self._player(self.pr)
        address = player.newest_link().links[0]

        def closed() -> bool | None:
            page = player.read(address)
            return True if not page.forms and "終了" in page.text else None

        wait_for(closed, seconds=CLOSED_SECONDS, what="the closed incident")
        self._tell("案件が終了しました")
        return address

    def check_recipients(self) -> None:
        """Hold every message against the policy."""
        named = named_by_policy(self._configuration, Category.CONTAMINATION, Level.WARNING, Level.CRITICAL)
        reached = {message.person for message in self._inbox.messages()}
        wrong = sorted(reached - named)
        if wrong or self._inbox.strangers():
            raise PlayError(f"the policy does not name {', '.join(wrong) or 'a stranger'}")

    def _act(
        self,
        person: Person,
        action: str,
        told: str,
        values: dict[str, str] | None = None,
        *,
        below: str = "",
    ) -> None:
        self._player(person).act(action, values, below=below)
        self._tell(f"{person.name}さんが{told}")

    def _finish_task(self, owner: Person, ending: str, title: str) -> None:
        result = {"result": "記録を共有フォルダーに保存しました"}
        self._player(owner).act(
            "task-done", result, which=lambda form: form.fields.get("task_id", "").endswith(ending)
        )
        self._tell(f"{owner.name}さんが「{title}」を終えました")

    def _player(self, person: Person) -> Player:
        return Player(person.id, inbox=self._inbox, browser=self._browser)

    def _first(self, role: Role) -> Person:
        return self._configuration.roster.holders(role)[0]

    def _played(self, address: str) -> Played:
        page = self._browser.open(address)
        report = self._browser.open(f"{address}/report")
        if report.status != httpx.codes.OK:
            raise PlayError(f"the report does not open ({report.status})")
        messages = self._inbox.messages()
        return Played(
            moments=in_order(page),
            sms=sum(1 for message in messages if message.channel == "sms"),
            mails=sum(1 for message in messages if message.channel == "mail"),
            people=tuple(sorted({message.person for message in messages})),
        )


def in_order(page: Page) -> tuple[tuple[datetime, str], ...]:
    """Return what the timeline and the deliveries say, as one story; each list has its newest first."""
    found = [(datetime.fromisoformat(at), text) for at, text in reversed(page.moments) if text]
    return tuple(sorted(found, key=itemgetter(0)))


def _values(forms: tuple[Form, ...], field: str) -> list[str]:
    return [form.fields[field] for form in forms if field in form.fields]


def _has(field: str, value: str) -> Callable[[Form], bool]:
    return lambda form: form.fields.get(field) == value
