from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.errors import InputError
from hikeshi.domain.feedback import (
    FeedbackVerdict,
    feedback_on,
    missed,
    month_of,
    months_until,
    read_month,
)
from hikeshi.domain.incidents import Slot
from hikeshi.domain.lifecycle import IncidentStatus, LifecycleEvent
from hikeshi.services.alerts.learning import MAX_POSTS, false_alarms, lessons_of
from hikeshi.services.incidents.handover import undo
from hikeshi.services.incidents.lifecycle import advance_incident, learn_from_dismissal
from hikeshi.services.incidents.respond import dismiss
from tests.builders import (
    NOON,
    a_post,
    a_room,
    a_slot,
    a_written_report,
    an_alert,
    an_alerted_post,
    an_incident,
)
from tests.fakes.feedback import InMemoryFeedbackStore
from tests.fakes.stage import Stage


def test_feedback_holds_neither_author_nor_address() -> None:
    word = feedback_on(
        an_alerted_post(), "alert-1", verdict=FeedbackVerdict.RIGHT, reason="", by="sato", at=NOON
    )
    assert (word.post.author, word.post.url) == (None, None)
    assert word.post_key == a_post().key
    assert (word.category, word.level) == (Category.CONTAMINATION, Level.WARNING)
    assert a_post().text not in repr(word)


@pytest.mark.parametrize(
    ("category", "level"), [(Category.NONE, Level.WARNING), (Category.SUPPORT, Level.WARNING),
                            (Category.LEAK, Level.NONE)],
)  # fmt: skip
def test_a_missed_post_has_to_be_a_risk(category: Category, level: Level) -> None:
    with pytest.raises(InputError):
        missed(a_post(), category=category, level=level, reason="", by="x", at=NOON)


def test_the_month_is_that_of_tokyo() -> None:
    assert month_of(datetime(2026, 5, 31, 14, 59, tzinfo=UTC)) == "2026-05"
    assert month_of(datetime(2026, 5, 31, 15, 0, tzinfo=UTC)) == "2026-06"


def test_months_are_counted_back_over_the_new_year() -> None:
    assert months_until("2027-02", 4) == ("2026-11", "2026-12", "2027-01", "2027-02")


@pytest.mark.parametrize("written", ["2026-13", "2026-5", "May", "", "2026-05-01"])
def test_what_is_no_month_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="2026-05"):
        read_month(written)


# ---- what an incident teaches ------------------------------------------------------------------


def decided(stage: Stage, slot: Slot, choice: str, status: IncidentStatus) -> str:
    report = a_written_report()
    room = a_room(
        incident=an_incident(status=status, lead="sato"),
        slots=(a_slot(slot, decision=stage.decided(slot, choice)),),
        report=report if slot is Slot.REPORT else None,
    )
    return stage.incidents.put(room).incident.id


def dismissed(stage: Stage) -> str:
    incident = decided(stage, Slot.TRIAGE, "dismissed", IncidentStatus.DETECTED)
    advance_incident(incident, LifecycleEvent.DISMISSED, stage.lifecycle)
    return incident


def test_the_posts_of_a_dismissed_incident_are_false_alarms_with_its_reason(stage: Stage) -> None:
    stage.keep(an_alert(), an_alerted_post(), an_alerted_post(post=a_post(id="post-2")))
    incident = dismissed(stage)
    said_at = stage.clock.now()
    stage.clock.advance(minutes=11)
    for _ in range(2):
        learn_from_dismissal(incident, stage.lifecycle, generation=1)
    words = stage.feedback.month("2026-05")
    assert {word.post.id for word in words} == {"post-1", "post-2"}
    assert {(word.verdict, word.by, word.alert_id) for word in words} == {
        (FeedbackVerdict.FALSE_ALARM, "sato", an_alert().id)
    }
    assert {word.at for word in words} == {said_at}


def test_nothing_is_learned_of_a_dismissal_as_long_as_it_can_be_taken_back(stage: Stage) -> None:
    stage.keep(an_alert(), an_alerted_post())
    dismissed(stage)
    assert stage.feedback.words == {}


