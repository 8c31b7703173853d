"""No function can log what must not be kept, whatever it tries to log."""

from __future__ import annotations

import json
import logging
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.links import ALPHABET, TOKEN_LENGTH
from hikeshi.runtime.observability import RedactingFormatter, get_logger, redact

FUNCTIONS = sorted(path.parent.name for path in (Path(__file__).parents[3] / "functions").glob("*/app.py"))
TOKEN = "Kx7mQ2vT9bLc4NfR8sWzYa"
TASK = "AQCEAAAAKgAAAAMAAAAAAAAAAZ" + "q7+/" * 40
SECRETS = (
    *("+819000001001", "090-0000-1001", "09000001001", "arai@example.jp", "a.b+c@mail.example.co.jp"),
    *(f"https://r.exmp.jp/{TOKEN}", f"/r/{TOKEN}/acknowledge", TOKEN, TASK),
)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_blanked_in_the_message_in_a_field_and_in_a_trace(secret: str) -> None:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(RedactingFormatter(service="test"))
    logger = logging.Logger("test_of_logs")
    logger.addHandler(handler)
    logger.warning("to %s now", secret, extra={"field": secret, "nested": {"deep": [secret]}})
    try:
        raise ValueError(secret)
    except ValueError:
        logger.exception("failed")
    found = written.getvalue()
    for piece in (secret, TOKEN, TASK):
        assert piece not in found
    assert len([json.loads(line) for line in found.splitlines()]) == 2


@given(st.text(ALPHABET, min_size=TOKEN_LENGTH, max_size=TOKEN_LENGTH))
def test_any_link_is_blanked_with_its_path_and_any_of_mixed_case_without(token: str) -> None:
    assert token not in redact(f"GET /r/{token}/facts")
    if token != token.upper() and token != token.lower():
        assert token not in redact(f'{{"token": "{token}"}}')


@pytest.mark.parametrize(
    "harmless",
    [
        "inc-01ARZ3NDEKTSV4RRFFQ69G5FAV/1/warning/0/sato/sms",
        "2026-11-22T09:43:38.462000+00:00",
        "d" * 64,
        "TransactionCanceledException",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    ],
)
def test_ids_and_times_stay_legible(harmless: str) -> None:
    assert redact(harmless) == harmless


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_logs_through_the_filter(function: str) -> None:
    import_module(f"functions.{function}.app")
    kinds = [type(handler.formatter) for handler in get_logger(function).handlers]
    assert RedactingFormatter in kinds
    assert LambdaPowertoolsFormatter not in kinds


def test_what_adapters_log_goes_through_the_filter_too() -> None:
    get_logger("dispatch_messages")
    (handler,) = logging.getLogger("hikeshi").handlers
    assert isinstance(handler.formatter, RedactingFormatter)
    assert not logging.getLogger("hikeshi").propagate
