"""A mail is read on a phone: one thing a line, no columns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hikeshi import messages
from hikeshi.domain.people import Channel
from hikeshi.services.messages.compose import compose
from hikeshi.services.messages.wording import Wording
from tests.builders import a_message, a_person
from tests.unit.notify.sample_values import INCIDENT, LINK, SELF_HARM, SELF_HARM_STEPS, SENT_AT

FOLDER = Path(messages.__path__[0])
COLUMNS = re.compile(r"\S[ 　]{2,}\S")


def mails(found: object) -> Iterator[str]:
    """Yield every text that is sent as the body of a mail."""
    for key, value in found.items() if isinstance(found, dict) else ():
        if key == "mail" and isinstance(value, str):
            yield value
        yield from mails(value)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_mail_is_laid_out_in_columns_of_spaces(language: str) -> None:
    texts = [
        text
        for catalogue in sorted((FOLDER / language).glob("*.toml"))
        for text in mails(tomllib.loads(catalogue.read_text(encoding="utf-8")))
    ]
    assert len(texts) > 20
    assert [text for text in texts if COLUMNS.search(text)] == []


@pytest.mark.parametrize(("language", "heading"), [("ja", "まず行うこと："), ("en", "First:")])
def test_the_first_steps_are_a_list_under_its_heading_which_goes_with_them(
    language: str, heading: str
) -> None:
    def paragraphs(steps: dict[str, str]) -> list[str]:
        page = a_message(channel=Channel.MAIL, params=INCIDENT | SELF_HARM | steps)
        mail = compose(
            page, person=a_person(page.person_id), link=LINK, wording=Wording(language), at=SENT_AT
        )
        return mail.text.split("\n\n")

    listed = "\n".join(f"{n}. {step}" for n, step in enumerate(SELF_HARM_STEPS.values(), 1))
    assert f"{heading}\n{listed}" in paragraphs(SELF_HARM_STEPS)
    assert not [text for text in paragraphs({}) if heading in text.splitlines()]
