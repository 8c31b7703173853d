"""A photo of a larva in a chocolate, from the feed to the signed report."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

import pytest

from hikeshi.domain.file_kinds import FileKind
from hikeshi.domain.photo_metadata import without_metadata
from infra.local.feed import FeedPost, moment
from infra.local.play import Play
from infra.local.scenario import first_wave, second_wave
from tests.e2e.scene import Scene
from tests.photos import SECRET, phone_photo

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]

WARNED = ("arai", "ueda", "yamada", "sato", "ito", "kimura", "nakano")
EXECUTIVES = ("takahashi", "fujii")
PAGED = (*WARNED, *EXECUTIVES)
EXPOSED = (
    "昨日買ったひのでチョコ、開けたら中に小さい幼虫がいた。写真あげとく。もう食べられない"
    "。この写真を上げた人の本名は森 光、電話は090-0000-0513"
)


def test_a_post_becomes_a_closed_incident_through_links_alone(scene: Scene) -> None:
    devices, found_at = scene.devices, datetime.now(UTC)
    scene.feed.publish(first_wave(found_at, mark="story"))
    devices.expect(WARNED, "【警戒】", seconds=100)

    scene.feed.publish(second_wave(found_at, mark="story"))
    scene.collect()
    devices.expect(PAGED, "【重大】")

    play = Play(
        configuration=scene.configuration, inbox_url=scene.state.inbox_url, client=scene.http, tell=print
    )
    play.take_on()
    devices.expect([p for p in PAGED if p != "sato"], "佐藤 花子さんが担当")
    devices.expect(["sato"], "事実確認を始めました")

    keep_the_photo(scene)
    play.check_facts()
    devices.expect(["sato"], "対応を始めました")
    devices.expect(["sato", "kimura", "nakano"], "期限")

    play.respond()
    for _holding_then_full in range(2):
        devices.expect(["mori", "yamada"], "公表文の承認が必要です")
        devices.expect(["sato"], "公表文が承認されました")
    devices.expect(["sato"], "見守りに入りました")

    take_a_copy_down(scene, found_at)
    play.calm_down()
    devices.expect(["yamada", "sato", "ito", "mori"], "報告書案")

    play.sign_off()
    play.wait_until_closed()
    devices.expect([*PAGED, "mori"], "対応を完了しました", channels=("mail",))
    assert devices.expect_whoever("対策本部へのご参加") > 0
    assert devices.expect_whoever("対策本部を招集") > 0
    assert devices.expect_whoever("対応の振り返りをお願いします") > 0
    devices.expect(["takahashi", "fujii"], "対応をお願いします")
    play.check_recipients()

    (incident,) = scene.incidents()
    assert incident["status"]["S"] == "closed"
    kinds = scene.timeline()
    assert kinds[:3] == ["detected", "opened", "paged"]
    assert kinds[-1] == "status_changed"
    assert "report_signed" in kinds
    assert {"takedown_requested", "takedown_approved", "takedown_sent", "takedown_proposed"} <= set(kinds)


def keep_the_photo(scene: Scene) -> None:
    """Attach the photo that the customer sent from a phone; a colleague gets a copy without the place."""
    photo = phone_photo()
    named = {"file_title": "お客様が撮影した写真"}
    page = scene.player("sato").act("fact-file", named, below="facts", file=("IMG_0513.jpg", photo))
    assert "証拠として保管しました" in page.text
    assert hashlib.sha256(photo).hexdigest() in page.text
    link = scene.player("ito").newest_link().links[0]
    (address,) = re.findall(r'href="(file\?id=[^"]+)"', scene.player("ito").read(f"{link}/facts").html)
    copy = scene.browser.fetch(f"{link}/{address}")
    assert copy.headers["content-disposition"].startswith('attachment; filename="hikeshi-')
    assert copy.headers["content-type"] == "image/jpeg"
    assert copy.content == without_metadata(FileKind.JPEG, photo)
    assert SECRET not in copy.content


def take_a_copy_down(scene: Scene, found_at: datetime) -> None:
    """Ask a summary site not to name who took the photo; then another site does the same."""
    pr, devices = scene.player("sato"), scene.devices
    asked = {
        "url": "https://matome.example.jp/513",
        "ground": "privacy",
        "passage": EXPOSED,
        "infringes": "最後の文に、投稿された方の氏名と電話番号があります",
    }
    pr.act("takedowns", asked, below="takedowns")
    devices.expect(["mori"], "削除依頼が承認待ちです")
    scene.player("mori").act("approve-takedown", below="takedowns")
    devices.expect(["sato"], "削除依頼が承認されました", channels=("mail",))
    pr.act("takedown-step", {"step": "sent"}, below="takedowns")
    copy = FeedPost(
        id="story-copy",
        text=f"【速報】{EXPOSED}",
        published_at=moment(found_at),
        author="copy_story",
        url="https://copy.example.jp/1",
    )
    scene.feed.publish([copy])
    scene.collect()
    devices.expect(["sato", "ito", "mori"], "同じ文面の投稿がありました", seconds=150)
