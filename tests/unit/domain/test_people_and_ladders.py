from __future__ import annotations

from dataclasses import replace

import pytest

from hikeshi.domain.actions import ALLOWED, NEEDS_CHECK_NUMBER, Action, Role
from hikeshi.domain.assessment import Category, Level
from hikeshi.domain.errors import NotFoundError
from hikeshi.domain.escalation import Ladder, LadderStep, people_of
from hikeshi.domain.people import Channel
from tests.builders import a_person, a_roster, an_escalation_policy


def ids(people: tuple[object, ...]) -> list[str]:
    return [person.id for person in people]  # type: ignore[attr-defined]  # people


# ---- what people may do ------------------------------------------------------------------------------


def test_everybody_inside_may_take_on_an_incident_and_nobody_outside() -> None:
    able = {role for role in Role if Action.ACKNOWLEDGE in ALLOWED[role]}
    assert able == set(Role) - {Role.EXPERT}


def test_a_statement_is_approved_by_lead_legal_or_an_executive() -> None:
    able = {role for role in Role if Action.APPROVE_STATEMENT in ALLOWED[role]}
    assert able == {Role.LEAD, Role.LEGAL, Role.EXECUTIVE}


def test_a_person_may_what_any_role_includes_but_only_while_active() -> None:
    person = a_person(roles=frozenset({Role.QUALITY, Role.LEGAL}))
    assert person.may(Action.APPROVE_STATEMENT)
    assert not person.may(Action.DISMISS)
    assert not replace(person, active=False).may(Action.ACKNOWLEDGE)


def test_whatever_cannot_be_taken_back_needs_the_number() -> None:
    free = set(Action) - NEEDS_CHECK_NUMBER
    assert free == {
        Action.OPEN_CARE,
        Action.RECORD_NAMES,
        Action.ASSIGN_CARE,
        Action.COMPLETE_CARE,
        Action.NOTE_HARM,
        Action.RECORD_CONSENT,
        Action.REVOKE_CONSENT,  # the person's own wish, at once
        Action.ACKNOWLEDGE,
        Action.ESCALATE,
        Action.RESTRICT,
        Action.EXCLUDE,  # at once, and whoever was taken out can be let in again
        Action.WITHDRAW_REQUEST,
        Action.ADD_FACT,
        Action.JUDGE_FACT,
        Action.ADD_SOURCE,
        Action.KEEP_PROOF,
        Action.ATTACH_TO_FACT,
        Action.ATTACH_TO_TAKEDOWN,
        Action.ATTACH_TO_REPORT,
        Action.MARK_KEY,
        Action.COMPLETE_TASK,
        Action.ADD_TASK,
        Action.HAND_TASK,
        Action.SET_KIND,
        Action.DRAFT_STATEMENT,
        Action.RETURN_STATEMENT,  # a new version takes it back
        Action.EDIT_REPORT,
        Action.NOTE_OUTCOME,
        Action.NOTE_LESSONS,
        Action.GIVE_FEEDBACK,
        Action.ADD_CORRECTION,
        Action.COMPLETE_CORRECTION,
        Action.CHECK_CORRECTION,
        Action.ANSWER_PROPOSAL,
        Action.UNDO,
        Action.CONFIRM,
        Action.NOTE_CALL,  # what was told is typed, which no scanner does; and it has to work from every link
        Action.SET_EXPIRY,
        Action.TAKE_INQUIRY,
        Action.REPLY,
        Action.ANSWER_IN_PUBLIC,
        Action.PROMISE_COMPENSATION,
        Action.PAY_COMPENSATION,
        Action.BEGIN_SURGE,
        Action.END_SURGE,
        Action.NOTE_CHECK,
        Action.ATTEND,
        Action.SET_CHIEF,
        Action.SET_MEMBER,
        Action.SET_MEETING,
        Action.FILE_INBOUND,
        Action.JUDGE_INBOUND,
        Action.ADOPT_INBOUND,
        Action.READ_BULLETIN,
        Action.ADD_SIGHTING,
        Action.REQUEST_TAKEDOWN,
        Action.ADOPT_TAKEDOWN,
        Action.RECORD_TAKEDOWN,  # a record of what people did elsewhere; the approval took the number
        Action.CHECK_TAKEDOWN,
        Action.ARCHIVE_OWN_POST,
        Action.REMOVE_OWN_POST,
        Action.ANNOUNCE_OWN_POST,
        Action.TAKE_INQUIRY,
        Action.REPLY,
        Action.ANSWER_IN_PUBLIC,
        Action.PROMISE_COMPENSATION,
        Action.PAY_COMPENSATION,
        Action.BEGIN_SURGE,
        Action.END_SURGE,
        Action.NOTE_CHECK,
    }


