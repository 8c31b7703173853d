"""Configurations in which few would miss what they alone may know, or an expert could not be asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hikeshi.domain.actions import Role
from hikeshi.domain.assessment import Category
from hikeshi.domain.experts import ExpertField
from infra.configuring.checks import check_directory
from infra.configuring.problems import Problem

Edit = Callable[[str, str, str], int]
Problems = Callable[[], tuple[Problem, ...]]
MEMBERS = "members: [legal, hr, executive, lead]"


def kinds(problems: Problems) -> set[tuple[str, str]]:
    return {(problem.kind, problem.field) for problem in problems()}


def test_s2_11_what_ships_keeps_harassment_and_scandal_among_four_roles(directory: Path) -> None:
    document = check_directory(directory).document
    assert document is not None
    few = document.to_configuration().escalation.need_to_know
    assert few.categories == {Category.HARASSMENT, Category.SCANDAL}
    assert few.roles == (Role.LEGAL, Role.HR, Role.EXECUTIVE, Role.LEAD)


def test_s2_11_members_of_whom_nobody_can_be_reached_are_refused(edit: Edit, problems: Problems) -> None:
    edit("escalation.yaml", MEMBERS, "members: [legal]")
    edit("roster.yaml", "    phone: 090-0000-0008\n    mail: mori@example.jp\n", "")
    assert ("unreachable_circle", "need_to_know.members") in kinds(problems)


def test_s2_11_members_of_whom_nobody_may_decide_are_refused(edit: Edit, problems: Problems) -> None:
    edit("escalation.yaml", MEMBERS, "members: [legal, hr]")
    assert ("powerless_circle", "need_to_know.members") in kinds(problems)


def test_s2_11_a_circle_in_which_no_two_could_approve_a_statement_is_refused(
    edit: Edit, problems: Problems
) -> None:
    edit("escalation.yaml", MEMBERS, "members: [lead, executive]")
    refused = {field for kind, field in kinds(problems) if kind == "nobody_approves"}
    assert refused == {"categories.harassment.approve", "default.approve"}


def test_s2_11_a_circle_needs_members(edit: Edit, problems: Problems) -> None:
    edit("escalation.yaml", MEMBERS, "members: []")
    assert ("empty", "need_to_know.members") in kinds(problems)


def test_s0_17_the_register_that_ships_says_who_knows_what(directory: Path) -> None:
    document = check_directory(directory).document
    assert document is not None
    register = {each.person_id: each.field for each in document.to_configuration().roster.experts}
    assert register == {
        "ishida": ExpertField.LAW,
        "okada": ExpertField.FOOD_SAFETY,
        "hirano": ExpertField.SECURITY,
    }


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("{person: ishida,", "{person: nobody,", "unknown_person"),
        ("{person: ishida,", "{person: mori,", "expert_inside"),
        ("    mail: ishida@law.example.jp\n", "", "unreachable_expert"),
    ],
)
def test_s0_17_an_expert_who_is_not_outside_or_cannot_be_written_to_is_refused(
    edit: Edit, problems: Problems, old: str, new: str, kind: str
) -> None:
    edit("roster.yaml", old, new)
    assert (kind, "experts[0].person") in kinds(problems)


def test_s0_17_a_field_that_is_none_is_refused(edit: Edit, problems: Problems) -> None:
    edit("roster.yaml", "field: law", "field: astrology")
    assert "experts[0].field" in {problem.field for problem in problems()}
