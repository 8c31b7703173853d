"""Where on the pages each action lives: the address of its form, its place, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hikeshi.domain.actions import Action


class SubPage(StrEnum):
    """A page one level below the room, by the last part of its address."""

    FACTS = "facts"
    STATEMENT = "statement"
    TAKEDOWNS = "takedowns"


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
    """

    path: str
    place: str
    done: str
    leaves: frozenset[str] = frozenset()
    page: SubPage | None = None


SPOTS: Mapping[Action, Spot] = {
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
        leaves=frozenset({"acknowledgement_undone", "dismissal_undone"}),
    ),
    Action.CONFIRM: Spot(path="confirm", place="roll-call", done="confirmed"),
    Action.SET_EXPIRY: Spot(path="expiry", place="expiry", done="expiry_set"),
    Action.ADD_FACT: Spot(path="facts", place="add-fact", done="fact_added"),
    Action.JUDGE_FACT: Spot(path="verdict", place="facts", done="fact_judged"),
    Action.ADD_SOURCE: Spot(path="fact-source", place="facts", done="source_added", page=SubPage.FACTS),
    Action.KEEP_PROOF: Spot(path="fact-proof", place="facts", done="proof_kept", page=SubPage.FACTS),
    Action.MARK_KEY: Spot(
        path="fact-key",
        place="facts",
        done="fact_marked",
        leaves=frozenset({"fact_made_key", "fact_made_ordinary"}),
        page=SubPage.FACTS,
    ),
    Action.ESTABLISH_FACTS: Spot(path="establish-facts", place="establish", done="facts_established"),
    Action.COMPLETE_TASK: Spot(path="task-done", place="tasks", done="task_done"),
    Action.DRAFT_STATEMENT: Spot(
        path="statement", place="statement", done="statement_drafted", page=SubPage.STATEMENT
    ),
    Action.APPROVE_STATEMENT: Spot(path="approve-statement", place="statement", done="statement_approved"),
    Action.PUBLISH_STATEMENT: Spot(
        path="publish-statement", place="publish", done="statement_published", page=SubPage.STATEMENT
    ),
    Action.WAIVE_STATEMENT: Spot(path="waive-statement", place="statement", done="statement_waived"),
    Action.DECLARE_CALM: Spot(path="calm", place="calm", done="calm_declared"),
    Action.CALM_EARLY: Spot(path="calm-early", place="calm", done="calm_declared_early"),
    Action.EDIT_REPORT: Spot(path="report", place="report", done="report_edited"),
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
}
