"""What a playbook says: for every category, refined by the type of crisis and by whose fault it is."""

from __future__ import annotations

from itertools import product

import pytest

from hikeshi.domain.actions import RULES, Action, Role
from hikeshi.domain.assessment import Category, CrisisType, Fault, Level
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.escalation import people_of
from hikeshi.domain.playbooks import (
    FIRST_STEPS,
    LONGEST_SHORT,
    Playbook,
    Playbooks,
    PlaybookTask,
    Refinement,
    Skeleton,
)
from hikeshi.domain.statements import StatementKind
from hikeshi.services.statements.cause_words import lexicon
from tests.builders import a_person, a_playbook

RISKS = [category for category in Category if category not in (Category.NONE, Category.SUPPORT)]
EVERY_KIND = list(product(RISKS, CrisisType, Fault))
HOLDING, FULL = StatementKind.HOLDING, StatementKind.FULL


# ---- what ships ------------------------------------------------------------------------------------


def test_s0_8_whatever_happens_the_alert_has_five_first_steps(playbooks: Playbooks) -> None:
    for such in EVERY_KIND:
        steps = playbooks.resolve(*such).first_steps
        assert len(set(steps)) == FIRST_STEPS, such


def test_what_protects_people_stays_first_whatever_the_type(playbooks: Playbooks) -> None:
    for kind, fault in product(CrisisType, Fault):
        first = playbooks.resolve(Category.CONTAMINATION, kind, fault).first_steps[0]
        assert first == "健康被害の有無を最優先で確かめる"


def test_s0_3_every_department_that_is_engaged_has_a_card_of_its_own(playbooks: Playbooks) -> None:
    for such in EVERY_KIND:
        playbook = playbooks.resolve(*such)
        cards = [playbook.cards[role] for role in playbook.departments]
        assert all(cards), such
        assert len(set(cards)) == len(cards), such


def test_every_task_has_a_name_that_an_sms_has_room_for(playbooks: Playbooks) -> None:
    for such in EVERY_KIND:
        for task in playbooks.resolve(*such).tasks:
            assert 0 < len(task.short) <= LONGEST_SHORT, task.title


def test_s0_11_who_decides_and_approves_is_settled_for_every_category(playbooks: Playbooks) -> None:
    for such in EVERY_KIND:
        playbook = playbooks.resolve(*such)
        assert playbook.roles_for(Action.APPROVE_STATEMENT) >= {Role.LEGAL}
        assert playbook.roles_for(Action.DECLARE_CALM) >= {Role.EXECUTIVE}
    assert playbooks.resolve(Category.LEAK, CrisisType.OWN_FAULT, Fault.UNKNOWN).approvers == {
        Role.LEGAL,
        Role.EXECUTIVE,
    }


def test_s1_13_s4_1_s2_10_our_fault_begins_with_an_apology_and_what_is_not_ours_with_an_explanation(
    playbooks: Playbooks,
) -> None:
    apology = lexicon()["apology"]
    for category, kind, which in product(RISKS, CrisisType, StatementKind):
        ours = playbooks.resolve(category, kind, Fault.OURS).statements[which]
        not_ours = playbooks.resolve(category, kind, Fault.NOT_OURS).statements[which]
        unknown = playbooks.resolve(category, kind, Fault.UNKNOWN).statements[which]
        assert apology.match(ours.opening)
        for skeleton in (not_ours, unknown):
            parts = (skeleton.opening, skeleton.fact, skeleton.action)
            assert not any(apology.match(part) for part in parts)
        assert "ご説明" in not_ours.opening or which is HOLDING


def test_s4_12_every_skeleton_asks_not_to_attack_the_poster(playbooks: Playbooks) -> None:
    care, contact = lexicon()["care"], lexicon()["contact"]
    for such in EVERY_KIND:
        for skeleton in playbooks.resolve(*such).statements.values():
            assert care.match(skeleton.care), such
            assert contact.match(skeleton.contact), such


def test_s2_13_s4_1_our_fault_engages_other_departments_than_a_rumour(playbooks: Playbooks) -> None:
    ours = playbooks.resolve(Category.CONTAMINATION, CrisisType.OWN_FAULT, Fault.OURS)
    rumour = playbooks.resolve(Category.CONTAMINATION, CrisisType.COMPETITOR_ATTACK, Fault.NOT_OURS)
    assert {"apology", "redress"} <= {task.id for task in ours.tasks}
    assert {"explanation", "correction"} <= {task.id for task in rumour.tasks}
    assert Role.EXECUTIVE in ours.departments
    assert Role.EXECUTIVE not in rumour.departments
    assert Role.LEGAL in rumour.departments


