"""How long the pages of the largest incident take, and how heavy they are.

One incident on the embedded stack is made as large as they get: 500 posts, 200 facts, 100 tasks. Every
page behind a responder's link is then opened over HTTP, one after the other; the function is warm.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table

from hikeshi.adapters.dynamodb_alerts import DynamoDbAlertStore
from hikeshi.adapters.dynamodb_incidents import DynamoDbIncidentRepository
from hikeshi.adapters.environment import SystemIds
from hikeshi.domain.incidents import RoomChange
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.services.room.action_pages import SubPage
from tests.benchmarks.bench_escalation import one_incident
from tests.benchmarks.calls.stack import recorded_scene
from tests.builders import a_fact, a_post, a_task, an_alerted_post
from tests.e2e.scene import Scene

POSTS, FACTS, TASKS = 500, 200, 100
AT_ONCE = 40
"""Things of a room that one transaction stores."""

READER = "sato"
"""Head of PR: may see every page."""

WITHIN_SECONDS, WITHIN_BYTES = 1.0, 200_000
OPENINGS = 20


def enlarge(scene: Scene) -> None:
    """Fill the only incident."""
    tables = scene.state.outputs
    incidents = DynamoDbIncidentRepository(
        client=scene.client("dynamodb"),
        table=tables["IncidentsTable"],
        outbox_table=tables["OutboxTable"],
        ids=SystemIds(),
    )
    (head,) = scene.incidents()
    room = incidents.room(head["pk"]["S"].removeprefix("INCIDENT#"))
    now = datetime.now(UTC)
    facts = [
        a_fact(id=f"fact-{n}", claim="確" * 300, source="源" * 200, added_at=now, added_by="arai")
        for n in range(FACTS)
    ]
    tasks = [
        a_task(
            id=f"1-t{n}", title="対" * 120, result="結" * 1000, owner="arai", due_at=now + timedelta(hours=n)
        )
        for n in range(TASKS)
    ]
    begun = replace(room, incident=replace(room.incident, status=IncidentStatus.RESPONDING))
    for start in range(0, FACTS, AT_ONCE):
        part = tuple(tasks[start : start + AT_ONCE])
        after = replace(
            begun, facts=(*begun.facts, *facts[start : start + AT_ONCE]), tasks=(*begun.tasks, *part)
        )
        begun = incidents.commit(RoomChange(before=room, after=after, events=()))
        room = begun
    alerts = DynamoDbAlertStore(client=scene.client("dynamodb"), table=tables["AlertsTable"], ids=SystemIds())
    alert = alerts.alert(room.incident.alerts[0])
    if alert is None:
        raise LookupError(room.incident.alerts[0])
    for n in range(POSTS):
        post = a_post(id=f"more-{n}", text="広" * 140, published_at=now - timedelta(seconds=30 * n))
        alert = alerts.save(replace(alert, posts=n + 1), an_alerted_post(post=post))


def main(arguments: list[str]) -> int:
    """Print the table; the exit code is 1 if a page is slower or heavier than promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--openings", type=int, default=OPENINGS)
    openings = parser.parse_args(arguments).openings
    shown = Table(title=f"Pages at {POSTS} posts, {FACTS} facts, {TASKS} tasks; {openings} openings each")
    for heading in ("page", "kB", "median ms", "slowest ms"):
        shown.add_column(heading, justify="left" if heading == "page" else "right")
    missed = False
    with recorded_scene() as scene:
        one_incident(scene, 0)
        link = scene.player(READER).newest_link().links[0]
        enlarge(scene)
        for page in ("", *(f"/{each.value}" for each in SubPage)):
            scene.http.get(link + page)
            seconds, size = [], 0
            for _ in range(openings):
                began = time.perf_counter()
                answer = scene.http.get(link + page)
                seconds.append(time.perf_counter() - began)
                size = len(answer.content)
            if answer.status_code != 200:
                continue  # not for this reader
            shown.add_row(
                page or "(room)",
                f"{size / 1000:.0f}",
                f"{statistics.median(seconds) * 1000:.0f}",
                f"{max(seconds) * 1000:.0f}",
            )
            missed |= statistics.median(seconds) > WITHIN_SECONDS or size > WITHIN_BYTES
    Console(width=100).print(shown)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
