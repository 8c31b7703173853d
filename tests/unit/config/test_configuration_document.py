from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.adapters.configuration_document import ConfigurationDocument
from hikeshi.adapters.document_types import read_duration
from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType, Fault, Level
from hikeshi.domain.errors import ConfigError
from hikeshi.domain.escalation import Condition, Growth, Hours, RollCall
from infra.configuring.checks import check_directory
from tests.unit.config.conftest import Edit


@pytest.fixture
def document(directory: Path) -> ConfigurationDocument:
    found = check_directory(directory).document
    assert found is not None
    return found


def test_publishing_and_reading_change_nothing(document: ConfigurationDocument) -> None:
    again = ConfigurationDocument.from_json(document.to_json())
    assert again.to_configuration() == document.to_configuration()
    assert again.to_json() == document.to_json()


def test_people_hold_their_seats_in_the_order_of_the_roster(document: ConfigurationDocument) -> None:
    roster = document.to_configuration().roster
    assert [person.id for person in roster.holders(Role.DESK)] == ["arai", "ueda"]


def test_a_ladder_of_a_category_takes_the_place_of_the_ordinary_one(document: ConfigurationDocument) -> None:
    policy = document.to_configuration().escalation
    ordinary = policy.ladder_for(Category.CONTAMINATION, Level.WARNING)
    special = policy.ladder_for(Category.COMPLAINT, Level.WARNING)
    assert ordinary != special
    assert special.steps[0].wait_seconds == 900
    assert policy.ladder_for(Category.COMPLAINT, Level.CRITICAL) == policy.ladders[Level.CRITICAL]


def test_every_category_of_risk_has_a_playbook_of_its_own(document: ConfigurationDocument) -> None:
    risks = set(Category) - {Category.NONE, Category.SUPPORT}
    assert set(document.playbooks.categories) == risks


def test_whoever_a_critical_ladder_names_can_approve_and_sign(document: ConfigurationDocument) -> None:
    from hikeshi.domain.actions import Action
    from hikeshi.domain.escalation import people_of

    configuration = document.to_configuration()
    for category in document.playbooks.categories:
        step = configuration.escalation.ladder_for(category, Level.CRITICAL).steps[0]
        people = people_of(step, category=category, roster=configuration.roster)
        playbook = configuration.playbooks.resolve(category, CrisisType.NONE, Fault.UNKNOWN)
        for action in (Action.APPROVE_STATEMENT, Action.DECLARE_CALM, Action.SIGN_REPORT):
            assert sum(playbook.permits(person, action) for person in people) >= 2, (category, action)


def test_a_published_document_that_is_broken_names_the_field_and_not_its_value(
    document: ConfigurationDocument,
) -> None:
    content = document.to_json().replace(b'"+819000000003"', b'"secret-number"')
    with pytest.raises(ConfigError) as caught:
        ConfigurationDocument.from_json(content)
    assert "roster.people.2.phone" in str(caught.value)
    assert "secret-number" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"not json", b"\xff\xfe"])
def test_what_is_no_document_is_a_config_error(content: bytes) -> None:
    with pytest.raises(ConfigError):
        ConfigurationDocument.from_json(content)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30s", timedelta(seconds=30)),
        ("5m", timedelta(minutes=5)),
        (" 3 h ", timedelta(hours=3)),
        ("30d", timedelta(days=30)),
    ],
)
def test_a_duration_is_read(written: str, meant: timedelta) -> None:
    assert read_duration(written) == meant


@given(st.one_of(st.text(max_size=12), st.integers(), st.none()))
def test_whatever_else_is_no_duration_raises_one_kind_of_error(written: object) -> None:
    try:
        assert read_duration(written) >= timedelta()
    except ValueError:
        return


def test_words_that_the_settings_name_travel_with_the_document(directory: Path, edit: Edit) -> None:
    own = directory / "lexicon" / "own.toml"
    own.write_text('[words.own]\nterms = ["ひのまる君"]\n', "utf-8")
    edit("settings.yaml", "lexicon_entries: []", "lexicon_entries: own")
    found = check_directory(directory).document
    assert found is not None
    again = ConfigurationDocument.from_json(found.to_json()).to_configuration()
    assert [file.name for file in again.lexicon] == ["lexicon/food.toml", "lexicon/own.toml"]
    assert again.lexicon[1].text == own.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "kind"),
    [(None, "lexicon_missing"), ("[words", "lexicon_toml"), ("#" * 200_001, "lexicon_too_long")],
)
def test_words_that_cannot_be_used_are_refused_at_save(
    text: str | None, kind: str, directory: Path, edit: Edit
) -> None:
    if text is not None:
        (directory / "lexicon" / "own.toml").write_text(text, "utf-8")
    edit("settings.yaml", "lexicon_entries: []", "lexicon_entries: [own]")
    assert [problem.kind for problem in check_directory(directory).problems] == [kind]


def test_conditions_rotations_and_roll_calls_come_back_as_they_were_published(
    document: ConfigurationDocument,
) -> None:
    step = {
        "wait": "10m",
        "roles": ["desk"],
        "rotations": ["night"],
        "when": {"hours": "22:00-07:00", "growing": {"posts": 20, "within": "10m"}, "raised": True},
    }
    written = document.model_dump(mode="json")
    written["escalation"]["ladders"]["warning"]["steps"].append(step)
    again = ConfigurationDocument.from_json(ConfigurationDocument.model_validate(written).to_json())
    assert again.to_json() == ConfigurationDocument.model_validate(written).to_json()
    policy = again.to_configuration().escalation
    added = policy.ladders[Level.WARNING].steps[-1]
    assert added.rotations == ("night",)
    assert added.condition == Condition(
        hours=Hours(start=time(22), end=time(7)),
        growth=Growth(posts=20, within=timedelta(minutes=10)),
        raised=True,
    )
    roll_call = policy.roll_call_for(Category.LEAK, Level.CRITICAL)
    assert roll_call == RollCall(roles=(Role.EXECUTIVE,), every=timedelta(minutes=10), repeats=3)
