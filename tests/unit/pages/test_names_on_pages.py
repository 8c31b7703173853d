"""No page of any kind names a protected person, whatever somebody wrote wherever."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from html import unescape

import pytest

from hikeshi.adapters.pages.hiding import hidden
from hikeshi.domain.actions import Action
from hikeshi.domain.masking import MASK, NOBODY, Mask
from hikeshi.services.room.action_pages import SPOTS, SubPage
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Opener
from tests.unit.pages.protected import BLURTED, SAOTOME, looked_after
from tests.unit.pages.scenes import Scene

PEOPLE = ("sato", "kato", "tanaka", "takahashi", "suzuki", "ito", "nakano")
FOUND = Mask([SAOTOME]).finds


def _needs_nothing(made: object) -> bool:
    if not inspect.isfunction(made) or not made.__module__.startswith(f"{scenes.__name__}."):
        return False
    wanted = inspect.signature(made).parameters.values()
    return all(
        each.default is not each.empty or each.kind in (each.VAR_KEYWORD, each.VAR_POSITIONAL)
        for each in wanted
    )


SCENES: dict[str, Callable[[], Scene]] = {
    name: made
    for name, made in inspect.getmembers(scenes, _needs_nothing)
    if inspect.signature(made).return_annotation == "Scene"
}


def test_there_are_scenes_to_scan() -> None:
    assert len(SCENES) > 10


@pytest.mark.parametrize("name", SCENES)
def test_s3_6_no_page_names_the_protected(open_stage: Opener, name: str) -> None:
    browser = open_stage(looked_after(SCENES[name]()))
    seen = 0
    for person in PEOPLE:
        token = browser.stage.link(person)
        for path in ("", "/report", *(f"/{page.value}" for page in SubPage)):
            page = browser.get(f"/r/{token}{path}")
            assert not FOUND(unescape(page.text)), f"{person} {path}"
            seen += MASK in page.text
    assert seen


def test_s3_6_the_scan_would_notice(open_stage: Opener) -> None:
    browser = open_stage(scenes.responding())
    status = browser.post(f"/r/{browser.stage.link()}/facts", {"claim": f"{BLURTED}は本人か"}).status
    assert status == 303
    assert FOUND(unescape(browser.room().text))


@pytest.mark.parametrize("action", Action)
def test_s3_6_no_refusal_names_the_protected(open_stage: Opener, action: Action) -> None:
    browser = open_stage(looked_after(scenes.responding()))
    for person in ("sato", "kato"):
        token = browser.stage.link(person)
        fields = {"reason": BLURTED, "check_number": "11"}
        page = browser.post(f"/r/{token}/{SPOTS[action].path}", fields)
        assert not FOUND(unescape(page.text))


def test_s3_6_what_makes_a_page_work_stays_as_it_is() -> None:
    mask = Mask([SAOTOME])
    page = (
        '<a href="saotome_s0514">早乙女翔太</a><input type="hidden" name="a" value="saotome_s0514">'
        '<input value="saotome_s0514"><p title="早乙女翔太 &amp; co">&lt;早乙女翔太&gt;</p>'
        '<option value="saotome_s0514">早乙女さん</option><style>.saotome_s0514{}</style>'
    )
    assert hidden(page, mask) == (
        f'<a href="saotome_s0514">{MASK}</a><input type="hidden" name="a" value="saotome_s0514">'
        f'<input value="{MASK}"><p title="{MASK} &amp; co">&lt;{MASK}&gt;</p>'
        f'<option value="saotome_s0514">{MASK}さん</option><style>.saotome_s0514{{}}</style>'
    )
    assert hidden(page, NOBODY) == page
