"""Links in other hands, in old messages, and in the hands of machines."""

from __future__ import annotations

from hikeshi.domain.lifecycle import IncidentStatus
from tests.scenarios import stories
from tests.scenarios.backstage import LINK_BASE_URL
from tests.scenarios.stories import DISMISS, STEP_UP, TAKE
from tests.scenarios.world import World


def test_a_link_that_was_never_made_opens_the_page_that_says_nothing(world: World) -> None:
    page = world.browser.open(LINK_BASE_URL + "2" * 22)
    assert page.status == 404
    page.says("このリンクでは何も開けません")


def test_every_link_that_opens_nothing_looks_the_same(world: World) -> None:
    world.post()
    link = world.nakano.hears("警戒").link
    world.takes_for_granted()
    last = "3" if link[-1] != "3" else "4"
    pages = [link[:-1] + last, LINK_BASE_URL + "2" * 22, LINK_BASE_URL + "zu-kurz"]
    assert len({world.browser.open(each).page.html for each in pages}) == 1


def test_the_page_names_whom_its_link_was_sent_to(world: World) -> None:
    world.post()
    world.ito.hears("警戒").opens().says("伊藤 学")
    world.takes_for_granted()


def test_a_link_only_shows_after_three_days(world: World) -> None:
    world.post()
    world.passes(minutes=5)
    old = world.nakano.phone.texts[0]
    world.sato.presses(TAKE)
    world.passes(hours=72)
    page = old.opens()
    assert page.status == 200
    assert page.page.forms == ()
    world.takes_for_granted()


def test_a_link_opens_nothing_any_more_a_day_after_that(world: World) -> None:
    stories.taken_on(world)
    world.passes(days=4)
    assert world.nakano.phone.texts[0].opens().status == 404
    world.takes_for_granted()


def test_a_press_on_a_page_that_was_left_open_for_days_is_refused(world: World) -> None:
    stories.taken_on(world)
    page = world.ito.latest.opens()
    world.passes(days=3, minutes=1)
    assert page.tries(STEP_UP).status == 403
    assert not world.happened("escalated")
    world.takes_for_granted()


def test_a_machine_that_opens_every_link_and_presses_every_button_without_a_number_ends_nothing(
    world: World,
) -> None:
    world.post()
    for text in list(world.carrier.arrived):
        page = text.opens()
        for form in page.page.forms:
            if "check_number" in form.fields:
                world.browser.submit(page.page, form, {**form.fields, "reason": "x", "check_number": ""})
    assert world.incident.status is IncidentStatus.DETECTED
    world.takes_for_granted()


def test_a_scanner_that_presses_the_one_button_without_a_number_is_seen_by_everybody(world: World) -> None:
    world.post()
    world.ito.hears("警戒").then_presses(TAKE)
    world.people("nakano", "watanabe", "suzuki").hear("警戒")
    world.people("nakano", "watanabe", "suzuki").hear("伊藤 学さんが担当します")
    world.ito.hears("事実確認を始めました")


def test_the_link_of_one_incident_does_nothing_to_another(world: World) -> None:
    world.post(category="contamination")
    world.post(category="leak")
    first = next(text for text in world.nakano.phone.texts if "#1" in text.body)
    first.opens().presses(DISMISS, reason="虫の形のチョコの写真でした")
    assert [room.incident.status for room in world.rooms] == ["dismissed", "detected"]
    world.takes_for_granted()


def test_a_form_sent_from_another_site_is_refused(world: World) -> None:
    world.post()
    page = world.nakano.hears("警戒").opens()
    form = next(form for form in page.page.forms if form.button == TAKE)
    foreign = world.browser.submit(page.page, form, form.fields, site="cross-site")
    assert foreign.status == 403
    assert world.incident.lead is None
    world.takes_for_granted()


def test_a_second_message_about_an_incident_brings_a_link_of_its_own(world: World) -> None:
    stories.taken_on(world)
    links = [text.link for text in world.sato.phone.texts]
    assert len(set(links)) == len(links) == 2


def test_what_a_link_carries_is_nowhere_in_the_outbox(world: World) -> None:
    world.post()
    tokens = {text.link.removeprefix(LINK_BASE_URL) for text in world.carrier.arrived}
    stored = repr(world.rows()) + repr(world.backstage.links.grants)
    assert not [token for token in tokens if token in stored]
    world.takes_for_granted()
