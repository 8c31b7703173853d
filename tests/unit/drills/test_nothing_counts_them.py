"""A history with drills in it comes to the same numbers as the history without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.posts import Post
from hikeshi.services.alerts.assess import Assessing, score_posts
from hikeshi.services.alerts.learning import false_alarms
from hikeshi.services.alerts.precision import precision_by_month
from hikeshi.services.digest.digest import Digesting, digest_at
from hikeshi.services.incidents.open_incident import Opening, open_incident
from hikeshi.services.messages.wording import Wording
from tests.builders import BRAND, NOON, a_configuration, a_post, an_assessment
from tests.fakes.collecting import InMemorySourceStore, RecordingIncidentRequests
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.feedback import InMemoryFeedbackStore
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository
from tests.fakes.scoring import (
    InMemoryAlertStore,
    InMemoryPostArchive,
    InMemoryPostCounts,
    ScriptedScorer,
)

TEXTS = ("つきみのチョコに虫が入っていた", "つきみの店員の動画が回ってきた", "つきみの菓子はおいしい")
JUDGED = {
    "虫": an_assessment(),
    "動画": an_assessment(score=41, level=Level.NOTICE, category=Category.COMPLAINT),
}
MONTH = f"{NOON:%Y-%m}"

_posts = st.lists(
    st.tuples(
        st.sampled_from(TEXTS), st.integers(0, 600), st.integers(0, 90), st.sampled_from(["", "a-drill"])
    ),
    min_size=1,
    max_size=12,
)


class Company:
    """Everything that counts, over one history."""

    def __init__(self) -> None:
        self.alerts, self.counts = InMemoryAlertStore(), InMemoryPostCounts()
        self.incidents, self.feedback = InMemoryIncidentRepository(), InMemoryFeedbackStore()
        self.clock, self.requests = FrozenClock(NOON + timedelta(hours=3)), RecordingIncidentRequests()

    def lives_through(self, posts: Sequence[Post]) -> None:
        opening = Opening(
            alerts=self.alerts,
            incidents=self.incidents,
            configuration=a_configuration(),
            words=Wording(),
            clock=self.clock,
            ids=SequenceIds(),
        )
        for post in posts:
            assessed = score_posts([post], self.assessing())
            assert not assessed.errors
            for alert_id in self.requests.alert_ids:
                open_incident(alert_id, opening)
            self.requests.alert_ids.clear()
        for alert_id in list(self.alerts.alerts):
            false_alarms(
                [alert_id],
                reason="",
                by="nakano",
                alerts=self.alerts,
                feedback=self.feedback,
                clock=self.clock,
            )

    def assessing(self) -> Assessing:
        return Assessing(
            scorer=ScriptedScorer(JUDGED),
            alerts=self.alerts,
            counts=self.counts,
            archive=InMemoryPostArchive(),
            requests=self.requests,
            configuration=a_configuration(),
            clock=self.clock,
        )

    def numbers(self) -> dict[str, Any]:
        at = self.clock.now()
        digesting = Digesting(
            alerts=self.alerts,
            counts=self.counts,
            incidents=self.incidents,
            sources=InMemorySourceStore(),
            feedback=self.feedback,
            outbox=InMemoryOutbox(),
            configuration=a_configuration(),
            clock=self.clock,
        )
        opened = self.incidents.opened_since(NOON - timedelta(days=30))
        return {
            "digest": replace(digest_at(at, digesting), incidents=()),
            "incidents": [(each.number, each.brand, each.level, each.spread) for each in opened],
            "latest": [each.number for each in self.incidents.recent()],
            "posts by hour": self.counts.history(BRAND, since=NOON - timedelta(days=30)),
            "alerts": {each.id: each for each in self._unlinked()},
            "precision": precision_by_month(self.feedback.month(MONTH)),
        }

    def _unlinked(self) -> list[Any]:
        # Ids of incidents are drawn one after the other, for drills as well: they number nothing.
        found = self.alerts.every(BRAND, since=NOON - timedelta(days=30))
        return [replace(alert, incident_id=None, version=0) for alert in found]


@settings(max_examples=60, deadline=None)
@given(told=_posts)
def test_drills_change_no_number(told: list[tuple[str, int, int, str]]) -> None:
    history = [
        a_post(
            id=f"{drill}post-{place}",
            text=text,
            brand=BRAND,
            reposts=reposts,
            author=f"author_{place}",
            published_at=NOON + timedelta(minutes=minutes),
            fetched_at=NOON + timedelta(hours=2),
            drill=drill,
        )
        for place, (text, reposts, minutes, drill) in enumerate(told)
    ]
    without, together = Company(), Company()
    without.lives_through([post for post in history if not post.drill])
    together.lives_through(history)
    assert together.numbers() == without.numbers()


def test_what_people_say_of_a_drill_teaches_nothing() -> None:
    company = Company()
    company.lives_through([a_post(text=TEXTS[0], brand=BRAND, drill="a-drill")])
    assert company.alerts.alerts
    assert list(company.feedback.month(MONTH)) == []
