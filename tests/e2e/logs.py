"""Everything the stack wrote into logs, and everything that must not be in it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

import phonenumbers

from hikeshi.domain.people import Person
from infra.local.home import Home
from tests.e2e.recording import Recording
from tests.e2e.scene import Scene

_TOKEN = re.compile(r"/r/([1-9A-HJ-NP-Za-km-z]{22})")


def lines_of(scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield every line of every log group, with the name of the group."""
    logs = scene.client("logs")
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                yield from ((name, event["message"]) for event in events["events"])


def canaries(scene: Scene, home: Home) -> Mapping[str, str]:
    """Return every string that must be in no log, with what it is."""
    found = dict(_of_people(scene.configuration.roster.people.values()))
    found |= dict.fromkeys(_links(home), "token of a link")
    found |= dict.fromkeys(_texts(home), "text of a message")
    found |= dict.fromkeys(_task_tokens(scene), "task token")
    return found


def hits(lines: Iterable[tuple[str, str]], forbidden: Mapping[str, str]) -> list[str]:
    """Return which log holds what kind of secret; never the secret itself."""
    one_of_them = re.compile(
        "|".join(re.escape(secret) for secret in sorted(forbidden, key=len, reverse=True))
    )
    return [
        f"{group}: {forbidden[found]} in {line[:80].replace(found, '…')!r}"
        for group, line in lines
        for found in one_of_them.findall(line)
    ]


def _of_people(people: Iterable[Person]) -> Iterator[tuple[str, str]]:
    for person in people:
        if person.phone:
            number = phonenumbers.parse(person.phone)
            yield person.phone, "phone"
            for style in ("NATIONAL", "INTERNATIONAL"):
                written = phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, style))
                yield written, "phone"
                yield re.sub(r"\D", "", written), "phone"
        if person.mail:
            yield person.mail, "mail"


def _links(home: Home) -> Iterator[str]:
    for text in _every_message(home):
        yield from _TOKEN.findall(text)


def _texts(home: Home) -> Iterator[str]:
    """Yield the first lines of all messages: they name the incident and what was said of it."""
    for text in _every_message(home):
        first = text.splitlines()[0].strip() if text.strip() else ""
        if len(first) > len("【重大】#128"):
            yield first


def _every_message(home: Home) -> list[str]:
    """Every text that ever arrived, those that tests cleared away too."""
    with closing(sqlite3.connect(home.messages)) as database:
        return [row[0] for row in database.execute("SELECT text FROM messages")]


def _task_tokens(scene: Scene) -> Iterator[str]:
    """Yield the task tokens that functions stored or answered, from the record of their calls."""
    recording = Recording(scene)
    for function in recording.functions:
        for event in recording.events_of(function):
            yield from _tokens_in(json.loads(event["CloudTrailEvent"]).get("requestParameters") or {})


def _tokens_in(given: Any) -> Iterator[str]:
    if isinstance(given, dict):
        for name, value in given.items():
            if name in ("task_token", "taskToken"):
                token = value.get("S") if isinstance(value, dict) else value
                if isinstance(token, str) and token:
                    yield token
            else:
                yield from _tokens_in(value)
    elif isinstance(given, list):
        for each in given:
            yield from _tokens_in(each)
