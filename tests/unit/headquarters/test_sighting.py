"""How widely somebody looked before the facts were settled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hikeshi.domain.decisions import establish_facts
from hikeshi.domain.errors import NotReadyError
from hikeshi.domain.headquarters import SourceKind
from hikeshi.domain.incidents import Room
from hikeshi.domain.sighting import add_sighting, kinds_seen, view_gaps, waive_second_view
from hikeshi.services.incidents.open_incident import open_incident
from tests.builders import (
    NOON,
    a_judged_fact,
    a_room,
    a_sighting,
    a_verified_report,
    an_alert,
    an_inbound_report,
    an_incident,
)
from tests.fakes.stage import Stage


def room(**changes: Any) -> Room:
    return a_room(incident=an_incident(**changes), facts=(a_judged_fact(),))


def test_s2_2_facts_are_not_settled_on_one_kind_of_source() -> None:
    with pytest.raises(NotReadyError) as refused:
        establish_facts(room(), by="sato", at=NOON)
    assert refused.value.missing == ("second_view",)


@pytest.mark.parametrize("kind", [kind for kind in SourceKind if kind is not SourceKind.POSTS])
def test_s2_2_a_second_kind_suffices_even_if_nothing_was_there(kind: SourceKind) -> None:
    looked, _ = add_sighting(room(), a_sighting(kind=kind, finding="なし"))
    assert view_gaps(looked) == ()
    establish_facts(looked, by="sato", at=NOON)


def test_s0_13_the_board_repeats_no_report_that_nobody_has_verified() -> None:
    words = "倉庫で別の虫が見つかりました"
    told = replace(room(), inbound=(an_inbound_report(words=words),))
    with pytest.raises(NotReadyError) as refused:
        add_sighting(told, a_sighting(finding=f"電話では、{words}とのことです"))
    assert refused.value.missing == ("unverified_words",)
    with pytest.raises(NotReadyError):
        waive_second_view(told, reason=f"{words}。", by="sato", at=NOON)
    verified = replace(told, inbound=(a_verified_report(words=words),))
    assert add_sighting(verified, a_sighting(finding=words))[0].sightings


def test_s2_2_the_same_kind_twice_is_one_kind() -> None:
    looked, _ = add_sighting(room(), a_sighting(kind=SourceKind.POSTS))
    assert view_gaps(looked) == ("second_view",)


def test_s2_2_a_waiver_says_why_and_is_on_record() -> None:
    waived, (event,) = waive_second_view(room(), reason="社内の記録で分かります", by="sato", at=NOON)
    assert (event.kind, event.details["reason"]) == ("second_view_waived", "社内の記録で分かります")
    establish_facts(waived, by="sato", at=NOON)


def test_s2_2_what_the_collection_watches_counts_without_anybody(stage: Stage) -> None:
    assert kinds_seen(room(sources=("kuchikomi",))) == {SourceKind.POSTS}
    assert kinds_seen(room(sources=("keijiban", "kuchikomi"))) == {SourceKind.POSTS, SourceKind.PLATFORMS}
    assert kinds_seen(room(alerts=())) == set()


def test_s2_2_what_was_seen_before_a_re_flare_does_not_count_after_it() -> None:
    again = room(generation=2)
    looked, _ = add_sighting(again, a_sighting())
    assert view_gaps(looked) == ("second_view",)
    looked, _ = add_sighting(again, a_sighting(generation=2))
    assert view_gaps(looked) == ()


def test_s2_2_an_incident_knows_the_sources_of_its_posts(stage: Stage) -> None:
    alert = stage.keep(an_alert(sources=("kuchikomi", "keijiban")))
    opened = open_incident(alert.id, stage.opening)
    assert stage.incidents.room(opened.incident_id or "").incident.sources == ("keijiban", "kuchikomi")
