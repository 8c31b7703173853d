"""Runs after everything else has left its traces: what none of the logs may hold."""

from __future__ import annotations

from collections import Counter

import pytest

from infra.local.home import Home
from tests.e2e.logs import canaries, hits, lines_of
from tests.e2e.scene import Scene

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


def test_no_log_of_the_whole_run_holds_a_phone_a_mail_a_link_a_text_or_a_task_token(
    scene: Scene, home: Home
) -> None:
    forbidden, lines = canaries(scene, home), list(lines_of(scene))
    known = Counter(forbidden.values())
    assert min(known[what] for what in ("phone", "mail", "token of a link", "task token")) > 0
    assert len(lines) > 100
    assert any("outbox worked through" in line for _, line in lines)
    assert hits(lines, forbidden) == []


def test_a_secret_in_a_log_is_found_and_not_repeated() -> None:
    forbidden = {"+819000001001": "phone", "arai@example.jp": "mail"}
    lines = [("api", 'GET "+819000001001"'), ("api", "fine"), ("page", "to arai@example.jp now")]
    assert hits(lines, forbidden) == [
        "api: phone in 'GET \"…\"'",
        "page: mail in 'to … now'",
    ]
