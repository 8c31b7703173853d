"""The scenario of the demo: a photo of a larva in a chocolate, and the talk around it.

The company, the people and the posts are invented. Times are told from the first post.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from infra.local.feed import FeedPost, moment

FOUND_AFTER = timedelta(minutes=7)
"""How long the first post has stood when the feed shows it: search feeds lag behind."""

_SITE = "https://sns.example.jp"
_COMPLAINT = "昨日買ったひのでチョコ、開けたら中に小さい幼虫がいた。写真あげとく。もう食べられない"


def first_wave(found_at: datetime, *, mark: str) -> list[FeedPost]:
    """Return what the feed shows first: the photo, two that repeat it, and four harmless ones."""
    first = found_at - FOUND_AFTER

    def post(name: str, minutes: float, text: str, **more: object) -> FeedPost:
        made = FeedPost(
            id=f"{mark}-{name}",
            text=text,
            published_at=moment(first + timedelta(minutes=minutes)),
            author=f"{name}_{mark}",
            url=f"{_SITE}/{name}/{mark}",
        )
        return replace(made, **more)  # type: ignore[arg-type]  # names of fields, checked by replace

    return [
        post("momiji", 0, _COMPLAINT, media=("photo",), reposts=4, likes=14, followers=210),
        post("kaede", 2, f"これはひどい… {_COMPLAINT}", reposts=1, followers=1200),
        post("sakura", 4, f"拡散希望。{_COMPLAINT}", followers=340),
        post("ume", 1, "ひのでチョコの詰め合わせ、夏でも常温で送れますか。保存の仕方を教えてください"),
        post("kiku", 3, "ひのでチョコがおいしすぎて虫歯になりそう（笑）", likes=21),
        post("fuji", 5, "ひのでショコラの新作を買いました。香りがとても良くて、もう三箱目です", likes=6),
        post("hagi", 5.5, "今日の夕飯はカレーにします"),
    ]


def second_wave(found_at: datetime, *, mark: str) -> list[FeedPost]:
    """Return the same photo some minutes on, when it is being passed around."""
    photo, kaede, *_ = first_wave(found_at, mark=mark)
    return [replace(photo, reposts=612, likes=930), replace(kaede, reposts=130, likes=88)]
