"""From verdicts to the column of a contender."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from infra.training.corpus import is_for_learning
from tests.benchmarks.peers.verdict import Verdict
from tests.benchmarks.quality import measures
from tests.benchmarks.quality.datasets import LabelledPost, MissingDataError, texts
from tests.benchmarks.quality.errors import write_mistakes
from tests.benchmarks.quality.targets import ROWS, Row

POSTS = (
    LabelledPost(id="h1", text="虫が入っていた", category="contamination", level="warning"),
    LabelledPost(id="h2", text="待たされた", category="complaint", level="notice"),
    LabelledPost(id="h3", text="おいしい", category="none", level="none"),
    LabelledPost(id="h4", text="どこで買えますか", category="support", level="none"),
)
SETS = measures.Sets(
    labelled=POSTS,
    benign={"open2ch": ["a", "b", "c", "d"]},
    toxicity=[("e", True), ("f", False)],
    questions=[("g", True), ("h", False)],
)


def levels(*named: tuple[float, str, str]) -> list[Verdict]:
    return [Verdict(score, level, category, category == "support") for score, level, category in named]


QUIET = (0.0, "none", "none")


def judged(*labelled: tuple[float, str, str]) -> measures.Judged:
    found = levels(*labelled, (40, "notice", "complaint"), QUIET, QUIET, (70, "warning", "leak"))
    return measures.split(SETS, found + levels((9, "none", "none"), QUIET, (5, "none", "support"), QUIET))


def test_every_set_gets_its_own_verdicts_back() -> None:
    assert len(SETS.texts()) == 4 + 4 + 2 + 2
    back = judged(QUIET, QUIET, QUIET, QUIET)
    assert [verdict.level for verdict in back.benign["open2ch"]] == ["notice", "none", "none", "warning"]
    assert [verdict.support for verdict in back.questions] == [True, False]


def test_the_column_of_a_contender_with_levels() -> None:
    found = measures.figures(
        SETS, judged((80, "warning", "contamination"), QUIET, (35, "notice", "complaint"), QUIET)
    )
    assert found["recall"] == pytest.approx(0.5)
    assert found["false_alarms"] == pytest.approx(0.5)
    assert found["severe"] == 1
    assert found["category"] == pytest.approx(0.5)
    assert found["category_of_found"] == 1
    assert found["open2ch.any"] == pytest.approx(5_000)
    assert found["open2ch.urgent"] == pytest.approx(2_500)
    assert found["toxicity"] == 1
    assert (found["support.recall"], found["support.precision"]) == (1, 1)


def test_a_contender_that_only_scores_is_flagged_above_zero_and_has_no_categories() -> None:
    scores = [1.0, -1.0, 0.0, 0.5, 0.1, 0.0, 0.0, -2.0, 1.0, 0.0, 0.0, 0.0]
    found = measures.figures(SETS, measures.split(SETS, [Verdict(score) for score in scores]))
    assert found["recall"] == pytest.approx(0.5)
    assert found["open2ch.any"] == found["open2ch.urgent"] == pytest.approx(2_500)
    assert "category" not in found
    assert "support.recall" not in found


def test_an_interval_holds_the_figure_and_is_a_point_where_every_family_agrees() -> None:
    posts = [replace(POSTS[number % 4], family=f"f{number}") for number in range(80)]
    found = levels((80, "warning", "contamination"), (35, "notice", "complaint"), QUIET, QUIET)
    right = measures.intervals(posts, found * 20, draws=50)
    assert right["auc"] == (1.0, 1.0)
    half = levels((80, "warning", "contamination"), QUIET, QUIET, QUIET)
    low, high = measures.intervals(posts, half * 20, draws=50)["recall"]
    assert low < 0.5 < high


def test_confusions_are_named_without_a_text() -> None:
    verdicts = levels((70, "warning", "leak"), QUIET, (20, "none", "complaint"), (3, "none", "support"))
    assert dict(measures.confusions(POSTS, verdicts)) == {
        ("contamination/warning", "leak/warning"): 1,
        ("complaint/notice", "none"): 1,
    }


def test_a_target_is_a_floor_or_a_ceiling() -> None:
    floor, ceiling = Row(key="a", label="a", target=0.9), Row(key="b", label="b", target=5, low_is_good=True)
    assert (floor.is_met(0.9), floor.is_met(0.89)) == (True, False)
    assert (ceiling.is_met(5), ceiling.is_met(5.1)) == (True, False)
    assert floor.is_ahead(0.8, 0.7)
    assert ceiling.is_ahead(1, 2)
    assert Row(key="c", label="c").is_met(1) is None


def test_every_row_has_its_own_key() -> None:
    assert len({row.key for row in ROWS}) == len(ROWS)


def test_a_missing_data_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIKESHI_DATA", str(tmp_path))
    with pytest.raises(MissingDataError, match=r"open2ch_posts\.tsv is missing"):
        texts("open2ch")


def test_a_draw_of_texts_is_the_same_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIKESHI_DATA", str(tmp_path))
    rows = "".join(f"dev\t{number}\n" for number in range(50))
    (tmp_path / "open2ch_posts.tsv").write_text("split\ttext\n" + rows, encoding="utf-8")
    drawn = texts("open2ch", limit=10)
    assert drawn == texts("open2ch", limit=10)
    assert len(set(drawn)) == 10
    every = texts("open2ch")
    assert 10 < len(every) < 50
    assert not any(is_for_learning(text) for text in every)


def test_mistakes_are_listed_by_kind_and_what_is_right_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "mistakes.md"
    verdicts = levels(QUIET, (40, "notice", "complaint"), (70, "warning", "leak"), QUIET)
    assert write_mistakes(path, POSTS, verdicts) == 3
    written = path.read_text(encoding="utf-8")
    assert "## Missed: a risk without a level: 1" in written
    assert "## False alarm: a level where none belongs: 1" in written
    assert "## Support and none mixed up: 1" in written
    assert "待たされた" not in written
