"""What a link answers: the page on GET, the action on POST, and one page for every link that is none."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from urllib.parse import quote

from aws_lambda_powertools import Logger

from hikeshi.adapters.pages.renderer import PageRenderer
from hikeshi.domain.actions import NEEDS_CHECK_NUMBER, Action
from hikeshi.domain.alerts import AlertedPost
from hikeshi.domain.caring import mask_of
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import (
    AlreadyDecidedError,
    CheckNumberError,
    ConcurrentChangeError,
    HikeshiError,
    IllegalTransitionError,
    InvalidFormError,
    LinkError,
    NotAllowedError,
    NotFoundError,
    NotReadyError,
    RefusedFileError,
    RefusedFilesError,
    RefusedRequestError,
    RefusedTextError,
)
from hikeshi.domain.incidents import Incident, Room
from hikeshi.domain.links import ACTS_FOR, DRILL, EXPERT, INCIDENT
from hikeshi.domain.masking import NOBODY
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, KeyRing, LinkStore, Outbox, ProofStore
from hikeshi.ports.scoring import AlertStore
from hikeshi.runtime.answers import Answer, Submission, error_page
from hikeshi.runtime.drill_desk import DrillDesk
from hikeshi.runtime.expert_desk import ExpertDesk
from hikeshi.runtime.forms import check_number_of
from hikeshi.runtime.people_desk import PeopleDesk
from hikeshi.runtime.room_forms import FORMS, check_form, read_form
from hikeshi.runtime.room_forms.form import Typed
from hikeshi.runtime.sub_pages import LEAVES
from hikeshi.services.alerts.dangers import dangers_among, name_of_text
from hikeshi.services.clock.clock_view import clock_strip
from hikeshi.services.drills.drill_slips import note_wrong_number
from hikeshi.services.facts.evidence_desk import copy_of
from hikeshi.services.incidents.calming import MOST_ALERTS, Members, quiet_of, read
from hikeshi.services.incidents.respond import Responder
from hikeshi.services.links.links import OpenedLink, check_is_shown, open_link, verify_check_number
from hikeshi.services.messages.wording import Wording
from hikeshi.services.reports.report_view import report_view
from hikeshi.services.room.action_pages import SPOTS, SubPage
from hikeshi.services.room.page_models import Attempt, Notice
from hikeshi.services.room.page_notices import confirmation, refusal
from hikeshi.services.room.room_view import room_view
from hikeshi.services.room.visit import Visit

MAX_POSTS = 300
"""Posts of one alert that the chart is drawn from."""

STATUS: Mapping[type[HikeshiError], int] = {
    AlreadyDecidedError: 200,
    InvalidFormError: 400,
    NotAllowedError: 403,
    CheckNumberError: 403,
    NotReadyError: 409,
    RefusedTextError: 409,
    RefusedRequestError: 409,
    RefusedFileError: 409,
    RefusedFilesError: 409,
    IllegalTransitionError: 409,
    ConcurrentChangeError: 409,
    NotFoundError: 409,
}
"""The answer to each error that a person can meet; any other is a fault of ours."""


_OWN_DECISION = {
    Action.ACKNOWLEDGE: "acknowledged",
    Action.DISMISS: "dismissed",
    Action.ATTEND: "attended",
    Action.READ_BULLETIN: "read",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponderDesk:
    """Opens links, shows rooms and takes actions; it holds no state of its own."""

    incidents: IncidentRepository
    outbox: Outbox
    alerts: AlertStore
    links: LinkStore
    keys: KeyRing
    proofs: ProofStore
    configuration: Callable[[], Configuration]
    clock: Clock
    ids: Ids
    renderer: PageRenderer
    words: Wording
    logger: Logger
    environment: str
    people: PeopleDesk
    scores: DrillDesk
    experts: ExpertDesk

    def show(self, token: str, *, done: str = "") -> Answer:
        """Show what is behind a link; changes nothing."""
        try:
            opened = self._open(token, purposes=ACTS_FOR)
            if opened.grant.purpose == DRILL:
                return self.scores.show(opened)
            if opened.grant.purpose == EXPERT:
                return self.experts.show(opened, token)
            if opened.grant.purpose != INCIDENT:
                return self.people.show(opened, token, done=done)
            visit = self._visit(opened, base=f"{token}/", home=token)
        except LinkError as error:
            return self._nothing_here(error)
        confirmed = confirmation(visit, done)
        return self._room(200, visit, (confirmed,) if confirmed else ())

    def sub_page(self, token: str, page: SubPage, *, number: str = "", done: str = "") -> Answer:
        """Show one matter of the room on a page of its own; changes nothing."""
        try:
            visit = self._visit(self._open(token), base="", home=f"../{token}")
            LEAVES[page].check(visit.reader)
        except LinkError as error:
            return self._nothing_here(error)
        confirmed = confirmation(visit, done)
        return self._sub_page(page, 200, visit, (confirmed,) if confirmed else (), number=number)

    def report(self, token: str) -> Answer:
        """Show the completion report; changes nothing."""
        try:
            visit = self._visit(self._open(token), base="", home=f"../{token}")
            view = report_view(visit)
            if view is None:
                raise LinkError("no report")
        except LinkError as error:
            return self._nothing_here(error)
        return Answer(status=200, body=self._page("report.html", visit, view))

    def file(self, token: str, file_id: str) -> Answer:
        """Hand out a copy of a file that bears something out; changes nothing."""
        try:
            opened = self._open(token, purposes=(INCIDENT, EXPERT))
            if opened.grant.purpose == EXPERT:
                return self.experts.file(opened, file_id)
            return Answer(status=200, download=copy_of(self._shown(opened), file_id, proofs=self.proofs))
        except LinkError as error:
            return self._nothing_here(error)
        except NotFoundError:
            return self._nothing_here(LinkError("no such file"))

    def act(self, token: str, action: Action, submission: Submission) -> Answer:
        """Take an action, and lead back to the room; or say in the room why it was not taken."""
        if submission.is_foreign:
            self.logger.warning("form from another site", action=action.value)
            return Answer(status=403, body=self.renderer.render("plain.html", mask=NOBODY, kind="refused"))
        try:
            opened = self._open(token)
            return self._act(opened, token, action, submission)
        except LinkError as error:
            return self._nothing_here(error)

    def _act(self, opened: OpenedLink, token: str, action: Action, submission: Submission) -> Answer:
        typed = Typed()
        try:
            typed = self._read(submission, action)
            self._carry_out(opened, action, typed)
        except tuple(STATUS) as error:
            self.logger.info("refused", action=action.value, code=error.code, incident=opened.incident_id)
            if isinstance(error, AlreadyDecidedError) and _is_own(error, opened, action):
                return self._lead_back(token, action, typed)
            # Opened again: a wrong number may just have locked the link.
            attempt = Attempt(action=action, typed=typed) if typed else None
            visit = self._visit(self._open(token), base="", home=f"../{token}", attempt=attempt)
            said = (refusal(visit, action, error),)
            if (page := SPOTS[action].page_of(typed)) is not None:
                fact = typed.get("fact_id", "")
                return self._sub_page(page, STATUS[type(error)], visit, said, number=fact)
            return self._room(STATUS[type(error)], visit, said)
        self.logger.info("done", action=action.value, incident=opened.incident_id)
        if SPOTS[action].answers:
            return self._answer_itself(opened, token, action, typed)
        return self._lead_back(token, action, typed)

    def _answer_itself(
        self, opened: OpenedLink, token: str, action: Action, typed: Mapping[str, str]
    ) -> Answer:
        """Show the page with what was asked for, or hand the file out, this once."""
        spot = SPOTS[action]
        if action is Action.FETCH_ORIGINAL:
            room = self._shown(opened)
            original = copy_of(room, typed["file_id"], proofs=self.proofs, original=True)
            return Answer(status=200, download=original)
        if spot.page is None:
            raise ValueError(f"{action} stands on no page of its own")
        visit = self._visit(opened, base="", home=f"../{token}")
        confirmed = confirmation(visit, spot.done)
        shown = replace(visit, revealed=typed.get("track_id", ""))
        return self._sub_page(spot.page, 200, shown, (confirmed,) if confirmed else ())

    def _read(self, submission: Submission, action: Action) -> Typed:
        if submission.body is None:
            raise InvalidFormError("the body cannot be decoded")
        media_type = submission.headers.get("content-type", "")
        return read_form(submission.body, media_type=media_type, action=action)

    def _carry_out(self, opened: OpenedLink, action: Action, typed: Typed) -> None:
        person = opened.person
        if not opened.may_act or not person.may(action):
            raise NotAllowedError(action.value, person.id)
        check_form(typed, action)
        if action in NEEDS_CHECK_NUMBER:
            self._check_number(opened, check_number_of(typed))
        responder = Responder(
            person=person,
            incidents=self.incidents,
            outbox=self.outbox,
            proofs=self.proofs,
            alerts=self.alerts,
            configuration=self.configuration(),
            clock=self.clock,
            ids=self.ids,
            words=self.words,
        )
        FORMS[action].perform(opened.incident_id, responder, typed)

    def _check_number(self, opened: OpenedLink, number: str) -> None:
        try:
            verify_check_number(opened, number, links=self.links)
        except CheckNumberError:
            note_wrong_number(opened, incidents=self.incidents, at=self.clock.now())
            raise

    def _open(self, token: str, *, purposes: Container[str] = (INCIDENT,)) -> OpenedLink:
        return open_link(
            token,
            links=self.links,
            keys=self.keys,
            roster=self.configuration().roster,
            environment=self.environment,
            at=self.clock.now(),
            purposes=purposes,
        )

    def _shown(self, opened: OpenedLink) -> Room:
        """Return the room behind a link; LinkError if it is not for whoever opens it."""
        try:
            room = self.incidents.room(opened.incident_id)
        except NotFoundError:
            raise LinkError("incident gone") from None
        check_is_shown(opened, room.incident, at=self.clock.now())
        return room

    def _visit(self, opened: OpenedLink, *, base: str, home: str, attempt: Attempt | None = None) -> Visit:
        room = self._shown(opened)
        members = read(room.incident, self.alerts)
        kept = {alert.id: posts[:MAX_POSTS] for alert, posts in members}
        opening = room.incident.alerts[:MOST_ALERTS]
        return Visit(
            room=room,
            timeline=tuple(self.incidents.timeline(opened.incident_id)),
            alerts=tuple(alert for alert, _ in members),
            posts=tuple(_oldest_first((*chain(*kept.values()), *_grave_beyond(members, room.incident)))),
            opening_posts=tuple(post for alert_id in opening for post in kept.get(alert_id, ())),
            quiet=quiet_of(room.incident, members, configuration=self.configuration(), at=self.clock.now()),
            sent=tuple(self.outbox.about(opened.incident_id)),
            reader=opened.person,
            configuration=self.configuration(),
            words=self.words,
            at=self.clock.now(),
            base=base,
            home=home,
            locked=self._lock(opened),
            numbered=bool(opened.grant.check_number),
            attempt=attempt,
        )

    def _lock(self, opened: OpenedLink) -> str:
        if opened.may_act:
            return ""
        wrong = opened.grant.wrong_numbers > 0
        return self.words.text("error.check_number_locked" if wrong else "error.read_only")

    def _room(self, status: int, visit: Visit, notices: tuple[Notice, ...]) -> Answer:
        view = room_view(visit, notices=notices)
        return Answer(status=status, body=self._page("room.html", visit, view))

    def _sub_page(
        self, page: SubPage, status: int, visit: Visit, notices: tuple[Notice, ...], *, number: str = ""
    ) -> Answer:
        leaf = LEAVES[page]
        leaf.check(visit.reader)
        body = self._page(leaf.template, visit, leaf.compose(visit, notices, number))
        return Answer(status=status, body=body)

    def _page(self, template: str, visit: Visit, view: object) -> str:
        """Fill a template; every page shows the clock, and what is a drill or for few says so."""
        return self.renderer.render(
            template,
            mask=mask_of(visit.room, showing=visit.revealed),
            view=view,
            clock=clock_strip(visit),
            is_drill=bool(visit.incident.drill),
            is_restricted=visit.incident.circle is not None,
        )

    def _lead_back(self, token: str, action: Action, typed: Mapping[str, str]) -> Answer:
        """Lead to the page that the form was sent from, and there to the fact that it was about."""
        spot = SPOTS[action]
        page, fact = spot.page_of(typed), quote(typed.get("fact_id", ""), safe="")
        where = f"page={fact}&" if fact and page is SubPage.FACTS else ""
        at = f"#at-{fact}" if fact else ""
        return Answer(status=303, location=f"{page or '../' + token}?{where}done={spot.done}{at}")

    def _nothing_here(self, error: LinkError) -> Answer:
        self.logger.info("link opens nothing", reason=error.reason)
        return error_page(self.renderer, 404)


def _is_own(error: AlreadyDecidedError, opened: OpenedLink, action: Action) -> bool:
    """Tell whether the same person pressed the same button twice: that is no conflict."""
    return error.by == opened.person.id and error.decision == _OWN_DECISION.get(action)


def _grave_beyond(members: Members, incident: Incident) -> Iterable[AlertedPost]:
    """Return a post of each grave text that the chart has no room for: of what is shown it is judged."""
    if not incident.perils:
        return ()
    beyond = (post for _, posts in members for post in posts[MAX_POSTS:])
    return {name_of_text(each.post.text): each for each in dangers_among(beyond, incident.harmless)}.values()


def _oldest_first(posts: Iterable[AlertedPost]) -> list[AlertedPost]:
    return sorted(posts, key=lambda kept: kept.post.published_at)
