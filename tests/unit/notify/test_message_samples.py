"""Every text that a person can get, on one page that a person can read in one go.

The page is ``tests/fixtures/messages.md``. After a change that is meant, write it anew with
``python -m tests.unit.notify.test_message_samples`` and read it aloud before committing it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hikeshi.domain.outbox import Message
from hikeshi.domain.people import Channel
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.discretion import DISCREET
from hikeshi.services.messages.message_text import utf16_units
from hikeshi.services.messages.wording import Wording
from tests.builders import a_message, a_person
from tests.unit.notify.sample_values import (
    ABOUT_PEOPLE,
    ASKING,
    INCIDENT,
    LINK,
    LINKLESS,
    NUMBERED,
    SENT_AT,
    TO_EXPERTS,
    UNLINKED,
)
from tests.unit.notify.samples import SCENES

PAGE = Path(__file__).parents[2] / "fixtures" / "messages.md"


def render() -> str:
    return "\n".join(("# 届く文面", "", *_sections(Wording("ja")))).rstrip() + "\n"


def _sections(wording: Wording) -> Iterator[str]:
    for scene, (moment, person_id, level, params) in SCENES.items():
        yield f"## {scene}"
        about_incident = moment not in (*UNLINKED, *ABOUT_PEOPLE)
        linked = moment not in LINKLESS
        for channel in Channel:
            message = a_message(
                person_id=person_id,
                channel=channel,
                moment=moment,
                level=level,
                params=(INCIDENT if about_incident and not _says_little(moment, params) else {}) | params,
                incident_number=128 if about_incident else 0,
                check_number="47" if moment in NUMBERED or params.get("news_key") in ASKING else "",
                drill="a-drill" if scene.startswith("訓練") else "",
            )
            many = scene.startswith("いくつものブランド")
            yield from _sample(message, link=LINK if linked else None, wording=wording, several_brands=many)


def _says_little(moment: str, params: dict[str, str]) -> bool:
    return DISCREET in params or moment in TO_EXPERTS


def _sample(message: Message, *, link: str | None, wording: Wording, several_brands: bool) -> Iterator[str]:
    composed = compose(
        message,
        person=a_person(message.person_id),
        link=link,
        wording=wording,
        at=SENT_AT,
        several_brands=several_brands,
    )
    if message.channel is Channel.SMS:
        units = utf16_units(composed.text)
        yield from (f"SMS（{units}字、{composed.parts}通）", "```", composed.text, "```")
    else:
        yield from ("メール", "```", f"件名: {composed.subject}", "", composed.text.rstrip(), "```")
    yield ""


def test_every_text_is_the_one_that_was_read_and_agreed_on() -> None:
    assert render() == PAGE.read_text(encoding="utf-8")


def test_every_moment_of_the_catalogue_has_a_sample() -> None:
    moments = {key.split(".")[1] for key in Wording() if key.startswith("message.")}
    assert {moment for moment, *_ in SCENES.values()} == moments


def mails() -> dict[str, str]:
    """Return each mail by its scene."""
    parts = [section.split("メール\n```\n") for section in render().split("\n## ")[1:]]
    return {before.splitlines()[0]: mail.split("\n```")[0] for before, mail in parts}


def test_every_mail_with_a_time_says_once_whose_clock_it_is() -> None:
    named = {scene: "日本時間" in mail for scene, mail in mails().items() if re.search(r"\d:\d\d", mail)}
    assert len(named) > 50
    assert all(named.values()), named
    assert not [
        scene for scene, mail in mails().items() if "時刻は日本時間" in mail and "（日本時間）" in mail
    ]


def test_every_mail_that_may_say_what_it_is_about_names_the_brand() -> None:
    written = mails()
    telling = {
        scene
        for scene, (moment, _, _, params) in SCENES.items()
        if moment not in (*UNLINKED, *ABOUT_PEOPLE) and DISCREET not in params
    }
    assert not [
        scene for scene in telling if not re.search("つきみ製菓|ひのでホールディングス", written[scene])
    ]


def test_no_sample_has_a_gap_or_a_placeholder() -> None:
    text = render()
    assert not any(flaw in text for flaw in ("—", "{", "}", "None", "「」"))


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
