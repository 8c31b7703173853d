"""AWS calls of a minute in which nothing happens, of a post, and of an incident from first to last.

Counted on the embedded stack with warm functions. Polling of queues and streams, which AWS does by
itself, is not among them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console

from infra.local.emptying import empty
from infra.local.feed import FeedPost, moment
from infra.local.play import Play
from infra.local.scenario import first_wave, second_wave
from tests.benchmarks.calls.counting import Meter, by_operation, table
from tests.benchmarks.calls.stack import recorded_scene, run_every_minute, transitions
from tests.e2e.scene import Scene

POSTS = 10
HARMLESS = "ひのでチョコの詰め合わせを買いました。おいしいです"


def harmless(mark: str) -> list[FeedPost]:
    """Return posts that nobody has to hear of."""
    now = datetime.now(UTC)
    return [
        FeedPost(
            id=f"{mark}-{number}",
            text=f"{HARMLESS}（{number} 回目）",
            published_at=moment(now),
            author=f"customer_{number}",
            url=f"https://sns.example.jp/{mark}/{number}",
        )
        for number in range(POSTS)
    ]


def one_incident(scene: Scene) -> Play:
    """Take the demo's case from its first post to the signed report."""
    found_at = datetime.now(UTC)
    scene.feed.publish(first_wave(found_at, mark="bench"))
    scene.collect()
    scene.settle()
    scene.feed.publish(second_wave(found_at, mark="bench"))
    scene.collect()
    scene.settle()
    play = Play(
        configuration=scene.configuration, inbox_url=scene.state.inbox_url, client=scene.http, tell=print
    )
    play.to_the_end()
    scene.settle()
    return play


def main() -> None:
    """Print the tables."""
    console = Console(width=100)
    with recorded_scene() as scene:
        scene.feed.publish(harmless("warm"))
        scene.collect()
        scene.call_webhook([{"id": "warm-call", "text": HARMLESS, "source": "partner"}])
        run_every_minute(scene)
        scene.settle()
        meter = Meter(scene)

        ran = run_every_minute(scene)
        quiet = by_operation(meter.read())
        console.print(table(f"A minute in which nothing happens ({', '.join(ran)})", quiet))

        scene.feed.publish(harmless("feed"))
        scene.collect()
        scene.settle()
        collected = by_operation(meter.read())
        console.print(table(f"A harmless post out of a feed that brings {POSTS}", collected, among=POSTS))

        scene.call_webhook([{"id": p.id, "text": p.text, "source": "partner"} for p in harmless("call")])
        scene.settle()
        called = by_operation(meter.read())
        console.print(
            table(f"A harmless post out of a webhook call that brings {POSTS}", called, among=POSTS)
        )

        empty(scene.home, scene.state)
        run_every_minute(scene)
        meter.read()
        one_incident(scene)
        whole = meter.read()
        acting = [call for call in whole if call.function != "responder_api"]
        pages = by_operation(call for call in whole if call.function == "responder_api")
        console.print(
            table("The demo's incident, from the first post to the signed report", by_operation(acting))
        )
        console.print(table("The pages that its people opened and sent", pages))
        sms = sum(message.channel == "sms" for message in scene.inbox.messages())
        moved = transitions(scene)
        console.print(
            f"{len(whole)} calls, {sum(moved.values())} state transitions ({moved}),"
            f" {sms} SMS, {len(scene.inbox.messages()) - sms} mails"
        )


if __name__ == "__main__":
    main()
