"""What is said in public, and who let it be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hikeshi.domain.statements import Approval, Statement, StatementKind
from hikeshi.services.statements.statement_text import Draft
from tests.builders.company import a_person, a_playbook
from tests.builders.posts import NOON


def a_statement(**changes: Any) -> Statement:
    statement = Statement(
        kind=StatementKind.HOLDING,
        text="商品に関する投稿について、事実を確認しています。次は16時30分にお知らせします。",
        drafted_by="suzuki",
        drafted_at=NOON + timedelta(minutes=25),
        next_update_at=NOON + timedelta(hours=3, minutes=33),
    )
    return replace(statement, **changes)


def a_draft(**changes: Any) -> Draft:
    """A holding statement that lacks nothing; promises its next word for 16:30."""
    draft = Draft(
        kind=StatementKind.HOLDING,
        opening="このたびはご心配をおかけしております。",
        fact="当社の商品に関する投稿を確認いたしました。",
        action="現在、詳しい状況を調査しております。",
        contact="お客様相談室　0120-000-000",
        care="投稿された方への誹謗中傷はお控えくださいますよう、お願いいたします。",
        next_update_at=NOON + timedelta(hours=3, minutes=33),
    )
    return replace(draft, **changes)


def an_approval(person_id: str = "tanaka", **changes: Any) -> Approval:
    roles = a_playbook().approving_roles(a_person(person_id))
    return replace(Approval(by=person_id, at=NOON + timedelta(minutes=90), roles=roles), **changes)


def an_approved_statement(**changes: Any) -> Statement:
    """Approved by legal, then by the lead."""
    at = NOON + timedelta(minutes=95)
    approvals = (an_approval("tanaka"), an_approval("sato", at=at))
    return a_statement(**{"approvals": approvals, "approved_by": "sato", "approved_at": at} | changes)


def a_last_word(**changes: Any) -> Statement:
    """A full statement that was put out: nothing more is owed to the public."""
    out = {"kind": StatementKind.FULL, "published_by": "suzuki", "published_at": NOON + timedelta(minutes=96)}
    return an_approved_statement(**out | changes)
