"""Where on the pages each action lives: the address of its form, its place, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hikeshi.domain.actions import Action


class SubPage(StrEnum):
    """A page one level below the room, by the last part of its address."""

    CARE = "care"
    AFTERCARE = "aftercare"
    EVIDENCE = "evidence"
    EXPERTS = "experts"
    FACTS = "facts"
    STATEMENT = "statement"
    PLAYBOOK = "playbook"
    TAKEDOWNS = "takedowns"
    REPORT_EDIT = "report-edit"
    HEADQUARTERS = "hq"


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """The place of an action.

    Attributes
    ----------
    path : str
        Last part of the address that its form is posted to.
    place : str
        Anchor of its form on the page.
    done : str
        Key of its confirmation: the kind of event that it leaves in the timeline.
    leaves : frozenset of str
        The kinds, if it leaves one of several; empty if ``done`` is the only one.
    page : SubPage or None
        The page that the form stands on; None for the room itself.
    also : SubPage or None
        Another page on which the form stands as well; from there it is sent with its name as ``on``.
    answers : bool
        Whether the page is the answer itself: what it shows stands under no address.
    """

    path: str
    place: str
    done: str
    leaves: frozenset[str] = frozenset()
    page: SubPage | None = None
    also: SubPage | None = None
    answers: bool = False

    def page_of(self, typed: Mapping[str, str]) -> SubPage | None:
        """Return the page that a form was sent from; None for the room."""
        return self.also if self.also is not None and typed.get("on") == self.also else self.page


SPOTS: Mapping[Action, Spot] = {
    Action.OPEN_CARE: Spot(path="care-open", place="care", done="care_opened"),
    Action.RECORD_NAMES: Spot(path="care-names", place="names", done="care_named", page=SubPage.CARE),
    Action.ASSIGN_CARE: Spot(path="care-owner", place="steps", done="care_assigned", page=SubPage.CARE),
    Action.COMPLETE_CARE: Spot(path="care-done", place="steps", done="care_done", page=SubPage.CARE),
    Action.NOTE_HARM: Spot(path="care-harm", place="harms", done="harm_noted", page=SubPage.CARE),
    Action.RECORD_CONSENT: Spot(
        path="care-consent", place="watch", done="consent_recorded", page=SubPage.CARE
    ),
    Action.REVOKE_CONSENT: Spot(path="care-revoke", place="watch", done="consent_revoked", page=SubPage.CARE),
    Action.REVEAL_NAMES: Spot(
        path="care-reveal", place="reveal", done="names_revealed", page=SubPage.CARE, answers=True
    ),
    Action.ACKNOWLEDGE: Spot(
        path="acknowledge",
        place="ask",
        done="acknowledged",
        leaves=frozenset({"acknowledged", "taken_over"}),
    ),
    Action.DISMISS: Spot(path="dismiss", place="dismiss", done="dismissed"),
    Action.ESCALATE: Spot(path="escalate", place="who", done="escalated"),
    Action.UNDO: Spot(
        path="undo",
        place="ask",
        done="undone",
        leaves=frozenset({"acknowledgement_undone", "dismissal_undone", "no_danger_undone"}),
    ),
    Action.CONFIRM: Spot(path="confirm", place="roll-call", done="confirmed"),
    Action.NOTE_CALL: Spot(
        path="help-called",
        place="life",
        done="help_called",
        leaves=frozenset({"help_called", "help_call_practised"}),
    ),
    Action.SAY_NO_DANGER: Spot(path="no-danger", place="no-danger", done="no_danger"),
    Action.SET_EXPIRY: Spot(path="expiry", place="expiry", done="expiry_set"),
    Action.ASK_EXPERT: Spot(path="ask-expert", place="ask-expert", done="expert_asked", page=SubPage.EXPERTS),
    Action.WITHDRAW_REQUEST: Spot(
        path="withdraw-request", place="requests", done="expert_withdrawn", page=SubPage.EXPERTS
    ),
    Action.RESTRICT: Spot(path="restrict", place="circle", done="restricted"),
    Action.LIFT_RESTRICTION: Spot(path="lift-restriction", place="circle", done="restriction_lifted"),
    Action.ADMIT: Spot(path="admit", place="circle", done="admitted"),
    Action.EXCLUDE: Spot(path="exclude", place="circle", done="excluded"),
    Action.ADD_FACT: Spot(path="facts", place="add-fact", done="fact_added", also=SubPage.FACTS),
    Action.JUDGE_FACT: Spot(path="verdict", place="facts", done="fact_judged", also=SubPage.FACTS),
    Action.ADD_SOURCE: Spot(path="fact-source", place="facts", done="source_added", page=SubPage.FACTS),
    Action.KEEP_PROOF: Spot(path="fact-proof", place="facts", done="proof_kept", page=SubPage.FACTS),
    Action.ATTACH_TO_FACT: Spot(path="fact-file", place="facts", done="file_kept", page=SubPage.FACTS),
    Action.ATTACH_TO_TAKEDOWN: Spot(
        path="takedown-file", place="takedowns", done="takedown_file_kept", page=SubPage.TAKEDOWNS
    ),
    Action.ATTACH_TO_REPORT: Spot(
        path="inbound-file", place="inbound", done="inbound_file_kept", page=SubPage.HEADQUARTERS
    ),
    Action.FETCH_ORIGINAL: Spot(
        path="original", place="evidence", done="original_handed_out", page=SubPage.EVIDENCE, answers=True
    ),
    Action.MARK_KEY: Spot(
        path="fact-key",
        place="facts",
        done="fact_marked",
        leaves=frozenset({"fact_made_key", "fact_made_ordinary"}),
        page=SubPage.FACTS,
    ),
    Action.ESTABLISH_FACTS: Spot(path="establish-facts", place="establish", done="facts_established"),
    Action.COMPLETE_TASK: Spot(path="task-done", place="tasks", done="task_done"),
    Action.ADD_TASK: Spot(path="task", place="add-task", done="task_added", page=SubPage.PLAYBOOK),
    Action.HAND_TASK: Spot(
        path="task-owner", place="hand-task", done="task_handed_over", page=SubPage.PLAYBOOK
    ),
    Action.SET_KIND: Spot(path="kind", place="kind", done="kind_set", page=SubPage.PLAYBOOK),
    Action.DRAFT_STATEMENT: Spot(
        path="statement", place="statement", done="statement_drafted", page=SubPage.STATEMENT
    ),
    Action.APPROVE_STATEMENT: Spot(path="approve-statement", place="statement", done="statement_approved"),
    Action.RETURN_STATEMENT: Spot(path="return-statement", place="statement", done="statement_returned"),
    Action.PUBLISH_STATEMENT: Spot(
        path="publish-statement", place="publish", done="statement_published", page=SubPage.STATEMENT
    ),
    Action.WAIVE_STATEMENT: Spot(
        path="waive-statement",
        place="statement",
        done="statement_waived",
        leaves=frozenset({"statement_waived", "statement_ended"}),
    ),
    Action.DECLARE_CALM: Spot(path="calm", place="calm", done="calm_declared"),
    Action.CALM_EARLY: Spot(path="calm-early", place="calm", done="calm_declared_early"),
    Action.TAKE_INQUIRY: Spot(path="inquiry", place="inquiry", done="inquiry_taken", page=SubPage.AFTERCARE),
    Action.REPLY: Spot(
        path="inquiry-reply", place="inquiries", done="inquiry_replied", page=SubPage.AFTERCARE
    ),
    Action.ANSWER_IN_PUBLIC: Spot(
        path="inquiry-public", place="inquiries", done="inquiry_answered", page=SubPage.AFTERCARE
    ),
    Action.PROMISE_COMPENSATION: Spot(
        path="compensation", place="promise", done="compensation_promised", page=SubPage.AFTERCARE
    ),
    Action.PAY_COMPENSATION: Spot(
        path="compensation-paid", place="compensation", done="compensation_paid", page=SubPage.AFTERCARE
    ),
    Action.BEGIN_SURGE: Spot(path="surge", place="surge", done="surge_begun", page=SubPage.AFTERCARE),
    Action.END_SURGE: Spot(path="surge-end", place="surge", done="surge_ended", page=SubPage.AFTERCARE),
    Action.NOTE_CHECK: Spot(
        path="aftercare-check", place="watch", done="care_checked", page=SubPage.AFTERCARE
    ),
    Action.EDIT_REPORT: Spot(
        path="report", place="evaluation", done="report_edited", page=SubPage.REPORT_EDIT
    ),
    Action.REQUEST_TAKEDOWN: Spot(
        path="takedowns", place="ask-takedown", done="takedown_requested", page=SubPage.TAKEDOWNS
    ),
    Action.ADOPT_TAKEDOWN: Spot(
        path="adopt-takedown", place="takedowns", done="takedown_adopted", page=SubPage.TAKEDOWNS
    ),
    Action.APPROVE_TAKEDOWN: Spot(
        path="approve-takedown", place="takedowns", done="takedown_approved", page=SubPage.TAKEDOWNS
    ),
    Action.RECORD_TAKEDOWN: Spot(
        path="takedown-step",
        place="takedowns",
        done="takedown_recorded",
        leaves=frozenset(
            f"takedown_{step}" for step in ("sent", "acknowledged", "removed", "refused", "withdrawn")
        ),
        page=SubPage.TAKEDOWNS,
    ),
    Action.CHECK_TAKEDOWN: Spot(
        path="takedown-look",
        place="takedowns",
        done="takedown_checked",
        leaves=frozenset({"takedown_looked", "takedown_removed", "takedown_seen_again"}),
        page=SubPage.TAKEDOWNS,
    ),
    Action.ARCHIVE_OWN_POST: Spot(
        path="own-post", place="archive", done="own_post_archived", page=SubPage.TAKEDOWNS
    ),
    Action.REMOVE_OWN_POST: Spot(
        path="own-post-removed", place="own", done="own_post_removed", page=SubPage.TAKEDOWNS
    ),
    Action.ANNOUNCE_OWN_POST: Spot(
        path="own-post-told", place="own", done="own_post_announced", page=SubPage.TAKEDOWNS
    ),
    Action.SIGN_REPORT: Spot(path="sign-report", place="report", done="report_signed"),
    Action.NOTE_OUTCOME: Spot(
        path="report-outcome", place="outcome", done="outcome_noted", page=SubPage.REPORT_EDIT
    ),
    Action.NOTE_LESSONS: Spot(
        path="report-lessons", place="lessons", done="lessons_noted", page=SubPage.REPORT_EDIT
    ),
    Action.GIVE_FEEDBACK: Spot(
        path="report-feedback", place="feedback", done="feedback_given", page=SubPage.REPORT_EDIT
    ),
    Action.ADD_CORRECTION: Spot(
        path="correction", place="add-correction", done="correction_added", page=SubPage.REPORT_EDIT
    ),
    Action.COMPLETE_CORRECTION: Spot(
        path="correction-done", place="corrections", done="correction_done", page=SubPage.REPORT_EDIT
    ),
    Action.CHECK_CORRECTION: Spot(
        path="correction-check",
        place="corrections",
        done="correction_checked",
        leaves=frozenset({"correction_effective", "correction_without_effect"}),
        page=SubPage.REPORT_EDIT,
    ),
    Action.ANSWER_PROPOSAL: Spot(
        path="change",
        place="changes",
        done="change_answered",
        leaves=frozenset({"change_accepted", "change_declined"}),
        page=SubPage.REPORT_EDIT,
    ),
    Action.OPEN_HEADQUARTERS: Spot(
        path="headquarters", place="hq", done="headquarters_opened", page=SubPage.HEADQUARTERS
    ),
    Action.ATTEND: Spot(path="attend", place="hq", done="headquarters_attended"),
    Action.SET_CHIEF: Spot(path="chief", place="hq", done="chief_changed", page=SubPage.HEADQUARTERS),
    Action.SET_MEMBER: Spot(
        path="hq-member",
        place="hq",
        done="member_set",
        leaves=frozenset({"member_added", "member_released"}),
        page=SubPage.HEADQUARTERS,
    ),
    Action.SET_MEETING: Spot(path="meeting", place="hq", done="meeting_set", page=SubPage.HEADQUARTERS),
    Action.FILE_INBOUND: Spot(
        path="inbound", place="inbound", done="inbound_filed", page=SubPage.HEADQUARTERS
    ),
    Action.JUDGE_INBOUND: Spot(
        path="inbound-verdict",
        place="inbound",
        done="inbound_judged",
        leaves=frozenset({"inbound_verified", "inbound_rejected"}),
        page=SubPage.HEADQUARTERS,
    ),
    Action.ADOPT_INBOUND: Spot(
        path="inbound-fact", place="inbound", done="inbound_adopted", page=SubPage.HEADQUARTERS
    ),
    Action.ISSUE_BULLETIN: Spot(
        path="bulletin",
        place="issue",
        done="bulletin_out",
        leaves=frozenset({"bulletin_issued", "bulletin_superseded"}),
        page=SubPage.HEADQUARTERS,
    ),
    Action.WITHDRAW_BULLETIN: Spot(
        path="withdraw-bulletin", place="bulletin", done="bulletin_withdrawn", page=SubPage.HEADQUARTERS
    ),
    Action.READ_BULLETIN: Spot(path="read-bulletin", place="bulletin", done="bulletin_read"),
    Action.ADD_SIGHTING: Spot(
        path="sighting", place="board", done="sighting_added", page=SubPage.HEADQUARTERS
    ),
    Action.WAIVE_SECOND_VIEW: Spot(
        path="waive-second-view", place="board", done="second_view_waived", page=SubPage.HEADQUARTERS
    ),
}
