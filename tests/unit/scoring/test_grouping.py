"""Which texts become one alert: the same whichever came first, and as a person drew it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.alerts import Alert
from hikeshi.domain.assessment import Category, Level, Reason
from hikeshi.domain.errors import ConcurrentChangeError, InputError, NotFoundError
from hikeshi.domain.levels import DEFAULT_TABLE
from hikeshi.domain.peril import Peril
from hikeshi.domain.posts import Post
from hikeshi.services.alerts.assess import Assessing, score_posts
from hikeshi.services.alerts.regrouping import merged_by_person, split_by_person
from hikeshi.services.messages.said import said
from hikeshi.services.messages.wording import Wording
from tests.builders import BRAND, NOON, a_brand, a_configuration, a_post, an_assessment
from tests.fakes.collecting import RecordingIncidentRequests
from tests.fakes.environment import FrozenClock
from tests.fakes.scoring import InMemoryAlertStore, InMemoryPostArchive, InMemoryPostCounts, ScriptedScorer

POST = "つきみのチョコを開けたら虫が入っていた。写真を載せておきます"
BRIDGE = "つきみのチョコを開けたら虫が入っていた。写真を載せておきます。店に電話したのに折り返しがありません"
FAR = "写真を載せておきます。店に電話したのに折り返しがありません。三日も待っているのに"
NEWS = "つきみ製菓のルナショコラに虫混入か 品川工場を保健所が調査"
SUMMARY = "【悲報】つきみ製菓のルナショコラに虫混入かｗｗｗ 品川工場を保健所が調査 | ネタ速"
OTHER_PAPER = "ルナショコラから虫、つきみの品川工場に保健所の立ち入り"
QUOTE = f"もう買えない…「{NEWS}」子どもが大好きで毎週買っていたのに本当に悲しい"
APART = "つきみのクッキーにも虫がいた、と友人から聞いた"
THREAT = "つきみ製菓の渋谷店に爆弾を仕掛けた。今日の閉店までに爆発させる。覚悟しておけ"
SECOND_THREAT = THREAT.replace("渋谷店", "梅田店")
WORDS = Wording()
A_THREAT = Reason(rule="life.violence.place", label="場所への脅迫", points=90)


@dataclass
class Desk:
    alerts: InMemoryAlertStore = field(default_factory=InMemoryAlertStore)
    counts: InMemoryPostCounts = field(default_factory=InMemoryPostCounts)
    archive: InMemoryPostArchive = field(default_factory=InMemoryPostArchive)
    requests: RecordingIncidentRequests = field(default_factory=RecordingIncidentRequests)
    scorer: ScriptedScorer = field(
        default_factory=lambda: ScriptedScorer({
            "爆弾": an_assessment(category=Category.ATTACK, reasons=(A_THREAT,)),
            "漏えい": an_assessment(category=Category.LEAK),
            "虫": an_assessment(),
            "電話": an_assessment(score=45, level=Level.NOTICE, category=Category.COMPLAINT),
        })
    )  # fmt: skip
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOON + timedelta(minutes=30)))

    def score(self, *posts: Post) -> None:
        assessed = score_posts(
            posts,
            Assessing(
                scorer=self.scorer,
                alerts=self.alerts,
                counts=self.counts,
                archive=self.archive,
                requests=self.requests,
                configuration=a_configuration(),
                clock=self.clock,
            ),
        )
        assert not assessed.errors, assessed.errors

    @property
    def standing(self) -> list[Alert]:
        return [alert for alert in self.alerts.alerts.values() if alert.merged_into is None]

    def partition(self) -> set[tuple[frozenset[str], int, int, int]]:
        """The posts of each alert, with its counters."""
        return {
            (
                frozenset(member.post.id for member in self.alerts.posts(alert.id, limit=1000)),
                alert.posts,
                alert.reposts,
                alert.authors,
            )
            for alert in self.standing
        }


def posts_of(*texts: str) -> list[Post]:
    return [
        a_post(
            id=str(number),
            text=text,
            author=f"author-{number % 4}",
            reposts=number,
            published_at=NOON + timedelta(minutes=number),
            fetched_at=NOON + timedelta(minutes=number + 1),
        )
        for number, text in enumerate(texts)
    ]


def alone(*texts: str) -> Alert:
    desk = Desk()
    desk.score(*posts_of(*texts))
    (alert,) = desk.standing
    return alert


def test_the_headline_of_a_summary_site_is_a_copy_of_the_news() -> None:
    assert said(alone(NEWS, SUMMARY).why_grouped, WORDS) == "本文が同じです"


def test_a_quotation_with_a_comment_joins_and_says_why() -> None:
    assert "含まれています（引用・見出し）" in said(alone(NEWS, QUOTE).why_grouped, WORDS)


def test_another_headline_on_the_matter_joins_by_its_names_and_says_which() -> None:
    assert (
        said(alone(NEWS, OTHER_PAPER).why_grouped, WORDS)
        == "同じ話題です（共通する言葉：ルナショコラ、品川工場、保健所）"
    )


def test_the_same_names_in_another_category_are_another_matter() -> None:
    desk = Desk()
    desk.score(*posts_of(NEWS, "ルナショコラの品川工場、保健所への名簿が漏えい"))
    assert len(desk.standing) == 2


def test_another_text_about_the_same_kind_of_thing_stays_apart() -> None:
    desk = Desk()
    desk.score(*posts_of(POST, APART))
    assert len(desk.standing) == 2


def test_a_second_threat_in_the_same_words_is_a_matter_of_its_own() -> None:
    desk = Desk()
    desk.score(*posts_of(THREAT, SECOND_THREAT))
    assert [alert.peril for alert in desk.standing] == [Peril.VIOLENCE, Peril.VIOLENCE]


@pytest.mark.parametrize(
    "copy", [f"{THREAT}w", f"怖すぎる「{THREAT}」だって、拡散", THREAT.rpartition("。")[0]]
)
def test_whoever_hands_on_a_threat_makes_no_second_one(copy: str) -> None:
    assert alone(THREAT, copy).peril is Peril.VIOLENCE


def test_a_name_that_differs_divides_no_ordinary_copies() -> None:
    alone(POST.replace("写真", "渋谷店の写真"), POST.replace("写真", "梅田店の写真"))


def test_words_that_the_brand_s_posts_always_use_tie_nothing() -> None:
    desk = Desk()
    for hour in range(30):
        at = desk.clock.now() - timedelta(hours=hour + 1)
        desk.score(
            a_post(id=f"calm-{hour}", text="ルナショコラと品川工場と保健所", published_at=at, fetched_at=at)
        )
    desk.score(*posts_of(NEWS, OTHER_PAPER))
    assert len(desk.standing) == 2


def test_a_text_that_is_kin_to_two_alerts_makes_them_one_with_every_count() -> None:
    desk = Desk()
    first, second, bridge = posts_of(POST, FAR, BRIDGE)
    desk.score(first, second)
    assert len(desk.standing) == 2
    desk.score(bridge)
    (alert,) = desk.standing
    assert (alert.posts, alert.reposts, alert.authors) == (3, 3, 3)
    desk.score(second, first, bridge)
    assert desk.partition() == {(frozenset("012"), 3, 3, 3)}


def test_two_alerts_in_two_incidents_are_left_to_their_people() -> None:
    desk = Desk()
    first, second, bridge = posts_of(POST, FAR, BRIDGE)
    desk.score(first, second)
    for number, alert in enumerate(desk.standing):
        desk.alerts.save(replace(alert, incident_id=f"inc-{number}"), None)
    desk.score(bridge)
    assert len(desk.standing) == 2


def test_the_incident_of_one_becomes_that_of_both() -> None:
    desk = Desk()
    first, second, bridge = posts_of(POST, FAR, BRIDGE)
    desk.score(second)
    (alert,) = desk.standing
    desk.alerts.save(replace(alert, incident_id="inc-1"), None)
    desk.score(first, bridge)
    (together,) = desk.standing
    assert (together.incident_id, together.posts, together.id) == ("inc-1", 3, alert.id)


def test_two_kindred_texts_that_are_stored_at_once_find_each_other() -> None:
    desk = Desk()
    first, second = posts_of(POST, f"{POST}。これはひどい")

    def slip_in() -> None:
        desk.alerts.before_save = lambda: None
        desk.score(second)

    desk.alerts.before_save = slip_in
    desk.score(first)
    assert desk.partition() == {(frozenset("01"), 2, 1, 2)}


def test_a_merge_that_was_broken_off_goes_on_with_the_next_try() -> None:
    desk = Desk()
    posts = posts_of(POST, f"RT @y: {POST}", FAR, f"RT @x: {FAR}", BRIDGE)
    desk.score(*posts[:4])
    moves = desk.alerts.move
    left = [1]

    def broken(*args: object, **kwargs: object) -> tuple[Alert, Alert]:
        if not left:
            raise ConcurrentChangeError("alert")
        left.pop()
        return moves(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they are

    desk.alerts.move = broken  # type: ignore[method-assign]  # a store that fails half-way
    with pytest.raises(AssertionError):
        desk.score(posts[4])
    assert sorted(alert.posts for alert in desk.standing) == [1, 3]
    desk.alerts.move = moves  # type: ignore[method-assign]  # and recovers
    desk.score(posts[4])
    assert desk.partition() == {(frozenset("01234"), 5, 10, 4)}


COPIES = (f"{POST}。これはひどい", f"RT @x: {FAR}")
TEXTS = (POST, BRIDGE, FAR, NEWS, SUMMARY, OTHER_PAPER, QUOTE, APART, *COPIES)


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(range(len(TEXTS))), cuts=st.lists(st.integers(0, 10), max_size=3))
def test_any_order_and_any_batches_give_the_same_alerts_and_counts(order: list[int], cuts: list[int]) -> None:
    posts = posts_of(*TEXTS)
    straight, shuffled = Desk(), Desk()
    straight.score(*posts)
    given_order = [posts[number] for number in order]
    borders = [0, *sorted(cuts), len(posts)]
    for start, end in pairwise(borders):
        shuffled.score(*given_order[start:end])
    assert shuffled.partition() == straight.partition()
    assert sum(alert.posts for alert in shuffled.standing) == len(TEXTS)


PIECES = ("虫が", "ルナショコラ", "品川工場", "店に電話", "写真を", "保健所に")
turned = st.lists(st.sampled_from(PIECES), min_size=3, max_size=9).flatmap(
    lambda pieces: st.lists(st.integers(0, len(pieces)), min_size=2, max_size=5).map(
        lambda cuts: ["虫" + "".join([*pieces[cut:], *pieces[:cut]]) for cut in cuts]
    )
)


@settings(max_examples=25, deadline=None)
@given(texts=turned, order=st.randoms(use_true_random=False))
def test_texts_made_of_one_another_group_alike_in_any_order(texts: list[str], order: object) -> None:
    posts = posts_of(*texts)
    shuffled = list(posts)
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    one, other = Desk(), Desk()
    one.score(*posts)
    other.score(*shuffled)
    assert one.partition() == other.partition()


# ---- as a person drew it -----------------------------------------------------------------------


def split(desk: Desk, alert: Alert, *posts: Post, at: datetime = NOON) -> tuple[Alert, Alert]:
    keys = [post.key for post in posts]
    return split_by_person(alert.id, keys, desk.alerts, brand=a_brand(), table=DEFAULT_TABLE, at=at)


def a_split(texts: Sequence[str] = (POST, BRIDGE, FAR)) -> tuple[Desk, list[Post]]:
    desk = Desk()
    posts = posts_of(*texts)
    desk.score(*posts)
    (alert,) = desk.standing
    split(desk, alert, posts[2])
    return desk, posts


def test_a_split_counts_both_halves_and_judges_each_by_its_own_posts() -> None:
    desk, _ = a_split()
    assert desk.partition() == {(frozenset("01"), 2, 1, 2), (frozenset("2"), 1, 2, 1)}
    by_posts = {alert.posts: alert for alert in desk.standing}
    assert (by_posts[1].level, by_posts[1].category) == (Level.NOTICE, Category.COMPLAINT)
    assert by_posts[2].level is Level.WARNING
    assert all(alert.pinned for alert in desk.standing)


def test_what_was_split_stays_apart_and_copies_go_where_their_text_went() -> None:
    desk, posts = a_split()
    before = desk.partition()
    desk.score(*posts)
    assert desk.partition() == before
    desk.score(a_post(id="copy", text=FAR, author="kaede", reposts=0))
    assert {(alert.posts, alert.authors) for alert in desk.standing} == {(2, 2)}
    desk.score(a_post(id="bridge", text=f"{BRIDGE}！ひどい", author="momiji", reposts=0))
    assert sorted(alert.posts for alert in desk.standing) == [2, 3]


def test_posts_of_one_text_are_split_together() -> None:
    desk = Desk()
    posts = posts_of(POST, BRIDGE, FAR, f"RT @x: {FAR}")
    desk.score(*posts)
    (alert,) = desk.standing
    _, taken = split(desk, alert, posts[2])
    assert taken.posts == 2


def test_an_author_who_is_in_both_halves_is_counted_in_both() -> None:
    desk = Desk()
    posts = [replace(post, author="one") for post in posts_of(POST, BRIDGE, FAR)]
    desk.score(*posts)
    split(desk, desk.standing[0], posts[2])
    assert {alert.authors for alert in desk.standing} == {1}


def test_a_merge_by_a_person_is_kept_and_takes_copies_of_both() -> None:
    desk = Desk()
    first, second = posts_of(POST, APART)
    desk.score(first, second)
    one, other = sorted(desk.standing, key=lambda alert: alert.first_post_at)
    merged_by_person((one.id, other.id), desk.alerts)
    desk.score(a_post(id="copy", text=APART, author="kaede", reposts=0))
    (alert,) = desk.standing
    assert (alert.id, alert.posts, alert.authors, alert.pinned) == (one.id, 3, 3, True)


def test_what_cannot_be_split_or_merged_is_refused_and_changes_nothing() -> None:
    desk, posts = a_split()
    one, other = desk.standing
    before = desk.partition()
    with pytest.raises(NotFoundError):
        split(desk, one, a_post(id="stranger"))
    with pytest.raises(NotFoundError):
        split(desk, replace(one, id="alert-none"), posts[0])
    with pytest.raises(InputError):
        split(desk, next(a for a in desk.standing if a.posts == 1), posts[2])
    with pytest.raises(InputError):
        merged_by_person((one.id, one.id), desk.alerts)
    with pytest.raises(NotFoundError):
        merged_by_person((one.id, "alert-none"), desk.alerts)
    for number, alert in enumerate((one, other)):
        desk.alerts.save(replace(alert, incident_id=f"inc-{number}"), None)
    with pytest.raises(InputError):
        merged_by_person((one.id, other.id), desk.alerts)
    assert desk.partition() == before
    assert all(alert.brand == BRAND for alert in desk.standing)
