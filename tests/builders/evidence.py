"""Files, posts of our own, and what is to be taken down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hikeshi.domain.evidence import EvidenceFile
from hikeshi.domain.facts import Proof
from hikeshi.domain.file_kinds import FileKind
from hikeshi.domain.own_posts import OwnPost
from hikeshi.domain.takedowns import Ground, Platform, Takedown
from tests.builders.posts import NOON


def a_takedown(**changes: Any) -> Takedown:
    takedown = Takedown(
        id="takedown-1",
        number=1,
        url="https://matome.example.jp/archives/513",
        platform=Platform.SUMMARY_SITE,
        ground=Ground.PRIVACY,
        passage="虫の写真を載せた店員の本名は森田 光、自宅は月見駅の裏のアパート。",
        reason="2行目の氏名と住所は、当社の社員のもので、本人の同意がありません。",
        evidence=Proof(
            title="https://matome.example.jp/archives/513",
            uri="s3://archive/evidence/facts/2",
            sha256="7d" * 32,
            kept_by="suzuki",
            kept_at=NOON + timedelta(minutes=70),
        ),
        requested_by="suzuki",
        requested_at=NOON + timedelta(minutes=70),
    )
    return replace(takedown, **changes)


def an_evidence_file(**changes: Any) -> EvidenceFile:
    file = EvidenceFile(
        id="file-1",
        about="fact-1",
        title="お客様が撮影した写真",
        label="IMG_0513.jpg",
        kind=FileKind.JPEG,
        size=2_411_724,
        sha256="c5" * 32,
        uri="s3://archive/evidence/files/inc-1/" + "c5" * 32,
        located=False,
        kept_by="ito",
        kept_at=NOON + timedelta(minutes=50),
    )
    return replace(file, **changes)


def an_own_post(**changes: Any) -> OwnPost:
    post = OwnPost(
        id="own-1",
        number=1,
        url="https://x.com/tsukimi_example/status/1",
        text="写真は加工です。騒がないでください。",
        wrong="確認していないことを言い切り、お客様を責めています。",
        evidence=a_takedown().evidence,
        archived_by="suzuki",
        archived_at=NOON + timedelta(minutes=72),
    )
    return replace(post, **changes)
