"""What holds for every ladder, every calendar and every order in which people press."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.actions import Role
from hikeshi.domain.caps import DEFAULT_CAPS, Cap
from hikeshi.domain.japan_time import JST
from hikeshi.domain.lifecycle import IncidentStatus
from hikeshi.domain.rotations import Rotation, ShiftOverride
from hikeshi.domain.sighting import view_gaps
from infra.local.browsing import Form
from tests.scenarios.browser import OpenPage
from tests.scenarios.policies import a_company, climbing, ladder, rung
from tests.scenarios.stories import (
    CALM,
    DISMISS,
    DONE,
    ESTABLISH,
    JUDGE,
    SIGN,
    STEP_UP,
    TAKE,
    WAIVE,
    looked_elsewhere,
    written,
)
from tests.scenarios.world import World

slowly = settings(max_examples=15, deadline=None, derandomize=True)

# ---- deadlines ---------------------------------------------------------------------------------

SEATS = (Role.DESK, Role.LEAD, Role.LEGAL, Role.HR, Role.IT)
HOLDER = {
    Role.DESK: "nakano",
    Role.LEAD: "sato",
    Role.LEGAL: "tanaka",
    Role.HR: "kato",
    Role.IT: "yoshida",
    Role.EXECUTIVE: "takahashi",
}
waits = st.one_of(st.integers(min_value=30, max_value=3_600), st.integers(min_value=3_600, max_value=43_200))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001  # Hypothesis draws naive times


@given(
    steps=st.lists(st.tuples(st.sampled_from(SEATS), waits), min_size=1, max_size=4),
    repeats=st.integers(min_value=0, max_value=2),
    starts=moments,
    data=st.data(),
)
@slowly
def test_every_step_comes_at_its_deadline_within_a_minute_and_never_early(
    steps: list[tuple[Role, int]], repeats: int, starts: datetime, data: st.DataObject
) -> None:
    again = data.draw(st.integers(min_value=0, max_value=len(steps) - 1))
    rungs = [rung(role, minutes=seconds / 60) for role, seconds in steps]
    expected, due = [], starts
    for role, seconds in [*steps, *steps[again:] * repeats]:
        expected.append((HOLDER[role], due))
        due += timedelta(seconds=seconds)
    expected.append(("takahashi", due))
    with World(climbing(ladder(*rungs, repeats=repeats, repeat_from=again)), starts=starts).begun() as world:
        world.post()
        world.passes(seconds=(due - starts).total_seconds() + 60)
        pages = [text for text in world.carrier.arrived if text.channel == "sms" and "【警戒】" in text.body]
        assert [text.person for text in pages] == [person for person, _ in expected]
        for text, (_, deadline) in zip(pages, expected, strict=True):
            assert timedelta() <= text.at - deadline <= timedelta(seconds=60)
        world.takes_for_granted()


@pytest.mark.parametrize(
    ("local", "stated"),
    [
        ("2026-12-31T23:50", "0:05"),
        ("2027-02-28T23:55", "0:10"),
        ("2028-02-28T23:55", "0:10"),
        ("2026-04-30T23:59", "0:14"),
        ("2026-05-13T23:45", "0:00"),
    ],
)
def test_a_ladder_climbs_over_the_ends_of_days_months_and_years_and_says_so(local: str, stated: str) -> None:
    starts = datetime.fromisoformat(local).replace(tzinfo=JST).astimezone(UTC)
    steps = ladder(rung("desk", minutes=15), rung("lead", minutes=15))
    with World(climbing(steps), starts=starts).begun() as world:
        world.post()
        world.nakano.phone.expects("警戒")
        world.nakano.mailbox.expects("警戒").says(f"{stated}までに担当が決まらないときは")
        world.passes(minutes=14, seconds=59)
        world.is_quiet()
        world.passes(seconds=1)
        world.sato.hears("警戒")


def test_a_ladder_of_a_week_comes_to_its_end() -> None:
    day = 24 * 60
    steps = [rung(role, minutes=day) for role in SEATS] + [rung("desk", "lead", minutes=2 * day)]
    with World(climbing(ladder(*steps))).begun() as world:
        starts = world.now
        world.post()
        world.passes(days=7, minutes=1)
        last = [text for text in world.takahashi.phone.texts if "【警戒】" in text.body]
        assert [text.at - starts for text in last] == [timedelta(days=7)]
        world.takes_for_granted()


# ---- duty --------------------------------------------------------------------------------------

TURNS = ("suzuki", "tanaka", "kato")
HAND_OVER = datetime(2026, 5, 11, 0, 0, tzinfo=UTC)
hours = st.integers(min_value=-400, max_value=1_200)


@given(
    spans=st.lists(
        st.tuples(hours, st.integers(min_value=1, max_value=200), st.sampled_from(["yamada", "ito", *TURNS])),
        max_size=3,
    ),
    at=hours,
)
@slowly
def test_whoever_is_on_call_by_turn_or_by_override_is_paged_and_nobody_else(
    spans: list[tuple[int, int, str]], at: int
) -> None:
    now = HAND_OVER + timedelta(hours=at, minutes=30)
    configuration = climbing(ladder(rung(minutes=5, rotations=("night",))))
    rotation = Rotation(id="night", name="夜間当番", people=TURNS, starts_at=HAND_OVER)
    roster = replace(configuration.roster, rotations={"night": rotation})
    expected = TURNS[((now - HAND_OVER) // timedelta(days=7)) % len(TURNS)]
    with World(replace(configuration, roster=roster), starts=now).begun() as world:
        for made, (begins, length, person) in enumerate(spans):
            begins_at = HAND_OVER + timedelta(hours=begins)
            override = ShiftOverride(
                id=f"swap-{made}",
                rotation_id="night",
                person_id=person,
                begins_at=begins_at,
                ends_at=begins_at + timedelta(hours=length),
                made_at=HAND_OVER + timedelta(minutes=made),
                made_by="nakano",
            )
            world.backstage.directory.put(override)
            if override.begins_at <= now < override.ends_at:
                expected = person
        world.post()
        world.person(expected).hears("警戒")
        world.is_quiet()


# ---- presses in any order ----------------------------------------------------------------------

NAMED = {"nakano", "ito", "watanabe", "suzuki", "sato", "takahashi", "tanaka", "kato"}
"""Whom the policy names for contamination: ladder, departments, last resort, owners of tasks, approvers, and
personnel once somebody says that staff need protection."""

GIVE_BACK, REVIVE, TAKE_OVER, KEEP = "担当を取り消す", "終了を取り消す", "引き継ぐ", "引き続き担当する"
people = st.sampled_from(sorted(NAMED))
happenings = st.one_of(
    st.tuples(st.just("passes"), st.sampled_from([0.2, 1, 4, 5, 6, 11, 45, 400])),
    st.tuples(st.just(TAKE), people),
    st.tuples(st.just(DISMISS), people),
    st.tuples(st.just(STEP_UP), people),
    st.tuples(st.just(GIVE_BACK), people),
    st.tuples(st.just(REVIVE), people),
    st.tuples(st.just(TAKE_OVER), people),
    st.tuples(st.just(KEEP), people),
    st.tuples(st.just("posts"), st.sampled_from(["warning", "critical"])),
    *[st.tuples(st.just("moves on"), people)] * 5,  # so that stories come to an end now and then
    st.tuples(st.just("presses anything"), people, st.integers(min_value=0, max_value=11)),
)
FORWARD = (
    ("tanaka", SIGN, ""),
    ("sato", SIGN, ""),
    ("sato", CALM, ""),
    ("sato", WAIVE, ""),
    ("sato", ESTABLISH, ""),
    ("sato", TAKE, ""),
)
TAKING = {"acknowledged", "taken_over"}


@pytest.mark.parametrize("in_hand", [False, True], ids=["from the first page", "from the acknowledgement"])
@pytest.mark.parametrize("caps", [(), DEFAULT_CAPS], ids=["without caps", "with caps"])
@given(story=st.lists(happenings, min_size=1, max_size=12))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_no_order_of_presses_misses_a_first_page_or_makes_a_lead_without_a_record(
    caps: tuple[Cap, ...], in_hand: bool, story: list[tuple[str, object] | tuple[str, object, int]]
) -> None:
    with World(a_company(caps=caps)).begun() as world:
        world.post(reposts=0)
        first = {text.person for text in world.carrier.arrived if text.at == world.now}
        assert first == {"nakano", "ito", "watanabe", "suzuki"}
        lead = None
        if in_hand:
            world.passes(minutes=5)
            happen(world, TAKE, "sato")
            lead = "sato"
        for what, *rest in story:
            before = taken(world)
            happen(world, what, *rest)
            if world.incident.lead not in (lead, None):
                assert taken(world) > before, "somebody leads it and nothing says so"
            lead = world.incident.lead
        world.passes(minutes=3)
        assert {text.person for text in world.carrier.arrived} <= NAMED
        if world.incident.level == "critical":
            assert {"takahashi", "sato"} <= {text.person for text in world.carrier.arrived}
        world.takes_for_granted()


def taken(world: World) -> int:
    """Count the records of somebody taking the incident on."""
    return sum(entry.event.kind in TAKING for entry in world.timeline)


def happen(world: World, what: str, value: object, which: object = 0) -> None:
    """Let one thing happen, if it can."""
    if what == "passes":
        world.passes(minutes=float(str(value)))
    elif what == "posts":
        world.post(level=str(value), reposts=0)
    elif what == "moves on":
        move_on(world)
    else:
        texts = world.person(str(value)).phone.texts
        page = texts[-1].opens() if texts else None
        forms = page.page.forms if page is not None else ()
        if page is not None and what == "presses anything" and forms:
            press(page, forms[int(str(which)) % len(forms)])
        elif page is not None and page.offers(what):
            page.tries(what, **({"reason": "見まちがいでした"} if what == DISMISS else {}))


def move_on(world: World) -> None:
    """Bring the incident one step further, whatever step that is."""
    report = world.room.report
    if world.incident.status is IncidentStatus.REPORTING and report is not None and report.missing:
        written(world)
        return
    if (
        world.incident.status is IncidentStatus.FACT_FINDING
        and view_gaps(world.room)
        and world.sato.phone.texts
    ):
        looked_elsewhere(world)
        return
    owners = [(task.owner, DONE, task.id) for task in world.room.tasks if task.done_at is None]
    claims = [("sato", JUDGE, fact.id) for fact in world.room.facts if fact.judged_at is None]
    for person, button, about in (*FORWARD[:4], *owners, *FORWARD[4:5], *claims, *FORWARD[5:]):
        page = world.person(person).page_with(button, about=about)
        if page is not None:
            press(page, next(f for f in page.page.forms if f.button == button))
            return


def press(page: OpenPage, form: Form) -> None:
    """Fill every field of a form in as somebody in a hurry does, and send it."""
    filled = {name: value or "確かめました" for name, value in form.fields.items()}
    filled |= {name: values[0] for name, values in form.choices.items()}
    optional = {"next_update_at": ""} if "next_update_at" in filled else {}
    number = {"check_number": page.number or ""} if "check_number" in filled else {}
    page.browser.submit(page.page, form, {**filled, **optional, **number})