def test_s4_11_misconduct_in_a_shop_pages_store_operations_and_gives_them_their_part(
    shipped: Configuration,
) -> None:
    for level in (Level.WARNING, Level.CRITICAL):
        step = shipped.escalation.ladder_for(Category.MISCONDUCT, level).steps[0]
        paged = people_of(step, category=Category.MISCONDUCT, roster=shipped.roster)
        assert any(Role.STORE_OPS in person.roles for person in paged)
    playbook = shipped.playbooks.resolve(Category.MISCONDUCT, CrisisType.FLAMING, Fault.UNKNOWN)
    assert playbook.cards[Role.STORE_OPS]
    assert [task.id for task in playbook.tasks if task.department is Role.STORE_OPS] == ["store", "goods"]


# ---- how refinements are laid over -----------------------------------------------------------------


def test_a_refinement_counts_only_where_all_of_its_conditions_hold() -> None:
    task = PlaybookTask(id="more", department=Role.LEGAL, title="確認", due_minutes=30)
    books = Playbooks(
        default=a_playbook(),
        refinements=(Refinement(category=Category.LEAK, fault=Fault.OURS, tasks=(task,)),),
    )
    assert task in books.resolve(Category.LEAK, CrisisType.NONE, Fault.OURS).tasks
    for category, fault in ((Category.LEAK, Fault.UNKNOWN), (Category.DEFECT, Fault.OURS)):
        assert task not in books.resolve(category, CrisisType.NONE, fault).tasks


def test_a_task_with_a_known_id_takes_the_place_of_that_one() -> None:
    sooner = PlaybookTask(id="lot", department=Role.QUALITY, title="すぐに特定する", due_minutes=10)
    books = Playbooks(default=a_playbook(), refinements=(Refinement(tasks=(sooner,)),))
    tasks = books.resolve(Category.LEAK, CrisisType.NONE, Fault.UNKNOWN).tasks
    assert [task.title for task in tasks if task.id == "lot"] == ["すぐに特定する"]


def test_departments_that_stand_down_have_neither_card_nor_task() -> None:
    books = Playbooks(
        default=a_playbook(cards={Role.QUALITY: ("記録を調べる",), Role.PR: ("窓口を決める",)}),
        refinements=(Refinement(stand_down=frozenset({Role.QUALITY})),),
    )
    playbook = books.resolve(Category.LEAK, CrisisType.NONE, Fault.UNKNOWN)
    assert Role.QUALITY not in playbook.departments
    assert Role.PR in playbook.departments


def test_a_skeleton_keeps_what_the_one_above_it_leaves_empty() -> None:
    below = Skeleton(opening="はじめに", care="お控えください")
    assert Skeleton(opening="お詫び").over(below) == Skeleton(opening="お詫び", care="お控えください")


def test_first_steps_of_refinements_take_the_last_places() -> None:
    five = tuple(f"手順{n}" for n in range(1, 6))
    books = Playbooks(
        default=a_playbook(first_steps=five),
        refinements=(Refinement(first_steps=("型の手順",)), Refinement(first_steps=("原因の手順",))),
    )
    found = books.resolve(Category.LEAK, CrisisType.NONE, Fault.UNKNOWN).first_steps
    assert found == ("手順1", "手順2", "手順3", "型の手順", "原因の手順")


# ---- authority -------------------------------------------------------------------------------------


def test_s0_11_a_playbook_narrows_who_may_and_never_widens_it() -> None:
    playbook = a_playbook(approvers=frozenset({Role.LEGAL, Role.QUALITY}))
    assert playbook.roles_for(Action.APPROVE_STATEMENT) == {Role.LEGAL}
    assert playbook.roles_for(Action.COMPLETE_TASK) == RULES[Action.COMPLETE_TASK].by


@pytest.mark.parametrize("action", Action)
def test_a_playbook_that_names_nobody_leaves_it_to_the_rules(action: Action) -> None:
    assert a_playbook().roles_for(action) == RULES[action].by


def test_somebody_who_left_may_do_nothing() -> None:
    playbook: Playbook = a_playbook()
    assert not playbook.permits(a_person("tanaka", active=False), Action.APPROVE_STATEMENT)