def test_every_role_has_its_rights_and_every_person_an_address() -> None:
    assert set(ALLOWED) == set(Role)
    assert a_person().address(Channel.SMS) == "+819000001002"
    assert a_person(phone=None).address(Channel.SMS) is None
    assert a_person().address(Channel.MAIL) == "sato@example.jp"


# ---- who stands in for whom --------------------------------------------------------------------------


def test_an_absent_holder_is_replaced_by_the_deputy() -> None:
    absent = a_person("ito", active=False)
    assert ids(a_roster(people={"ito": absent}).holders(Role.QUALITY)) == ["yamamoto"]


def test_a_chain_of_absent_deputies_ends_with_nobody() -> None:
    people = {
        "ito": a_person("ito", active=False),
        "yamamoto": a_person("yamamoto", active=False),
    }
    assert a_roster(people=people).holders(Role.QUALITY) == ()


def test_a_deputy_who_holds_the_role_too_appears_once() -> None:
    roster = a_roster(
        people={"ito": a_person("ito", active=False)}, seats={Role.QUALITY: ("ito", "yamamoto")}
    )
    assert ids(roster.holders(Role.QUALITY)) == ["yamamoto"]


def test_unknown_people_are_not_found() -> None:
    with pytest.raises(NotFoundError):
        a_roster().person("nobody")


def test_a_category_without_an_entry_engages_the_default() -> None:
    assert a_roster().departments_for(Category.LEAK) == (Role.PR, Role.CUSTOMER_SUPPORT)
    assert a_roster().departments_for(Category.MISCONDUCT)[0] is Role.STORE_OPS


# ---- ladders -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repeat_from", "repeats", "schedule"),
    [
        (0, 0, (0, 1, 2)),
        (0, 1, (0, 1, 2, 0, 1, 2)),
        (1, 2, (0, 1, 2, 1, 2, 1, 2)),
        (2, 1, (0, 1, 2, 2)),
    ],
)
def test_a_ladder_repeats_its_tail(repeat_from: int, repeats: int, schedule: tuple[int, ...]) -> None:
    steps = (LadderStep(wait_seconds=1),) * 3
    assert Ladder(steps=steps, repeat_from=repeat_from, repeats=repeats).schedule() == schedule


def test_a_step_pages_roles_then_departments_then_named_people_each_once() -> None:
    step = LadderStep(
        wait_seconds=60, roles=(Role.DESK, Role.PR), people=("suzuki", "kato"), departments=True
    )
    found = people_of(step, category=Category.CONTAMINATION, roster=a_roster())
    assert ids(found) == ["nakano", "suzuki", "ito", "watanabe", "kato"]


def test_a_named_person_who_is_away_is_not_paged() -> None:
    step = LadderStep(wait_seconds=60, people=("kato",))
    roster = a_roster(people={"kato": a_person("kato", active=False)})
    assert people_of(step, category=Category.LEAK, roster=roster) == ()


def test_a_category_may_have_a_ladder_of_its_own() -> None:
    own = Ladder(steps=(LadderStep(wait_seconds=30, roles=(Role.LEGAL,)),))
    policy = an_escalation_policy(overrides={Category.LEAK: {Level.WARNING: own}})
    assert policy.ladder_for(Category.LEAK, Level.WARNING) is own
    assert policy.ladder_for(Category.LEAK, Level.CRITICAL) is policy.ladders[Level.CRITICAL]
    assert policy.ladder_for(Category.DEFECT, Level.WARNING) is policy.ladders[Level.WARNING]
