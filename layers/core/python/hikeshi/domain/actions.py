"""Roles, what a person can do from a link, and the rule of each action: who, when, with what proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hikeshi.domain.lifecycle import IncidentStatus


class Role(StrEnum):
    """A seat in the response."""

    DESK = "desk"
    LEAD = "lead"
    PR = "pr"
    LEGAL = "legal"
    CUSTOMER_SUPPORT = "customer_support"
    QUALITY = "quality"
    HR = "hr"
    IT = "it"
    STORE_OPS = "store_ops"
    EXECUTIVE = "executive"
    EXPERT = "expert"


class Action(StrEnum):
    """What a person can do from a link."""

    OPEN_CARE = "open_care"
    RECORD_NAMES = "record_names"
    ASSIGN_CARE = "assign_care"
    COMPLETE_CARE = "complete_care"
    NOTE_HARM = "note_harm"
    RECORD_CONSENT = "record_consent"
    REVOKE_CONSENT = "revoke_consent"
    REVEAL_NAMES = "reveal_names"
    ACKNOWLEDGE = "acknowledge"
    DISMISS = "dismiss"
    ESCALATE = "escalate"
    UNDO = "undo"
    CONFIRM = "confirm"
    NOTE_CALL = "note_call"
    SAY_NO_DANGER = "say_no_danger"
    SET_EXPIRY = "set_expiry"
    ASK_EXPERT = "ask_expert"
    WITHDRAW_REQUEST = "withdraw_request"
    RESTRICT = "restrict"
    LIFT_RESTRICTION = "lift_restriction"
    ADMIT = "admit"
    EXCLUDE = "exclude"
    ADD_FACT = "add_fact"
    JUDGE_FACT = "judge_fact"
    ADD_SOURCE = "add_source"
    KEEP_PROOF = "keep_proof"
    ATTACH_TO_FACT = "attach_to_fact"
    ATTACH_TO_TAKEDOWN = "attach_to_takedown"
    ATTACH_TO_REPORT = "attach_to_report"
    FETCH_ORIGINAL = "fetch_original"
    MARK_KEY = "mark_key"
    ESTABLISH_FACTS = "establish_facts"
    COMPLETE_TASK = "complete_task"
    ADD_TASK = "add_task"
    HAND_TASK = "hand_task"
    SET_KIND = "set_kind"
    DRAFT_STATEMENT = "draft_statement"
    APPROVE_STATEMENT = "approve_statement"
    RETURN_STATEMENT = "return_statement"
    PUBLISH_STATEMENT = "publish_statement"
    WAIVE_STATEMENT = "waive_statement"
    DECLARE_CALM = "declare_calm"
    CALM_EARLY = "calm_early"
    TAKE_INQUIRY = "take_inquiry"
    REPLY = "reply"
    ANSWER_IN_PUBLIC = "answer_in_public"
    PROMISE_COMPENSATION = "promise_compensation"
    PAY_COMPENSATION = "pay_compensation"
    BEGIN_SURGE = "begin_surge"
    END_SURGE = "end_surge"
    NOTE_CHECK = "note_check"
    EDIT_REPORT = "edit_report"
    SIGN_REPORT = "sign_report"
    REQUEST_TAKEDOWN = "request_takedown"
    ADOPT_TAKEDOWN = "adopt_takedown"
    APPROVE_TAKEDOWN = "approve_takedown"
    RECORD_TAKEDOWN = "record_takedown"
    CHECK_TAKEDOWN = "check_takedown"
    ARCHIVE_OWN_POST = "archive_own_post"
    REMOVE_OWN_POST = "remove_own_post"
    ANNOUNCE_OWN_POST = "announce_own_post"
    NOTE_OUTCOME = "note_outcome"
    NOTE_LESSONS = "note_lessons"
    GIVE_FEEDBACK = "give_feedback"
    ADD_CORRECTION = "add_correction"
    COMPLETE_CORRECTION = "complete_correction"
    CHECK_CORRECTION = "check_correction"
    ANSWER_PROPOSAL = "answer_proposal"
    OPEN_HEADQUARTERS = "open_headquarters"
    ATTEND = "attend"
    SET_CHIEF = "set_chief"
    SET_MEMBER = "set_member"
    SET_MEETING = "set_meeting"
    FILE_INBOUND = "file_inbound"
    JUDGE_INBOUND = "judge_inbound"
    ADOPT_INBOUND = "adopt_inbound"
    ISSUE_BULLETIN = "issue_bulletin"
    WITHDRAW_BULLETIN = "withdraw_bulletin"
    READ_BULLETIN = "read_bulletin"
    ADD_SIGHTING = "add_sighting"
    WAIVE_SECOND_VIEW = "waive_second_view"


_S = IncidentStatus
OPEN = frozenset(status for status in _S if status.is_open)
UNTAKEN = frozenset({_S.DETECTED, _S.REOPENED})
CHECKING = frozenset({_S.ACKNOWLEDGED, _S.FACT_FINDING})
RESPONDING = frozenset({_S.RESPONDING})
CALMING = frozenset({_S.CALMING})
REPORTING = frozenset({_S.REPORTING})
SPEAKING = RESPONDING | CALMING | REPORTING
IN_HAND = CHECKING | SPEAKING
ATTENDED = IN_HAND | {_S.CLOSED}

EVERYONE = frozenset(Role) - {Role.EXPERT}
DECIDING = frozenset({Role.LEAD, Role.EXECUTIVE})
CARING = DECIDING | {Role.HR, Role.LEGAL}
EVER = frozenset(_S)
_TRIAGING = DECIDING | {Role.PR, Role.DESK}
_WRITING = DECIDING | {Role.PR}
_APPROVING = DECIDING | {Role.LEGAL}
_MAKING_GOOD = DECIDING | {Role.CUSTOMER_SUPPORT, Role.LEGAL}
_TAKING_DOWN = IN_HAND | {_S.CLOSED}
_SECONDING = frozenset({Role.LEGAL, Role.EXECUTIVE})
_WRITING_TO_SITES = _WRITING | {Role.LEGAL, Role.DESK, Role.CUSTOMER_SUPPORT}
_DISCREET = DECIDING | {Role.LEGAL, Role.HR}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Who may take an action, and when.

    Attributes
    ----------
    by : frozenset of Role
        Any one of them suffices.
    during : frozenset of IncidentStatus
        Where the incident must stand.
    numbered : bool
        Whether it cannot be taken back, so that a scanner that presses buttons must not be able to:
        it asks for the check number of the message.
    over_lead : frozenset of Role or None
        Who may take it, beside that person, while somebody has the incident; None if it makes no difference.
    """

    by: frozenset[Role]
    during: frozenset[IncidentStatus]
    numbered: bool = False
    over_lead: frozenset[Role] | None = None


