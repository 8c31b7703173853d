"""Whatever passes the check is read back by the functions as it was meant, and can be computed with."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.adapters.document_types import read_duration, write_duration
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.japan_time import JST
from hikeshi.domain.standings import Standings
from hikeshi.services.escalation.ladder_explanation import Question, as_text, explain
from hikeshi.services.messages.wording import Wording
from infra.configuring.checks import cross_problems
from infra.configuring.documents import Document, read_document
from infra.configuring.reading import SECTIONS, plain_values, read_files
from tests.unit.config.conftest import SHIPPED, WRITTEN_AT

DURATIONS = st.builds(
    "{}{}".format,
    st.sampled_from((0, 1, 30, 59, 60, 90, 366, 1095, 1825, 99_999, 99_999_999, 100_000_000)),
    st.sampled_from("smhd"),
)
HOURS = st.sampled_from(
    (
        "22:00-07:00",
        "22:00:10-22:00:20",
        "22:00:10-07:00",
        "22:00-22:00:30",
        "09-18",
        "0900-1800",
        "22:00+09:00-07:00",
        "22:00-07:00Z",
        "24:00-07:00",
        "22:00-22:00",
    )
)
MOMENTS = st.sampled_from(
    (
        "2026-09-07",
        "2026-09-07 09:00",
        "2026-09-07 09:00:30.5",
        date(2026, 9, 7),
        datetime(2026, 9, 7, 9),  # noqa: DTZ001  # as a YAML reader makes it
        "0001-01-01",
        "9999-12-31",
        "9999-12-31 23:59:59.999999",
        date.max,
        datetime.max,  # noqa: DTZ901  # as a YAML reader makes it
    )
)
NUMBERS = st.sampled_from((0, 1, 20, -1, 0.1, float("inf"), float("nan"), 1e308, 10**30, True, "5", "x"))
TEXTS = st.sampled_from(("", " ", "あ", "x" * 200, "x" * 201, "\ud800", "\x00", "\u2028", '"', "\\"))
WAYS = st.lists(
    st.builds("{} {}".format, st.sampled_from(("sms", "mail", "fax")), DURATIONS), min_size=1, max_size=3
)

PLACES: tuple[tuple[tuple[str | int, ...], st.SearchStrategy[Any]], ...] = (
    *((("settings", name), DURATIONS) for name in ("calm_after", "publish_within", "reply_within")),
    *((("settings", name), DURATIONS) for name in ("after_care", "takedown_deadline", "grouping_window")),
    (("settings", "message_caps", 0, "within"), DURATIONS),
    (("settings", "message_caps", 0, "at_most"), NUMBERS),
    (("settings", "levels", 2, "per_minute"), NUMBERS),
    (("settings", "levels", 2, "posts"), NUMBERS),
    (("settings", "levels", 2, "because"), TEXTS),
    (("settings", "desk_phone"), st.sampled_from(("", "03-1234-5678", "+1 202-555-0100", "+81 3 1234 5678"))),
    (("watches", "brands", 0, "normal_per_minute"), NUMBERS),
    (("watches", "sources", 0, "weight"), NUMBERS),
    (("escalation", "ladders", "warning", "steps", 0, "wait"), DURATIONS),
    (("escalation", "ladders", "warning", "ack_expires_after"), DURATIONS),
    (("escalation", "ladders", "warning", "repeats"), NUMBERS),
    (("escalation", "ladders", "warning", "repeat_from"), NUMBERS),
    (("escalation", "ladders", "warning", "steps", 1, "when", "hours"), HOURS),
    (("escalation", "ladders", "warning", "steps", 1, "when", "growing", "within"), DURATIONS),
    (("escalation", "ladders", "warning", "steps", 1, "when", "growing", "posts"), NUMBERS),
    (("escalation", "ladders", "critical", "roll_call", "every"), DURATIONS),
    (("escalation", "standstill", "calming"), DURATIONS),
    (("escalation", "life_at_risk", "facts"), DURATIONS),
    *((("escalation", "response_clock", "critical", stage), DURATIONS) for stage in ("found", "executive")),
    (("roster", "people", 0, "urgent"), WAYS),
    (("roster", "people", 0, "normal"), WAYS),
    (("roster", "people", 0, "quiet"), HOURS),
    (("roster", "people", 0, "name"), TEXTS),
    (("roster", "rotations", 0, "every"), DURATIONS),
    (("roster", "rotations", 0, "starts"), MOMENTS),
    (("roster", "rotations", 0, "overrides", 0, "since"), MOMENTS),
    (("roster", "rotations", 0, "overrides", 0, "until"), MOMENTS),
    (("roster", "absences", 0, "since"), MOMENTS),
    (("roster", "absences", 0, "until"), MOMENTS),
    (("roster", "experts", 0, "hours"), HOURS),
    (("playbooks", "default", "departments", "pr", "tasks", 0, "due"), DURATIONS),
    (("playbooks", "default", "departments", "pr", "tasks", 0, "remind"), DURATIONS),
)

EDITS = st.lists(
    st.sampled_from(PLACES).flatmap(lambda place: st.tuples(st.just(place[0]), place[1])),
    min_size=1,
    max_size=3,
)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    """The configuration that ships, with everything in it that it may have."""
    trees = {name: plain_values(read_document(SHIPPED / f"{name}.yaml").tree) for name in SECTIONS}
    day = {"since": "2026-09-09 09:00", "until": "2026-09-10"}
    watch = {
        "id": "watch",
        "name": "当番",
        "role": "desk",
        "people": ["arai", "ueda"],
        "starts": "2026-09-07",
    }
    trees["roster"]["rotations"] = [{**watch, "every": "7d", "overrides": [{"person": "ueda", **day}]}]
    trees["roster"]["absences"] = [{"person": "sato", "deputy": "ito", **day}]
    growing = {"hours": "22:00-07:00", "growing": {"posts": 20, "within": "10m"}}
    trees["escalation"]["ladders"]["warning"]["steps"][1]["when"] = growing
    return trees


def checked(trees: dict[str, Any]) -> ConfigurationDocument | None:
    """Return the document if the check has nothing against it."""
    files = {name: Document(file=f"{name}.yaml", tree=tree) for name, tree in trees.items()}
    reading = read_files(files, SHIPPED)
    found = reading.document
    if found is None or any(cross_problems(found, files, at=WRITTEN_AT)):
        return None
    return found


def edited(trees: dict[str, Any], edits: list[tuple[tuple[str | int, ...], Any]]) -> dict[str, Any]:
    changed = deepcopy(trees)
    for place, value in edits:
        node: Any = changed
        for part in place[:-1]:
            node = node[part]
        node[place[-1]] = value
    return changed


def assert_it_works(document: ConfigurationDocument) -> None:
    published = document.to_json()
    again = ConfigurationDocument.from_json(published)
    assert again.to_json() == published
    assert again.to_configuration() == document.to_configuration()
    for level in Level.WARNING, Level.CRITICAL:
        asked = Question(
            category=Category.CONTAMINATION, level=level, at=datetime(2026, 9, 9, 23, tzinfo=JST)
        )
        words = Wording()
        told = explain(asked, configuration=again.to_configuration(), standings=Standings(), words=words)
        assert as_text(told, words)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS)
def test_whatever_passes_the_check_is_read_back_and_can_be_played_out(
    edits: list[tuple[tuple[str | int, ...], Any]], shipped: dict[str, Any]
) -> None:
    document = checked(edited(shipped, edits))
    if document is not None:
        assert_it_works(document)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("settings", "after_care"), "1095d"),
        (("settings", "after_care"), "90d"),
        (("settings", "calm_after"), "0h"),
        (("escalation", "ladders", "warning", "steps", 0, "wait"), "7d"),
        (("escalation", "ladders", "warning", "steps", 1, "when", "growing", "within"), "1d"),
        (("roster", "people", 0, "urgent"), ["sms", "mail 1d"]),
        (("roster", "people", 0, "quiet"), "09-18"),
        (("roster", "absences", 0, "until"), "9999-12-30"),
    ],
)
def test_the_longest_that_is_allowed_passes(
    place: tuple[str | int, ...], value: object, shipped: dict[str, Any]
) -> None:
    document = checked(edited(shipped, [(place, value)]))
    assert document is not None
    assert_it_works(document)


@given(st.integers(min_value=0, max_value=99_999_999), st.sampled_from("smhd"))
def test_a_duration_is_written_as_it_can_be_read(number: int, unit: str) -> None:
    meant = read_duration(f"{number}{unit}")
    assert read_duration(write_duration(meant)) == meant >= timedelta()