def test_nothing_is_learned_of_a_dismissal_that_was_taken_back(stage: Stage) -> None:
    stage.keep(an_alert(), an_alerted_post())
    incident = dismissed(stage)
    undo(incident, by=stage.by("sato"), of=stage.clock.now().isoformat())
    learn_from_dismissal(incident, stage.lifecycle, generation=1)
    assert stage.feedback.words == {}


def test_a_second_dismissal_does_not_let_the_first_one_teach(stage: Stage) -> None:
    stage.keep(an_alert(), an_alerted_post())
    incident = dismissed(stage)
    undo(incident, by=stage.by("sato"), of=stage.clock.now().isoformat())
    stage.clock.advance(minutes=5)
    dismiss(incident, by=stage.by("nakano"), reason="玩具の写真でした")
    advance_incident(incident, LifecycleEvent.DISMISSED, stage.lifecycle, generation=2)
    learn_from_dismissal(incident, stage.lifecycle, generation=1)
    assert stage.feedback.words == {}
    learn_from_dismissal(incident, stage.lifecycle, generation=2)
    (word,) = stage.feedback.month("2026-05")
    assert (word.by, word.reason) == ("nakano", "玩具の写真でした")


def test_the_posts_of_a_closed_incident_were_right(stage: Stage) -> None:
    stage.keep(an_alert(), an_alerted_post())
    incident = decided(stage, Slot.REPORT, "done", IncidentStatus.REPORTING)
    advance_incident(incident, LifecycleEvent.REPORT_SIGNED, stage.lifecycle)
    (word,) = stage.feedback.month("2026-05")
    assert word.verdict is FeedbackVerdict.RIGHT


def test_what_was_dismissed_and_then_closed_after_all_was_right(stage: Stage) -> None:
    stage.keep(an_alert(), an_alerted_post())
    learn_from_dismissal(dismissed(stage), stage.lifecycle, generation=1)
    stage.clock.advance(days=2)
    incident = decided(stage, Slot.REPORT, "done", IncidentStatus.REPORTING)
    advance_incident(incident, LifecycleEvent.REPORT_SIGNED, stage.lifecycle)
    (word,) = stage.feedback.month("2026-05")
    assert word.verdict is FeedbackVerdict.RIGHT


def test_what_nobody_has_ended_teaches_nothing(stage: Stage) -> None:
    stage.keep(an_alert(), an_alerted_post())
    slots = tuple(a_slot(slot, decision=stage.decided(slot)) for slot in Slot if slot is not Slot.REPORT)
    assert lessons_of(a_room(slots=slots), alerts=stage.alerts) == ()


# ---- the desk's own word -----------------------------------------------------------------------


def say(stage: Stage, *alert_ids: str, store: InMemoryFeedbackStore) -> tuple[int, tuple[str, ...]]:
    return false_alarms(
        alert_ids, reason="広告でした", by="nakano", alerts=stage.alerts, feedback=store, clock=stage.clock
    )


def test_many_alerts_are_said_to_be_false_at_once_and_an_unknown_one_keeps_none_back(stage: Stage) -> None:
    one = stage.keep(an_alert(id="alert-a"), an_alerted_post())
    two = stage.keep(an_alert(id="alert-b"), an_alerted_post(post=a_post(id="post-2")))
    store = InMemoryFeedbackStore()
    assert say(stage, one.id, "alert-none", two.id, one.id, store=store) == (2, ("alert-none",))
    assert {(word.alert_id, word.reason) for word in store.month("2026-05")} == {
        ("alert-a", "広告でした"), ("alert-b", "広告でした"),
    }  # fmt: skip


def test_of_a_large_alert_the_first_posts_are_kept(stage: Stage) -> None:
    members = [
        an_alerted_post(post=a_post(id=f"{n:03d}", published_at=NOON + timedelta(seconds=n)))
        for n in range(MAX_POSTS + 5)
    ]
    stage.keep(an_alert(), *members)
    store = InMemoryFeedbackStore()
    assert say(stage, an_alert().id, store=store) == (MAX_POSTS, ())
    assert "000" in {word.post.id for word in store.month("2026-05")}