RULES: Mapping[Action, Rule] = {
    Action.OPEN_CARE: Rule(by=EVERYONE, during=OPEN),
    Action.RECORD_NAMES: Rule(by=frozenset({Role.HR, Role.LEGAL, Role.LEAD}), during=EVER),
    Action.ASSIGN_CARE: Rule(by=CARING, during=EVER),
    Action.COMPLETE_CARE: Rule(by=CARING, during=EVER),
    Action.NOTE_HARM: Rule(by=CARING, during=EVER),
    Action.RECORD_CONSENT: Rule(by=frozenset({Role.HR, Role.LEGAL}), during=EVER),
    Action.REVOKE_CONSENT: Rule(by=CARING, during=EVER),
    Action.REVEAL_NAMES: Rule(by=CARING, during=EVER, numbered=True),
    Action.ACKNOWLEDGE: Rule(by=EVERYONE, during=OPEN),
    Action.DISMISS: Rule(by=_TRIAGING, during=UNTAKEN | CHECKING, numbered=True, over_lead=DECIDING),
    Action.ESCALATE: Rule(by=EVERYONE, during=OPEN),
    Action.UNDO: Rule(by=EVERYONE, during=OPEN | {_S.DISMISSED}),
    Action.CONFIRM: Rule(by=EVERYONE, during=OPEN),
    Action.NOTE_CALL: Rule(by=EVERYONE, during=OPEN),
    Action.SAY_NO_DANGER: Rule(by=_TRIAGING, during=OPEN, numbered=True, over_lead=DECIDING),
    Action.SET_EXPIRY: Rule(by=EVERYONE, during=CHECKING | RESPONDING),
    Action.ASK_EXPERT: Rule(by=_DISCREET | {Role.PR}, during=IN_HAND, numbered=True),
    Action.WITHDRAW_REQUEST: Rule(by=_DISCREET | {Role.PR}, during=IN_HAND),
    Action.RESTRICT: Rule(by=_DISCREET, during=OPEN),
    Action.LIFT_RESTRICTION: Rule(by=_DISCREET, during=OPEN, numbered=True),
    Action.ADMIT: Rule(by=EVERYONE, during=OPEN, numbered=True),
    Action.EXCLUDE: Rule(by=_DISCREET, during=OPEN),
    Action.ADD_FACT: Rule(by=EVERYONE, during=IN_HAND),
    Action.JUDGE_FACT: Rule(by=EVERYONE, during=IN_HAND),
    Action.ADD_SOURCE: Rule(by=EVERYONE, during=IN_HAND),
    Action.KEEP_PROOF: Rule(by=EVERYONE, during=IN_HAND),
    Action.ATTACH_TO_FACT: Rule(by=EVERYONE, during=IN_HAND),
    Action.ATTACH_TO_TAKEDOWN: Rule(by=EVERYONE, during=_TAKING_DOWN),
    Action.ATTACH_TO_REPORT: Rule(by=EVERYONE, during=OPEN),
    Action.FETCH_ORIGINAL: Rule(by=CARING, during=EVER, numbered=True),
    Action.MARK_KEY: Rule(by=_WRITING, during=IN_HAND),
    Action.ESTABLISH_FACTS: Rule(by=_WRITING, during=CHECKING, numbered=True),
    Action.COMPLETE_TASK: Rule(by=EVERYONE, during=SPEAKING),
    Action.ADD_TASK: Rule(by=EVERYONE, during=SPEAKING),
    Action.HAND_TASK: Rule(by=EVERYONE, during=SPEAKING),
    Action.SET_KIND: Rule(by=_WRITING | {Role.LEGAL}, during=IN_HAND),
    Action.DRAFT_STATEMENT: Rule(by=_WRITING, during=SPEAKING),
    Action.APPROVE_STATEMENT: Rule(by=_APPROVING, during=SPEAKING, numbered=True),
    Action.RETURN_STATEMENT: Rule(by=_APPROVING, during=SPEAKING),
    Action.PUBLISH_STATEMENT: Rule(by=_WRITING, during=SPEAKING, numbered=True),
    Action.WAIVE_STATEMENT: Rule(by=DECIDING, during=SPEAKING, numbered=True),
    Action.DECLARE_CALM: Rule(by=DECIDING, during=CALMING, numbered=True),
    Action.CALM_EARLY: Rule(by=frozenset({Role.EXECUTIVE}), during=CALMING, numbered=True),
    Action.TAKE_INQUIRY: Rule(by=EVERYONE, during=ATTENDED),
    Action.REPLY: Rule(by=EVERYONE, during=ATTENDED),
    Action.ANSWER_IN_PUBLIC: Rule(by=_WRITING | {Role.CUSTOMER_SUPPORT}, during=ATTENDED),
    Action.PROMISE_COMPENSATION: Rule(by=_MAKING_GOOD, during=ATTENDED),
    Action.PAY_COMPENSATION: Rule(by=_MAKING_GOOD, during=ATTENDED),
    Action.BEGIN_SURGE: Rule(by=DECIDING | {Role.CUSTOMER_SUPPORT}, during=ATTENDED),
    Action.END_SURGE: Rule(by=DECIDING | {Role.CUSTOMER_SUPPORT}, during=ATTENDED),
    Action.NOTE_CHECK: Rule(by=EVERYONE, during=frozenset({_S.CLOSED})),
    Action.EDIT_REPORT: Rule(by=_WRITING, during=REPORTING),
    Action.REQUEST_TAKEDOWN: Rule(by=EVERYONE, during=_TAKING_DOWN),
    Action.ADOPT_TAKEDOWN: Rule(by=EVERYONE, during=_TAKING_DOWN),
    Action.APPROVE_TAKEDOWN: Rule(by=_SECONDING, during=_TAKING_DOWN, numbered=True),
    Action.RECORD_TAKEDOWN: Rule(by=_WRITING_TO_SITES, during=_TAKING_DOWN),
    Action.CHECK_TAKEDOWN: Rule(by=EVERYONE, during=_TAKING_DOWN),
    Action.ARCHIVE_OWN_POST: Rule(by=_WRITING_TO_SITES, during=_TAKING_DOWN),
    Action.REMOVE_OWN_POST: Rule(by=_WRITING_TO_SITES, during=_TAKING_DOWN),
    Action.ANNOUNCE_OWN_POST: Rule(by=_WRITING_TO_SITES, during=_TAKING_DOWN),
    Action.SIGN_REPORT: Rule(by=_WRITING | {Role.LEGAL}, during=REPORTING, numbered=True),
    Action.NOTE_OUTCOME: Rule(by=_WRITING, during=REPORTING),
    Action.NOTE_LESSONS: Rule(by=_WRITING, during=REPORTING),
    Action.GIVE_FEEDBACK: Rule(by=EVERYONE, during=REPORTING),
    Action.ADD_CORRECTION: Rule(by=_WRITING, during=REPORTING),
    Action.COMPLETE_CORRECTION: Rule(by=EVERYONE, during=REPORTING | {_S.CLOSED}),
    Action.CHECK_CORRECTION: Rule(by=EVERYONE, during=REPORTING | {_S.CLOSED}),
    Action.ANSWER_PROPOSAL: Rule(by=_WRITING, during=REPORTING),
    Action.OPEN_HEADQUARTERS: Rule(by=DECIDING, during=OPEN, numbered=True),
    Action.ATTEND: Rule(by=EVERYONE, during=OPEN),
    Action.SET_CHIEF: Rule(by=DECIDING, during=OPEN),
    Action.SET_MEMBER: Rule(by=_WRITING, during=OPEN),
    Action.SET_MEETING: Rule(by=_TRIAGING, during=OPEN),
    Action.FILE_INBOUND: Rule(by=EVERYONE, during=OPEN),
    Action.JUDGE_INBOUND: Rule(by=EVERYONE, during=OPEN),
    Action.ADOPT_INBOUND: Rule(by=EVERYONE, during=IN_HAND),
    Action.ISSUE_BULLETIN: Rule(by=_WRITING, during=OPEN, numbered=True),
    Action.WITHDRAW_BULLETIN: Rule(by=_WRITING, during=OPEN, numbered=True),
    Action.READ_BULLETIN: Rule(by=EVERYONE, during=OPEN),
    Action.ADD_SIGHTING: Rule(by=EVERYONE, during=OPEN),
    Action.WAIVE_SECOND_VIEW: Rule(by=_WRITING, during=CHECKING, numbered=True),
}

NEEDS_CHECK_NUMBER = frozenset(action for action, rule in RULES.items() if rule.numbered)
ALLOWED: Mapping[Role, frozenset[Action]] = {
    role: frozenset(action for action, rule in RULES.items() if role in rule.by) for role in Role
}
POSSIBLE_WHILE: Mapping[Action, frozenset[IncidentStatus]] = {
    action: rule.during for action, rule in RULES.items()
}
