from __future__ import annotations

import re
from enum import StrEnum

import pytest

from hikeshi.domain.actions import Action, Role
from hikeshi.domain.assessment import Category, CrisisType, Fault, Intent, Level
from hikeshi.domain.facts import Verdict
from hikeshi.domain.incidents import Slot
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.people import Channel
from hikeshi.domain.statements import StatementKind
from hikeshi.services.messages.wording import LANGUAGES, MESSAGES, Wording, sentences_in

NAMED: dict[str, type[StrEnum]] = {
    "level": Level,
    "category": Category,
    "crisis_type": CrisisType,
    "fault": Fault,
    "intent": Intent,
    "role": Role,
    "status": IncidentStatus,
    "verdict": Verdict,
    "statement_kind": StatementKind,
    "slot": Slot,
    "action": Action,
    "channel": Channel,
}


def test_every_language_has_the_same_keys() -> None:
    first, *others = [Wording(language) for language in LANGUAGES]
    for other in others:
        assert set(other) == set(first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_in_two_files(language: str) -> None:
    keys = [key for file in (MESSAGES / language).glob("*.toml") for key, _ in sentences_in(file)]
    assert sorted(keys) == sorted(set(keys))


def test_no_language_names_a_value_that_the_others_do_not_have() -> None:
    # A sentence may name a value twice or in another order, but never one of its own.
    japanese, english = Wording("ja"), Wording("en")
    odd = {key for key in japanese if japanese.placeholders(key) != english.placeholders(key)}
    assert odd == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", NAMED)
def test_every_value_of_the_domain_has_a_name(language: str, group: str) -> None:
    wording = Wording(language)
    assert all(wording.text(f"{group}.{member.value}") for member in NAMED[group])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_moment_has_an_sms_a_subject_and_a_mail(language: str) -> None:
    keys = {key for key in Wording(language) if key.startswith("message.")}
    moments = {key.split(".")[1] for key in keys}
    assert keys == {f"message.{m}.{form}" for m in moments for form in ("sms", "subject", "mail")}


def test_a_value_that_is_missing_reads_as_a_dash() -> None:
    assert Wording().text("timeline.acknowledged") == "—さんが担当になりました。"


def test_braces_in_a_value_stay_as_they_are() -> None:
    text = Wording().text("timeline.dismissed", actor="佐藤", reason="{0.__class__} {reason}")
    assert text == "佐藤さんが誤検知として閉じました。理由：{0.__class__} {reason}"


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        Wording().text("timeline.never_happened")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_shouts_or_speaks_of_burning(language: str) -> None:
    wording = Wording(language)
    for key in wording:
        assert not re.search(r"[!！]|炎上して", wording.template(key)), key


@pytest.mark.parametrize("slot", Slot)
def test_every_slot_has_its_news_and_what_is_asked(slot: Slot) -> None:
    wording = Wording()
    assert f"news.{slot}" in wording
    assert f"ask.{slot}" in wording
