"""What people type into the headquarters stays text, on every page that shows it."""

from __future__ import annotations

import pytest

from hikeshi.domain.headquarters import InboundVerdict
from hikeshi.services.room.action_pages import SubPage
from tests.builders import a_bulletin, a_headquarters, a_sighting, a_verified_report
from tests.unit.pages import scenes
from tests.unit.pages.stage import Stage

HOSTILE = """<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7*7 }}</textarea>"""


@pytest.mark.parametrize("person", ["sato", "watanabe"])
@pytest.mark.parametrize("withdrawn", ["sato", None])
def test_hostile_words_are_shown_and_do_nothing(person: str, withdrawn: str | None) -> None:
    bulletin = a_bulletin(
        picture=HOSTILE,
        guidance=HOSTILE,
        withdrawn_by=withdrawn,
        withdrawn_at=scenes.minute(80) if withdrawn else None,
        withdrawn_because=HOSTILE,
    )
    report = a_verified_report(
        words=HOSTILE, source=HOSTILE, grounds=HOSTILE, verdict=InboundVerdict.REJECTED
    )
    scene = scenes.gathered(
        headquarters=a_headquarters(opened_by="sato", reason=HOSTILE, meeting_code=HOSTILE[:40]),
        inbound=(report,),
        bulletins=(bulletin,),
        sightings=(a_sighting(finding=HOSTILE, url=HOSTILE),),
    )
    stage = Stage().play(scene)
    token = stage.link(person)
    for page in (stage.desk().show(token).body, stage.desk().sub_page(token, SubPage.HEADQUARTERS).body):
        assert "<script" not in page
        assert "<img" not in page
    assert "&lt;script&gt;" in stage.desk().sub_page(token, SubPage.HEADQUARTERS).body
