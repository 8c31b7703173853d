"""Posts that expose somebody: which are found, what becomes of them, and what stops it."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from functions.open_incident import app
from hikeshi.domain.caring import mask_of, revoke_consent
from hikeshi.domain.exposure import Watched, exposes
from hikeshi.domain.incidents import Room, RoomChange
from hikeshi.domain.masking import Mask
from hikeshi.domain.outbox import Message
from hikeshi.domain.posts import Post
from hikeshi.domain.takedowns import Ground, TakedownState
from hikeshi.services.alerts.assess import Assessing, score_posts
from hikeshi.services.care.exposure import ExposureWatch, note_exposure
from hikeshi.services.takedowns.takedown_text import findings
from tests.builders import NOON, a_configuration, a_post
from tests.fakes.collecting import RecordingIncidentRequests
from tests.fakes.environment import FrozenClock
from tests.fakes.scoring import InMemoryAlertStore, InMemoryPostArchive, InMemoryPostCounts, ScriptedScorer
from tests.fakes.stage import Stage
from tests.fakes.watching import RecordingExposureReports, RoomsWatchedPeople
from tests.unit.pages import scenes
from tests.unit.pages.protected import SAOTOME, looked_after

WATCHED = Watched(
    incident_id="inc-1",
    track="care-01",
    brand="tsukimi",
    terms=("早乙女翔太", "緑ヶ丘第三高校"),
    until=NOON + timedelta(days=30),
)


@pytest.mark.parametrize(
    ("text", "about", "media", "found"),
    [
        ("犯人は早乙女 翔太、緑ヶ丘第三高校の3年", False, (), True),
        ("早乙女翔太ってこいつ", False, ("photo",), True),
        ("つきみの早乙女翔太、絶対許さない", True, (), True),
        ("早乙女翔太というランナーが優勝", False, (), False),
        ("緑ヶ丘第三高校の文化祭", False, (), False),
        ("つきみの新作がおいしい", True, ("photo",), False),
    ],
)
def test_s3_6_one_term_needs_company_and_two_are_enough(
    text: str, about: bool, media: tuple[str, ...], found: bool
) -> None:
    post = a_post(text=text, media=media)
    assert exposes(post, WATCHED, brands={"tsukimi"} if about else set()) is found


def test_s3_6_a_drill_and_the_real_do_not_meet() -> None:
    post = a_post(text="早乙女翔太、緑ヶ丘第三高校", drill="a-drill")
    assert not exposes(post, WATCHED, brands={"tsukimi"})


@dataclass
class Desk:
    """An incident with somebody to watch over, and everything that reads posts."""

    stage: Stage = field(default_factory=Stage)
    reports: RecordingExposureReports = field(default_factory=RecordingExposureReports)
    archive: InMemoryPostArchive = field(default_factory=InMemoryPostArchive)

    def __post_init__(self) -> None:
        scene = looked_after(scenes.checking(), blurting=False)
        room = scene.room
        (track,) = room.protections
        fresh = replace(track, sightings=())
        room = replace(room, protections=(fresh,))
        self.stage.incidents.commit(RoomChange(before=None, after=room, events=scene.events))
        self.stage.clock.set(scene.at)

    @property
    def room(self) -> Room:
        (room,) = self.stage.incidents.rooms.values()
        return room

    def read(self, *posts: Post) -> None:
        clock: FrozenClock = self.stage.clock
        people = RoomsWatchedPeople(incidents=self.stage.incidents, clock=clock)
        assessed = score_posts(
            posts,
            Assessing(
                scorer=ScriptedScorer({}),
                alerts=InMemoryAlertStore(),
                counts=InMemoryPostCounts(),
                archive=self.archive,
                requests=RecordingIncidentRequests(),
                configuration=a_configuration(),
                clock=clock,
                exposure=ExposureWatch(people=people, reports=self.reports),
            ),
        )
        assert not assessed.errors

    def note(self) -> list[bool]:
        return [note_exposure(each, self.stage.opening) for each in self.reports.found]


EXPOSING = a_post(
    id="exposing",
    text="店員は早乙女翔太、緑ヶ丘第三高校。家も知ってる",
    brand=None,
    url="https://keijiban.example.jp/test/read/1",
)


def test_s3_6_a_post_that_exposes_somebody_reaches_hr_and_legal_with_its_evidence_and_names_nobody() -> None:
    desk = Desk()
    desk.read(EXPOSING)
    (exposed,) = desk.reports.found
    assert not Mask([SAOTOME]).finds(repr(exposed))
    assert desk.note() == [True]
    (sighting,) = desk.room.protections[0].sightings
    assert (sighting.post, sighting.sha256) == (EXPOSING.key, exposed.sha256)
    bodies = [row.body for row in desk.stage.incidents.outbox.values() if isinstance(row.body, Message)]
    assert {body.person_id for body in bodies} == {"kato", "tanaka"}
    assert {body.params["news_key"] for body in bodies} == {"news.exposure_seen"}
    assert not any(mask_of(desk.room).finds(repr(body)) for body in bodies)
    assert desk.stage.incidents.kinds(desk.room.incident.id)[-2:] == ["exposure_seen", "takedown_proposed"]


def test_s3_6_a_find_proposes_a_takedown_on_the_ground_of_privacy() -> None:
    desk = Desk()
    desk.read(EXPOSING)
    desk.note()
    (takedown,) = desk.room.takedowns
    assert (takedown.state, takedown.ground) == (TakedownState.PROPOSED, Ground.PRIVACY)
    assert list(findings(takedown.ground, takedown.passage)) == []
    assert takedown.evidence.sha256 == desk.reports.found[0].sha256
    assert not mask_of(desk.room).finds(takedown.passage + takedown.reason)


def test_s3_6_the_same_post_is_noted_once_and_many_are_told_of_once_an_hour() -> None:
    desk = Desk()
    desk.read(EXPOSING, replace(EXPOSING, id="another", url=None))
    desk.read(EXPOSING)
    assert desk.note() == [True, True, False]
    assert len(desk.room.protections[0].sightings) == 2
    told = len(desk.stage.incidents.outbox)
    desk.stage.clock.advance(hours=1)
    desk.read(replace(EXPOSING, id="third"))
    desk.reports.found = desk.reports.found[-1:]
    assert desk.note() == [True]
    assert len(desk.stage.incidents.outbox) == 2 * told


def test_s3_6_what_was_taken_back_is_not_looked_for_and_not_noted() -> None:
    desk = Desk()
    desk.read(EXPOSING)
    room = desk.room
    revoked, events = revoke_consent(room, "care-01", by="kato", at=desk.stage.clock.now())
    desk.stage.incidents.commit(RoomChange(before=room, after=revoked, events=events))
    assert desk.note() == [False]
    assert desk.stage.incidents.outbox == {}
    desk.reports.found.clear()
    desk.read(replace(EXPOSING, id="later"))
    assert desk.reports.found == []


def test_s3_6_the_watch_stops_after_its_days() -> None:
    desk = Desk()
    desk.stage.clock.advance(days=30)
    desk.read(EXPOSING)
    assert desk.reports.found == []


def test_s3_6_no_log_holds_a_term(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk()
    with caplog.at_level(logging.DEBUG):
        desk.read(EXPOSING)
        (exposed,) = desk.reports.found
        body = {
            "incident_id": exposed.incident_id,
            "track": exposed.track,
            "post": exposed.post,
            "source": exposed.source,
            "url": exposed.url,
            "evidence": exposed.evidence,
            "sha256": exposed.sha256,
            "captured_at": exposed.captured_at.isoformat(),
        }

        event = {
            "Records": [{"messageId": "m1", "body": json.dumps({"exposed": body}), "eventSource": "aws:sqs"}]
        }
        answer = app.lambda_handler(event, None, ports=desk.stage.opening)
    assert answer == {"batchItemFailures": []}
    assert len(desk.room.protections[0].sightings) == 1
    out = capsys.readouterr()
    assert "exposure taken" in out.out + out.err + caplog.text
    assert not Mask([SAOTOME]).finds(out.out + out.err + caplog.text)
