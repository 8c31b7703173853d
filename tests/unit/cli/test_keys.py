from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hikeshi.services.links.link_keeping import LinkKeeping
from hikeshi.services.links.links import mint_link
from infra.cli import keys, links
from infra.keys.office import KeyOffice
from infra.keys.rotating import KeyVersion, RotationError
from infra.learning.desk import NoStackError
from tests.builders import NOON, a_message, a_room, a_roster, an_incident
from tests.fakes.environment import FrozenClock, SequenceIds
from tests.fakes.links import FIRST_KEY, FixedKeyRing, InMemoryLinkStore
from tests.fakes.messaging import InMemoryOutbox
from tests.fakes.responding import InMemoryIncidentRepository

OLD = KeyVersion(id=FIRST_KEY.kid, created_at=NOON, is_current=False)
NEW = KeyVersion(id="key-9", created_at=NOON + timedelta(hours=30), is_current=True)


@dataclass
class Changed:
    """A rotation that only notes what was asked of it."""

    asked: list[str] = field(default_factory=list)

    def live(self) -> tuple[KeyVersion, ...]:
        return (NEW, OLD)

    def rotate(self) -> KeyVersion:
        raise RotationError("まだ 24 時間たっていません")

    def drop_old(self) -> KeyVersion:
        self.asked.append("drop")
        return OLD

    def replace(self) -> KeyVersion:
        self.asked.append("replace")
        return NEW


@dataclass
class Place:
    """A stack on which three links are out."""

    links: InMemoryLinkStore = field(default_factory=InMemoryLinkStore)
    outbox: InMemoryOutbox = field(default_factory=InMemoryOutbox)
    link_key: Changed = field(default_factory=Changed)
    ingest_key: Changed = field(default_factory=Changed)
    tokens: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, person in enumerate(("nakano", "sato", "sato"), start=1):
            message = a_message(person_id=person, nonce=f"{number:032x}")
            token = mint_link(message, links=self.links, keys=FixedKeyRing(), environment="test", at=NOON)
            self.tokens.append(token)

    def office(self) -> KeyOffice:
        incidents = InMemoryIncidentRepository(self.outbox.rows)
        incidents.put(a_room())
        rotations: Any = {"link": self.link_key, "ingest": self.ingest_key}
        return KeyOffice(
            rotations=rotations,
            keeping=LinkKeeping(
                register=self.links,
                incidents=incidents,
                outbox=self.outbox,
                roster=a_roster(),
                clock=FrozenClock(NOON + timedelta(hours=1)),
                ids=SequenceIds(start=50),
            ),
        )

    @property
    def good(self) -> int:
        return sum(not grant.revoked for grant in self.links.grants.values())


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    place = Place()
    for module in (keys, links):
        monkeypatch.setattr(module, "open_key_office", lambda **_: place.office())
    return place


def run(module: Any, *arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(module.app, list(arguments), input=typed)


def test_the_list_tells_how_many_links_hang_on_a_key_and_never_the_key(place: Place) -> None:
    told = run(keys, "list").output
    assert "以前の鍵" in told
    assert "使えるリンク 3 件" in told
    assert str(FIRST_KEY.secret) not in told


def test_what_the_rotation_refuses_is_said_and_nothing_else_happens(place: Place) -> None:
    refused = run(keys, "rotate", "link")
    assert refused.exit_code == 1
    assert "まだ 24 時間たっていません" in refused.output
    assert place.good == 3


def test_dropping_the_old_key_sends_new_links_to_those_who_held_one_of_it(place: Place) -> None:
    told = run(keys, "drop-old", "link")
    assert told.exit_code == 0
    assert "リンク 3 件を無効にしました" in told.output
    assert {row.split("/")[-2] for row in place.outbox.rows} == {"nakano", "sato"}


def test_a_revocation_asks_first(place: Place) -> None:
    assert run(keys, "revoke", "link", typed="n\n").exit_code == 1
    assert (place.link_key.asked, place.good) == ([], 3)
    assert run(keys, "revoke", "link", "--yes").exit_code == 0
    assert (place.link_key.asked, place.good) == (["replace"], 0)


def test_the_key_of_the_webhook_touches_no_link(place: Place) -> None:
    assert run(keys, "revoke", "ingest", "--yes").exit_code == 0
    assert (place.ingest_key.asked, place.good, place.outbox.rows) == (["replace"], 3, {})


def test_an_unknown_kind_of_key_is_named(place: Place) -> None:
    assert run(keys, "rotate", "lock").exit_code == 2


def test_links_are_taken_back_one_alone_by_person_or_by_incident(place: Place) -> None:
    assert "1 件" in run(links, "revoke", "--link", f"https://r.exmp.jp/{place.tokens[0]}").output
    assert "2 件" in run(links, "revoke", "--person", "sato", "--incident", an_incident().id).output
    assert place.good == 0
    assert place.outbox.rows == {}


def test_options_narrow_each_other_and_one_is_needed(place: Place) -> None:
    none = run(links, "revoke", "--person", "sato", "--incident", "inc-other")
    assert none.exit_code == 1
    assert "何も無効にしていません。hikeshi links list で" in none.output
    assert run(links, "revoke").exit_code == 2
    assert run(links, "revoke", "--link", "https://r.exmp.jp/short").exit_code == 2
    assert place.good == 3


def test_new_links_are_sent_where_that_is_asked_for(place: Place) -> None:
    assert run(links, "revoke", "--incident", an_incident().id, "--send-new").exit_code == 0
    assert {row.split("/")[-2] for row in place.outbox.rows} == {"nakano", "sato"}


def test_the_links_are_counted_and_never_shown(place: Place) -> None:
    told = run(links, "list").output
    assert "sato: incident" in told
    assert not any(token in told for token in place.tokens)


def test_without_a_stack_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(**_: object) -> KeyOffice:
        raise NoStackError("hikeshi local up で起動してください")

    for module in (keys, links):
        monkeypatch.setattr(module, "open_key_office", none)
        refused = run(module, "list")
        assert (refused.exit_code, "hikeshi local up" in refused.output) == (1, True)
