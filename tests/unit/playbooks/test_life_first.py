"""The playbook of an incident about a life: what protects it stands first, and nobody hurries to publish."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category, CrisisType, Fault
from hikeshi.domain.peril import Peril
from hikeshi.domain.playbooks import FIRST_STEPS, Playbooks, Refinement
from tests.builders import a_playbook, an_incident

EVERY_KIND = list(product(Category, CrisisType, Fault))
SELF_HARM, VIOLENCE = Peril.SELF_HARM, Peril.VIOLENCE


@pytest.mark.parametrize("peril", Peril)
def test_whatever_the_kind_the_five_first_steps_are_those_that_protect_the_life(
    playbooks: Playbooks, peril: Peril
) -> None:
    found = {playbooks.resolve(*such, peril).first_steps for such in EVERY_KIND}
    (steps,) = found
    assert len(steps) == FIRST_STEPS
    assert steps[0] == "110番へ通報し、通報した人・時刻・伝えたことを記録する"
    assert "名前や場所を社外に出さない" in steps[-1]


def test_an_incident_about_a_life_is_worked_by_it(playbooks: Playbooks) -> None:
    incident = an_incident(category=Category.HARASSMENT)
    assert "110番" not in playbooks.of(incident).first_steps[0]
    assert "110番" in playbooks.of(replace(incident, peril=SELF_HARM)).first_steps[0]


def test_a_few_steps_that_protect_a_life_push_back_all_others_and_keep_their_order() -> None:
    base = a_playbook(first_steps=("一", "二", "三", "四", "五"))
    books = Playbooks(
        default=base,
        refinements=(
            Refinement(crisis_type=CrisisType.SCANDAL, first_steps=("型",)),
            Refinement(peril=VIOLENCE, first_steps=("命一", "命二")),
        ),
    )
    resolved = books.resolve(Category.ATTACK, CrisisType.SCANDAL, Fault.UNKNOWN, VIOLENCE)
    assert resolved.first_steps == ("命一", "命二", "一", "二", "型")
    assert books.resolve(Category.ATTACK, CrisisType.SCANDAL, Fault.UNKNOWN, SELF_HARM).first_steps == (
        "一",
        "二",
        "三",
        "四",
        "型",
    )


@pytest.mark.parametrize("such", EVERY_KIND[::7])
def test_nobody_writes_a_statement_about_a_suicide(
    playbooks: Playbooks, such: tuple[Category, CrisisType, Fault]
) -> None:
    playbook = playbooks.resolve(*such, SELF_HARM)
    assert Role.PR not in playbook.departments
    assert not [task for task in playbook.tasks if task.department in (Role.PR, Role.CUSTOMER_SUPPORT)]


@pytest.mark.parametrize("such", EVERY_KIND[::7])
def test_who_calls_the_police_and_who_sees_to_the_people_have_a_task(
    playbooks: Playbooks, such: tuple[Category, CrisisType, Fault]
) -> None:
    own = {task.id: task for task in playbooks.resolve(*such, SELF_HARM).tasks}
    others = {task.id: task for task in playbooks.resolve(*such, VIOLENCE).tasks}
    assert own["life_person"].department is Role.HR
    assert others["life_site"].department is Role.STORE_OPS
    assert own["life_police"].due_minutes == others["life_police"].due_minutes == 15
