"""The headquarters, and what it is told and tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hikeshi.domain.headquarters import (
    Bulletin,
    Headquarters,
    InboundReport,
    InboundVerdict,
    Receipt,
    Sighting,
    SourceKind,
)
from tests.builders.posts import NOON


def a_headquarters(**changes: Any) -> Headquarters:
    """Called by the level, with sato as chief; nobody has answered the roll yet."""
    headquarters = Headquarters(
        generation=1,
        opened_by="hikeshi",
        opened_at=NOON + timedelta(minutes=4),
        chief="sato",
        members=("sato", "ito", "watanabe", "suzuki", "takahashi"),
    )
    return replace(headquarters, **changes)


def an_inbound_report(**changes: Any) -> InboundReport:
    report = InboundReport(
        id="inbound-1",
        source="お客様相談室への電話",
        words="同じ商品で体調を崩した方がいるそうです",
        filed_by="watanabe",
        filed_at=NOON + timedelta(minutes=20),
    )
    return replace(report, **changes)


def a_verified_report(**changes: Any) -> InboundReport:
    report = an_inbound_report(
        verdict=InboundVerdict.VERIFIED,
        grounds="受付記録を確かめました",
        judged_by="ito",
        judged_at=NOON + timedelta(minutes=26),
    )
    return replace(report, **changes)


def a_bulletin(**changes: Any) -> Bulletin:
    """Sent to the members of the headquarters; only its writer has read it."""
    at = NOON + timedelta(minutes=30)
    bulletin = Bulletin(
        number=1,
        generation=1,
        guidance="社外の方には、まだ何も説明しないでください。",
        issued_by="sato",
        issued_at=at,
        sent_to=a_headquarters().members,
        receipts=(Receipt(by="sato", at=at),),
    )
    return replace(bulletin, **changes)


def a_sighting(**changes: Any) -> Sighting:
    sighting = Sighting(
        id="sighting-1",
        generation=1,
        kind=SourceKind.DIRECT_MESSAGES,
        finding="同じ申し出は届いていません",
        by="watanabe",
        at=NOON + timedelta(minutes=15),
    )
    return replace(sighting, **changes)
