"""Which posts come, and when, rests on what was reached by then and on nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.drills import Drill, DuePost, Mark, posts_due
from infra.drilling.scenarios import read_scenario, shipped
from tests.builders import NOON
from tests.contract.test_drills import DRILL

SHIPPED = {path.stem: read_scenario(path).scenario for path in shipped()}
_minutes = st.integers(min_value=0, max_value=130)


def played(name: str) -> Drill:
    scenario = SHIPPED[name]
    assert scenario is not None
    return replace(DRILL, scenario=scenario)


def came(drill: Drill, *, until: int, **reached: int) -> set[str]:
    marks = {Mark(name): NOON + timedelta(minutes=at) for name, at in reached.items()}
    due = posts_due(drill, marks, until=NOON + timedelta(minutes=until))
    texts = {each.post.text for each in due}
    return {wave.id for wave in drill.scenario.waves if all(post.text in texts for post in wave.posts)}


def test_a_wave_comes_if_its_marks_were_reached_by_its_own_time() -> None:
    drill = played("confectionery")
    assert "noticed" in came(drill, until=12, acknowledged=10)
    assert "noticed" not in came(drill, until=12, acknowledged=11)
    assert "unanswered" in came(drill, until=12, acknowledged=11)


def test_a_wave_that_follows_comes_only_after_the_other() -> None:
    drill = played("confectionery")
    assert {"demanded", "press"} <= came(drill, until=80)
    assert not {"demanded", "press"} & came(drill, until=80, statement=39)
    assert "press" not in came(drill, until=80, statement=50)


@given(
    name=st.sampled_from(sorted(SHIPPED)),
    reached=st.dictionaries(st.sampled_from(Mark), _minutes),
    ticks=st.lists(_minutes, min_size=1, max_size=8),
)
def test_the_same_deeds_make_the_same_story_however_often_it_is_driven(
    name: str, reached: dict[Mark, int], ticks: list[int]
) -> None:
    drill = played(name)
    marks = {mark: NOON + timedelta(minutes=at) for mark, at in reached.items()}
    at_once = posts_due(drill, marks, until=_at(max(ticks)))
    step_by_step: list[DuePost] = []
    for tick in sorted(ticks):
        # Whoever drives knows only what had happened by then.
        known = {mark: at for mark, at in marks.items() if at <= _at(tick)}
        step_by_step += posts_due(drill, known, until=_at(tick))
        drill = replace(drill, posted_until=_at(tick))
    assert step_by_step == list(at_once)


def _at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)
