"""A bad post of our own: archived, then removed, then said so; and not left alone."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.errors import AlreadyDecidedError, InvalidFormError, NotFoundError, NotReadyError
from hikeshi.domain.own_posts import OwnPost, OwnPostStep
from hikeshi.services.audit.reminders import remind_of_promises
from hikeshi.services.takedowns import own_post_desk
from hikeshi.services.takedowns.takedown_promises import own_posts
from tests.builders import a_room, an_incident, an_own_post
from tests.fakes.stage import Stage

ID = an_incident().id
URL = "https://x.com/tsukimi_example/status/1"
TEXT = "写真は加工です。騒がないでください。"


def archive(stage: Stage, url: str = URL) -> OwnPost:
    room = own_post_desk.archive_own_post(
        ID, by=stage.by("suzuki"), url=url, text=TEXT, wrong="確認前に言い切りました"
    )
    return room.own_posts[-1]


def remove(stage: Stage, post_id: str, notice: str = "お詫びして取り下げます。") -> OwnPost:
    room = own_post_desk.remove_own_post(
        ID, by=stage.by("sato"), post_id=post_id, reason="お客様への配慮を欠きました", notice=notice
    )
    return room.own_posts[-1]


def announce(stage: Stage, post_id: str) -> OwnPost:
    room = own_post_desk.announce_own_post(
        ID, by=stage.by("suzuki"), post_id=post_id, where="https://www.example.jp/news/1"
    )
    return room.own_posts[-1]


def test_s2_15_an_own_post_is_archived_then_removed_then_said_with_the_reason_logged(stage: Stage) -> None:
    post = archive(stage)
    kept = stage.proofs.files[ID, f"{post.evidence.sha256}.json"]
    assert hashlib.sha256(kept).hexdigest() == post.evidence.sha256
    assert TEXT in kept.decode()
    assert remove(stage, post.id).step is OwnPostStep.REMOVED
    assert announce(stage, post.id).step is OwnPostStep.ANNOUNCED
    events = [entry.event for entry in stage.incidents.timeline(ID)]
    assert [event.kind for event in events] == [
        "own_post_archived",
        "own_post_removed",
        "own_post_announced",
    ]
    assert events[1].details["reason"] == "お客様への配慮を欠きました"


def test_s2_15_nothing_is_removed_before_it_is_archived_or_said_before_it_is_removed(stage: Stage) -> None:
    with pytest.raises(NotFoundError):
        remove(stage, "own-1")
    post = archive(stage)
    with pytest.raises(NotReadyError) as refused:
        announce(stage, post.id)
    assert refused.value.missing == ("own_post_removed",)


@pytest.mark.parametrize("notice", ["", " \n "])
def test_s2_15_removing_demands_what_the_public_will_be_told(stage: Stage, notice: str) -> None:
    post = archive(stage)
    with pytest.raises(NotReadyError) as refused:
        remove(stage, post.id, notice)
    assert refused.value.missing == ("own_post_notice",)
    assert stage.incidents.room(ID).own_posts == (post,)


def test_each_step_is_taken_once(stage: Stage) -> None:
    post = archive(stage)
    with pytest.raises(NotReadyError) as refused:
        archive(stage)
    assert refused.value.missing == ("own_post_known",)
    remove(stage, post.id)
    with pytest.raises(AlreadyDecidedError):
        remove(stage, post.id)
    announce(stage, post.id)
    with pytest.raises(AlreadyDecidedError):
        announce(stage, post.id)


def test_what_is_no_address_is_refused_by_its_field(stage: Stage) -> None:
    with pytest.raises(InvalidFormError) as refused:
        archive(stage, "昨日の投稿")
    assert refused.value.field == "url"


def test_s2_15_silence_about_an_own_post_reaches_its_people_then_executives() -> None:
    post = an_own_post()
    first, second = own_posts(a_room(own_posts=(post,)))
    assert first.due_at == post.archived_at + timedelta(hours=1)
    assert Role.EXECUTIVE not in first.roles
    assert second.due_at == post.archived_at + timedelta(hours=3)
    assert Role.EXECUTIVE in second.roles
    said = an_own_post(removed_at=post.archived_at, announced_at=post.archived_at)
    assert list(own_posts(a_room(own_posts=(said,)))) == []


def test_s2_15_the_auditor_reminds_of_an_own_post_once(stage: Stage) -> None:
    archive(stage)
    stage.clock.advance(seconds=3_601)
    for _ in range(2):
        remind_of_promises(
            stage.incidents.room(ID),
            incidents=stage.incidents,
            configuration=stage.configuration,
            clock=stage.clock,
            ids=stage.ids,
        )
    assert stage.incidents.kinds(ID).count("own_post_silent") == 1
