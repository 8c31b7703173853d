"""A member of staff is blamed in public, and HR begins to look after the person."""

from __future__ import annotations

from tests.scenarios.stories import TAKE
from tests.scenarios.world import World
from tests.unit.pages.protected import SAOTOME

NAMES = {
    "family_name": SAOTOME.family,
    "given_name": SAOTOME.given,
    "family_reading": SAOTOME.family_reading,
    "given_reading": SAOTOME.given_reading,
    "nicknames": "しょうたん",
    "handles": "@saotome_s0514",
    "places": "緑ヶ丘第三高校",
    "family_alone": "",
}
CONSENT = {"consent_terms": "早乙女翔太\n緑ヶ丘第三高校", "consent_how": "面談で", "consent_days": "30"}
RECORD, REVEAL = "伏せる氏名を記録する", "理由を記録して氏名を表示する"
AGREE, REVOKE, STEP = "本人の同意を記録する", "同意を取り消して見守りを止める", "手順を完了にする"
INSULT = "つきみの早乙女翔太って店員、冷蔵庫に入ってた。最低"
EXPOSING = "例の店員は早乙女翔太、緑ヶ丘第三高校の3年"


def begins(world: World) -> None:
    """Somebody posts the video, Sato takes it on, and HR records the name."""
    world.post(INSULT, category="misconduct")
    world.passes(minutes=5)
    world.sato.presses(TAKE)
    world.people("kato", "tanaka").hear("従業員の保護を始めました")
    world.takes_for_granted()
    world.kato.presses(RECORD, **NAMES)
