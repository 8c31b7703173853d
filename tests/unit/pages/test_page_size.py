"""A page about the largest incident still opens on a phone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.headquarters import Ground
from tests.builders import a_bulletin, a_fact, a_judged_fact, a_task, a_verified_report
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener
from tests.unit.pages.scenes import event, minute

LIMIT = 200_000


@pytest.mark.parametrize("person", ["sato", "watanabe"])
def test_300_reports_and_60_long_bulletins_make_less_than_200_kilobytes(
    open_stage: Opener, person: str
) -> None:
    facts = tuple(a_judged_fact(id=f"fact-{n}", claim="確" * 300) for n in range(200))
    grounds = tuple(Ground(id=f"fact-{n}", words="確" * 300) for n in range(30))
    reports = tuple(
        a_verified_report(id=f"inbound-{n:03d}", words="報" * 300, source="源" * 200, grounds="根" * 500)
        for n in range(300)
    )
    bulletins = tuple(
        a_bulletin(number=n, picture="状" * 1000, guidance="願" * 1000, grounds=grounds) for n in range(1, 61)
    )
    browser = open_stage(scenes.gathered(facts=facts, inbound=reports, bulletins=bulletins))
    token = browser.stage.link(person)
    for below in ("", "/hq", "/hq?page=20"):
        page = browser.get(f"/r/{token}{below}")
        assert page.status == 200
        assert len(page.text.encode()) <= LIMIT


@pytest.mark.parametrize("person", ["sato", "ito", "takahashi"])
def test_500_posts_200_facts_and_100_tasks_make_less_than_200_kilobytes(
    open_stage: Opener, person: str
) -> None:
    scene = scenes.responding()
    judged = {"source": "源" * 200, "basis": "根" * 1000, "judged_by": "ito", "judged_at": minute(60)}
    facts = tuple(a_fact(id=f"fact-{n}", claim="確" * 300, **(judged if n % 2 else {})) for n in range(200))
    tasks = tuple(a_task(id=f"1-t{n}", title="対" * 120, result="結" * 1000) for n in range(100))
    many = scenes.posts(500, every=0.06)
    alert = replace(scene.alerts[0][0], posts=500)
    events = scene.events + tuple(event("fact_added", 60, actor="sato", claim="確" * 300) for _ in range(400))
    browser = open_stage(
        replace(
            scene,
            room=replace(scene.room, facts=facts, tasks=tasks),
            events=events,
            alerts=((alert, many),),
        )
    )
    page = browser.room(person).text
    assert len(page.encode()) <= LIMIT
    for hidden in ("ほか 192件", "ほか 60件", "ほか 488件", "これより前に"):
        assert hidden in page
    token = browser.stage.link(person)
    for below in ("facts", "facts?page=10", "statement", "playbook", "playbook?page=5"):
        answer = browser.get(f"/r/{token}/{below}")
        assert answer.status == 200
        assert len(answer.text.encode()) <= LIMIT
