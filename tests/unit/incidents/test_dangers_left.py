"""What is still a danger once somebody read some texts and found none in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from hikeshi.domain.alerts import Alert, AlertedPost
from hikeshi.domain.incidents import Incident
from hikeshi.domain.peril import NoDanger, Peril, perils_of
from hikeshi.services.alerts.dangers import MOST_NAMED, MOST_READ, dangers_among, name_of_text, perils_left
from hikeshi.services.alerts.regrouping import merged
from hikeshi.services.incidents.calming import MOST_GRAVE, read
from hikeshi.services.incidents.open_incident import open_incident
from tests.builders import an_alert, an_alerted_post, an_incident
from tests.fakes.scoring import InMemoryAlertStore
from tests.fakes.stage import Stage
from tests.unit.incidents.growing import FIRST, OTHER, the_room
from tests.unit.incidents.test_no_danger import THREAT, alerted, grave, harmless, in_hand
from tests.unit.incidents.test_protecting import told

LYRIC = "お前を必ず殺す。今夜だ"
ADDING = (
    f"【渋谷店】{LYRIC}",
    f"{LYRIC} @tsukimi_tencho_suzuki",
    f"{LYRIC} | つきみ渋谷店",
    f"{LYRIC} https://maps.example.jp/shibuya",
    f"RT @kaede: {LYRIC}",
    f"{LYRIC}。渋谷店",
)


@pytest.mark.parametrize("later", ADDING)
def test_who_adds_no_more_than_a_name_to_harmless_words_is_judged_anew(stage: Stage, later: str) -> None:
    """Grouping counts these with the lyric; whom they threaten is nothing that anybody has read."""
    alerted(stage, LYRIC)
    in_hand(stage)
    harmless(stage, LYRIC)
    stage.incidents.outbox.clear()
    stage.clock.advance(minutes=1)
    alerted(stage, later)
    assert the_room(stage).incident.perils == (Peril.VIOLENCE,)
    assert {"nakano", "sato"} <= told(stage, "peril")


def test_a_text_has_one_name_however_it_is_encoded_and_spaced() -> None:
    assert name_of_text("ABC　お前を\n殺す ") == name_of_text("abc お前を 殺す")
    assert len(name_of_text("殺す\ud83d")) == len(name_of_text(""))


# ---- alerts that became one --------------------------------------------------------------------


def two_that_became_one(stage: Stage) -> Incident:
    alerted(stage, LYRIC)
    alerted(stage, THREAT, alert_id=OTHER)
    in_hand(stage)
    first, other = stage.alerts.alert(FIRST), stage.alerts.alert(OTHER)
    assert first is not None
    assert other is not None
    open_incident(merged((first, other), stage.alerts).id, stage.opening)
    incident = the_room(stage).incident
    assert set(incident.alerts) == {FIRST, OTHER}
    return incident


def test_of_alerts_that_became_one_the_posts_are_judged_where_they_are(stage: Stage) -> None:
    two_that_became_one(stage)
    assert harmless(stage, LYRIC).incident.perils == (Peril.VIOLENCE,)
    assert harmless(stage, THREAT).incident.perils == ()


class CountingStore(InMemoryAlertStore):
    """Counts which heads and whose posts are read."""

    def __init__(self) -> None:
        super().__init__()
        self.heads_read: Counter[str] = Counter()
        self.posts_read: Counter[str] = Counter()

    def alert(self, alert_id: str) -> Alert | None:
        self.heads_read[alert_id] += 1
        return super().alert(alert_id)

    def posts(self, alert_id: str, *, limit: int = 50) -> Sequence[AlertedPost]:
        self.posts_read[alert_id] += 1
        return super().posts(alert_id, limit=limit)


def test_each_of_them_is_read_once() -> None:
    stage = Stage()
    stage.alerts = store = CountingStore()
    incident = two_that_became_one(stage)
    store.heads_read.clear()
    store.posts_read.clear()
    (one,) = {head.id for head in map(store.alert, incident.alerts) if head and not head.merged_into}
    store.heads_read.clear()
    assert [head.id for head, _ in read(incident, store)] == [one]
    assert max(store.heads_read.values()) == store.posts_read.total() == 1
    store.heads_read.clear()
    store.posts_read.clear()
    assert perils_left(incident.alerts, (nothing_in(LYRIC),), store) == (Peril.VIOLENCE,)
    assert max(store.heads_read.values()) == store.posts_read.total() == 1


# ---- many alerts -------------------------------------------------------------------------------


def nothing_in(*texts: str) -> NoDanger:
    at = an_incident().detected_at
    return NoDanger(texts=tuple(map(name_of_text, texts)), reason="歌詞", title="炎上", by="sato", at=at)


def lyric(number: int) -> str:
    return f"歌詞{number}番「お前を必ず殺す」が好き"


def many(count: int, *, perils: bool = True) -> tuple[Incident, CountingStore]:
    """An incident of so many alerts, each of one dangerous text."""
    stage = Stage()
    stage.alerts = store = CountingStore()
    ids = [f"alert-{number:032d}" for number in range(count)]
    peril = Peril.VIOLENCE if perils else None
    for number, alert_id in enumerate(ids):
        post = grave(lyric(number)) if perils else an_alerted_post()
        stage.keep(an_alert(id=alert_id, peril=peril), post)
    store.heads_read.clear()
    return replace(an_incident(alerts=tuple(ids)), peril=peril), store


def known(incident: Incident, store: CountingStore) -> set[str]:
    posts = [each for _, kept in read(incident, store) for each in kept]
    return {each.post.text for each in dangers_among(posts, incident.harmless)}


@pytest.mark.parametrize("count", [25, 75, 200])
def test_of_many_dangers_each_can_be_read_and_said_to_be_none(count: int) -> None:
    incident, store = many(count)
    said: list[str] = []
    while found := known(incident, store):
        said += found
        incident = replace(incident, harmless=(*incident.harmless, nothing_in(*found)))
    assert len(said) == len(set(said)) == count
    assert perils_left(incident.alerts, incident.harmless, store) == ()


def test_as_many_as_can_be_offered_are_read_and_no_more() -> None:
    incident, store = many(200)
    assert len(known(incident, store)) == MOST_GRAVE
    assert store.posts_read.total() == MOST_GRAVE
    incident = replace(incident, harmless=(nothing_in(*map(lyric, range(60))),))
    store.posts_read.clear()
    assert len(known(incident, store)) == MOST_GRAVE
    assert store.posts_read.total() == 30


def test_an_incident_of_any_size_is_read_within_bounds() -> None:
    incident, store = many(500)
    incident = replace(incident, harmless=(nothing_in(*map(lyric, range(500))),))
    store.heads_read.clear()
    store.posts_read.clear()
    read(incident, store)
    assert store.heads_read.total() == store.posts_read.total() == 10 + 50 + 150


def test_where_no_life_is_at_stake_no_more_is_read_than_before() -> None:
    incident, store = many(200, perils=False)
    assert len(read(incident, store)) == 20
    assert (store.heads_read.total(), store.posts_read.total()) == (60, 20)


# ---- many posts --------------------------------------------------------------------------------


def copies(text: str, count: int) -> list[AlertedPost]:
    one = grave(text)
    return [replace(one, post=replace(one.post, id=f"{text}-{number}")) for number in range(count)]


def grown(stage: Stage, *posts: AlertedPost, grave_texts: tuple[str, ...] = ()) -> None:
    stage.clock.advance(minutes=1)
    stage.keep(stage.alerts.alert(FIRST), *posts, grave_texts=tuple(map(name_of_text, grave_texts)))
    open_incident(FIRST, stage.opening)


def test_one_more_copy_of_harmless_words_calls_nobody_however_many_there_are(stage: Stage) -> None:
    alerted(stage, LYRIC)
    in_hand(stage)
    harmless(stage, LYRIC)
    stage.incidents.outbox.clear()
    grown(stage, *copies(LYRIC, MOST_READ))
    assert the_room(stage).incident.perils == ()
    assert not stage.incidents.messages()


def test_among_a_thousand_copies_of_them_another_text_is_heard(stage: Stage) -> None:
    alerted(stage, LYRIC)
    in_hand(stage)
    harmless(stage, LYRIC)
    grown(stage, grave(f"{LYRIC}。本気だ"), *copies(LYRIC, MOST_READ - 2))
    assert the_room(stage).incident.perils == (Peril.VIOLENCE,)


def test_of_a_sample_without_a_grave_post_what_the_alert_says_holds(stage: Stage) -> None:
    alerted(stage, LYRIC)
    in_hand(stage)
    harmless(stage, LYRIC)
    alert = stage.alerts.alert(FIRST)
    ordinary = an_alerted_post()
    assert not perils_of(ordinary.assessment)
    stage.alerts.members.clear()
    plain = [replace(ordinary, post=replace(ordinary.post, id=str(n))) for n in range(MOST_READ)]
    stage.keep(alert, *plain)
    open_incident(FIRST, stage.opening)
    assert the_room(stage).incident.perils == (Peril.VIOLENCE,)


NEVER_READ = f"{LYRIC}。本気だ"


def test_a_grave_text_that_nobody_read_is_heard_though_its_post_is_in_no_sample(stage: Stage) -> None:
    alerted(stage, LYRIC)
    in_hand(stage)
    harmless(stage, LYRIC)
    grown(stage, *copies(LYRIC, MOST_READ), grave_texts=(LYRIC, NEVER_READ))
    assert the_room(stage).incident.perils == (Peril.VIOLENCE,)
    assert {"nakano", "sato"} <= told(stage, "peril")


@pytest.mark.parametrize(
    ("names", "left"),
    [
        ((LYRIC,), ()),
        ((LYRIC, NEVER_READ), (Peril.VIOLENCE,)),
        (tuple(map(lyric, range(MOST_NAMED))), (Peril.VIOLENCE,)),
    ],
)
def test_of_a_thousand_copies_of_one_text_a_word_about_it_is_enough(
    stage: Stage, names: tuple[str, ...], left: tuple[Peril, ...]
) -> None:
    alerted(stage, LYRIC)
    in_hand(stage)
    grown(stage, *copies(LYRIC, MOST_READ), grave_texts=names)
    assert harmless(stage, LYRIC).incident.perils == left
