"""The page behind the link of an expert from outside: what they were asked and shown, and their answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from aws_lambda_powertools import Logger

from hikeshi.adapters.pages.renderer import PageRenderer
from hikeshi.domain.caring import mask_of
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.consulting import consultation_behind
from hikeshi.domain.errors import (
    AlreadyDecidedError,
    CheckNumberError,
    ConcurrentChangeError,
    HikeshiError,
    InvalidFormError,
    LinkError,
    NotAllowedError,
    NotFoundError,
    NotReadyError,
)
from hikeshi.domain.experts import Consultation
from hikeshi.domain.incidents import Room
from hikeshi.domain.links import EXPERT
from hikeshi.domain.masking import NOBODY
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import IncidentRepository, KeyRing, LinkStore, ProofStore
from hikeshi.runtime.answers import Answer, Submission, error_page
from hikeshi.runtime.forms import CHECK_NUMBER, Field, check_fields, check_number_of, read_fields
from hikeshi.services.experts.consulting import Answering, give_opinion
from hikeshi.services.experts.expert_page import expert_page
from hikeshi.services.facts.evidence_desk import copy_of
from hikeshi.services.links.links import OpenedLink, open_link, verify_check_number
from hikeshi.services.messages.wording import Wording
from hikeshi.services.room.page_models import Notice


class ExpertAction(StrEnum):
    """What an expert can do; the value is the last part of the address it is posted to."""

    GIVE_OPINION = "opinion"


_FIELDS: Mapping[str, Field] = {"opinion": Field(limit=8000, lines=True), "check_number": CHECK_NUMBER}
_STATUS: Mapping[type[HikeshiError], int] = {
    AlreadyDecidedError: 200,
    InvalidFormError: 400,
    NotAllowedError: 403,
    CheckNumberError: 403,
    NotReadyError: 409,
    ConcurrentChangeError: 409,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Opened:
    link: OpenedLink
    room: Room
    asked: Consultation


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpertDesk:
    """Shows one question to one expert, and takes one answer; it holds no state of its own."""

    incidents: IncidentRepository
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

    def show(self, opened: OpenedLink, token: str) -> Answer:
        """Show what was shared; changes nothing.

        Raises
        ------
        LinkError
            Once the window has ended, the question was taken back, or the incident is over.
        """
        return self._page(200, self._behind(opened), base=f"{token}/")

    def file(self, opened: OpenedLink, file_id: str) -> Answer:
        """Hand out a copy of a file that was shared; changes nothing.

        Raises
        ------
        LinkError
            If it was not shared, or the page behind the link is no longer shown.
        NotFoundError
            If it is handed out only to those inside.
        """
        behind = self._behind(opened)
        shared = {file.id for exhibit in behind.asked.exhibits for file in exhibit.files}
        if file_id not in shared:
            raise LinkError("not shared")
        return Answer(status=200, download=copy_of(behind.room, file_id, proofs=self.proofs))

    def act(self, token: str, submission: Submission) -> Answer:
        """Keep the answer, and lead back to the page; or say there why it was not kept."""
        if submission.is_foreign:
            self.logger.warning("form from another site", action=ExpertAction.GIVE_OPINION.value)
            return Answer(status=403, body=self.renderer.render("plain.html", mask=NOBODY, kind="refused"))
        try:
            return self._act(token, submission)
        except LinkError as error:
            self.logger.info("link opens nothing", reason=error.reason)
            return error_page(self.renderer, 404)

    def _act(self, token: str, submission: Submission) -> Answer:
        opened, typed = self._open(token), ""
        try:
            form = self._read(submission)
            typed = form["opinion"]
            self._keep(opened, form)
        except tuple(_STATUS) as error:
            self.logger.info("refused", action=ExpertAction.GIVE_OPINION.value, code=error.code)
            # Opened again: a wrong number may just have locked the link, or the window have ended.
            again = self._open(token)
            return self._page(
                _STATUS[type(error)], again, base="", notices=(self._refusal(error),), typed=typed
            )
        self.logger.info("done", action=ExpertAction.GIVE_OPINION.value, incident=opened.room.incident.id)
        return Answer(status=303, location=f"../{token}")

    def _read(self, submission: Submission) -> dict[str, str]:
        if submission.body is None:
            raise InvalidFormError("the body cannot be decoded")
        media_type = submission.headers.get("content-type", "")
        return read_fields(submission.body, media_type=media_type, fields=_FIELDS)

    def _keep(self, opened: _Opened, form: Mapping[str, str]) -> None:
        if not opened.link.may_act:
            raise NotAllowedError(ExpertAction.GIVE_OPINION.value, opened.link.person.id)
        check_fields(form, _FIELDS)
        verify_check_number(opened.link, check_number_of(form), links=self.links)
        give_opinion(
            opened.room.incident.id,
            opened.asked.id,
            form["opinion"],
            Answering(
                incidents=self.incidents,
                configuration=self.configuration(),
                clock=self.clock,
                ids=self.ids,
            ),
        )

    def _open(self, token: str) -> _Opened:
        opened = open_link(
            token,
            links=self.links,
            keys=self.keys,
            roster=self.configuration().roster,
            environment=self.environment,
            at=self.clock.now(),
            purposes=(EXPERT,),
        )
        return self._behind(opened)

    def _behind(self, opened: OpenedLink) -> _Opened:
        try:
            room = self.incidents.room(opened.incident_id)
        except NotFoundError:
            raise LinkError("incident gone") from None
        asked = consultation_behind(room, expert=opened.person.id, nonce=opened.grant.nonce)
        if asked is None:
            raise LinkError("no such consultation")
        if not asked.is_open(self.clock.now()):
            raise LinkError("consultation over")
        if not room.incident.status.is_open:
            raise LinkError("closed")
        return _Opened(link=opened, room=room, asked=asked)

    def _refusal(self, error: HikeshiError) -> Notice:
        words, back = self.words, ""
        match error:
            case CheckNumberError(tries_left=0):
                text = words.text("duty.locked")
            case CheckNumberError():
                text, back = words.text("error.check_number", tries_left=error.tries_left), "opinion"
            case InvalidFormError(field="opinion"):
                text = words.text("error.invalid_form", field=words.text("page.field.opinion"))
                back = "opinion"
            case InvalidFormError():
                text, back = words.text("page.invalid_form"), "opinion"
            case AlreadyDecidedError():
                text = words.text("expert.already")
            case NotAllowedError():
                text = words.text("duty.locked")
            case _:
                text = words.text("error.concurrent_change")
        return Notice(tone="wrong", text=text, back=back)

    def _page(
        self, status: int, opened: _Opened, *, base: str, notices: tuple[Notice, ...] = (), typed: str = ""
    ) -> Answer:
        view = expert_page(
            opened.asked,
            opened.room.incident,
            roster=self.configuration().roster,
            words=self.words,
            at=self.clock.now(),
            base=base,
            may_act=opened.link.may_act,
            notices=notices,
            typed=typed,
        )
        mask = mask_of(opened.room)
        is_drill = bool(opened.room.incident.drill)
        body = self.renderer.render("expert.html", mask=mask, view=view, is_drill=is_drill)
        return Answer(status=status, body=body)
