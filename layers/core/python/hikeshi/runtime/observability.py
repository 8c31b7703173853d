"""Structured logs that never hold a phone number, a mail address, a link or a task token."""

from __future__ import annotations

import logging
import re
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

_SECRETS = re.compile(
    r"(?P<phone>\+\d{8,15}\b|\b0\d{1,4}-?\d{1,4}-?\d{3,4}\b)"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<link>/r/[1-9A-HJ-NP-Za-km-z]{22})"
    # Without that path a link is 22 characters of mixed case, which no word of ours is.
    r"|(?P<token>(?<![\w+=-])(?=\w*[a-z])(?=\w*[A-Z])[1-9A-HJ-NP-Za-km-z]{22}(?![\w+=-]))"
    r"|(?P<task>[A-Za-z0-9+/=]{100,})"
)


def redact(text: str) -> str:
    """Blank phone numbers, mail addresses, link tokens and task tokens."""
    return _SECRETS.sub(lambda found: f"[{found.lastgroup}]", text)


class RedactingFormatter(LambdaPowertoolsFormatter):
    """Blanks secrets in the finished line, whatever field they stood in."""

    def format(self, record: logging.LogRecord) -> str:
        """Format the record, then blank what must not be kept."""
        return redact(super().format(record))


def get_logger(service: str) -> Logger:
    """Return the logger of a function; one JSON line a record, and so for what adapters log."""
    adopt(logging.getLogger("hikeshi"), service)
    formatter: Any = RedactingFormatter()
    return Logger(service=service, logger_formatter=formatter)


def adopt(logger: logging.Logger, service: str) -> None:
    """Make the logger of a library write as ours do, so that its lines are redacted too."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(service=service))
    logger.handlers = [handler]
    logger.propagate = False
