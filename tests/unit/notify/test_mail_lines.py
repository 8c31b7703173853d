"""A mail is read on a phone: one thing a line, no columns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hikeshi import messages

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
