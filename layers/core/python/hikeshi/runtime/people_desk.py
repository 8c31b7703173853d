"""The pages about people: addresses, contact tests, duties with absences. GET shows, POST acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from aws_lambda_powertools import Logger

from hikeshi.adapters.pages.renderer import PageRenderer
from hikeshi.domain.configuration import Configuration
from hikeshi.domain.errors import (
    CheckNumberError,
    HikeshiError,
    InvalidFormError,
    LinkError,
    NotAllowedError,
    NotFoundError,
)
from hikeshi.domain.japan_time import read_moment
from hikeshi.domain.links import CONTACT, DUTY, RECEIPT
from hikeshi.domain.masking import NOBODY
from hikeshi.domain.people import Roster
from hikeshi.ports.directory import Directory
from hikeshi.ports.environment import Clock, Ids
from hikeshi.ports.responding import KeyRing, LinkStore
from hikeshi.ports.upkeep import ContactTests
from hikeshi.runtime.answers import Answer, Submission, error_page
from hikeshi.runtime.forms import CHECK_NUMBER, Field, check_fields, check_number_of, read_fields
from hikeshi.services.links.links import OpenedLink, open_link, verify_check_number
from hikeshi.services.messages.japanese_time import day_and_clock
from hikeshi.services.messages.wording import Wording
from hikeshi.services.people.contact_test import asked_by
from hikeshi.services.people.contacts import confirm, contact_of
from hikeshi.services.people.directory import Records, effective
from hikeshi.services.people.duties import add_absence, add_override, cancel
from hikeshi.services.people.duty_view import EDITORS, ContactPage, Typed, duty_page, masked
from hikeshi.services.room.page_models import Notice, ReceiptPage


class PeopleAction(StrEnum):
    """What a form on these pages does; the value is the last part of the address it is posted to."""

    CONFIRM_CONTACT = "confirm-contact"
    CONFIRM_RECEIPT = "received"
    ADD_ABSENCE = "absences"
    ADD_OVERRIDE = "overrides"
    CANCEL_DUTY = "cancel-duty"


_ID = Field(limit=80)
_TIME = Field(limit=20)
_FIELDS: Mapping[PeopleAction, Mapping[str, Field]] = {
    PeopleAction.CONFIRM_CONTACT: {},
    PeopleAction.CONFIRM_RECEIPT: {},
    PeopleAction.ADD_ABSENCE: {
        "person": _ID,
        "since": _TIME,
        "until": _TIME,
        "deputy": Field(limit=80, required=False),
    },
    PeopleAction.ADD_OVERRIDE: {"rotation": _ID, "person": _ID, "since": _TIME, "until": _TIME},
    PeopleAction.CANCEL_DUTY: {"entry": _ID},
}
_PURPOSES: Mapping[PeopleAction, str] = {
    PeopleAction.CONFIRM_CONTACT: CONTACT,
    PeopleAction.CONFIRM_RECEIPT: RECEIPT,
}
"""What a link must be for; all other actions want one to the page of duties."""

_BACK = {PeopleAction.ADD_ABSENCE: "add-absence", PeopleAction.ADD_OVERRIDE: "add-override"}
"""Where on the page a refused form waits, filled in."""

_STATUS: Mapping[type[HikeshiError], int] = {
    InvalidFormError: 400,
    NotAllowedError: 403,
    CheckNumberError: 403,
    NotFoundError: 409,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PeopleDesk:
    """Shows and changes what is known of people; it reads the directory anew each time.

    A page that comes after a change so shows it, however fresh the roster of other functions is.
    """

    published: Callable[[], Configuration]
    directory: Directory
    contact_tests: ContactTests
    links: LinkStore
    keys: KeyRing
    clock: Clock
    ids: Ids
    renderer: PageRenderer
    words: Wording
    logger: Logger
    environment: str

    def show(self, opened: OpenedLink, token: str, *, done: str = "") -> Answer:
        """Show the page that a link of this kind opens; changes nothing."""
        key = f"duty.done.{done}"
        notices = (Notice(tone="done", text=self.words.text(key)),) if key in self.words else ()
        return self._page(200, opened, base=f"{token}/", notices=notices)

    def act(self, token: str, action: PeopleAction, submission: Submission) -> Answer:
        """Take an action, and lead back to the page; or say there why it was not taken."""
        if submission.is_foreign:
            self.logger.warning("form from another site", action=action.value)
            return Answer(status=403, body=self.renderer.render("plain.html", mask=NOBODY, kind="refused"))
        try:
            return self._act(token, action, submission)
        except LinkError as error:
            self.logger.info("link opens nothing", reason=error.reason)
            return error_page(self.renderer, 404)

    def _act(self, token: str, action: PeopleAction, submission: Submission) -> Answer:
        opened = self._open(token, action)
        typed: dict[str, str] = {}
        try:
            typed = self._read(submission, action)
            self._carry_out(opened, action, typed)
        except tuple(_STATUS) as error:
            self.logger.info("refused", action=action.value, code=error.code)
            # Opened again: a wrong number may just have locked the link.
            again = self._open(token, action)
            refused = replace(self._refusal(error), back=_BACK.get(action, "") if again.may_act else "")
            kept = Typed(form=action.value, values={k: v for k, v in typed.items() if k != "check_number"})
            return self._page(_STATUS[type(error)], again, base="", notices=(refused,), typed=kept)
        self.logger.info("done", action=action.value)
        return Answer(status=303, location=f"../{token}?done={action.value}")

    def _open(self, token: str, action: PeopleAction) -> OpenedLink:
        return open_link(
            token,
            links=self.links,
            keys=self.keys,
            roster=self._roster(),
            environment=self.environment,
            at=self.clock.now(),
            purposes=(_PURPOSES.get(action, DUTY),),
        )

    def _roster(self) -> Roster:
        at = self.clock.now()
        return effective(self.published(), self.directory.standings(), at=at).roster

    def _read(self, submission: Submission, action: PeopleAction) -> dict[str, str]:
        if submission.body is None:
            raise InvalidFormError("the body cannot be decoded")
        media_type = submission.headers.get("content-type", "")
        return read_fields(submission.body, media_type=media_type, fields=_fields(action))

    def _carry_out(self, opened: OpenedLink, action: PeopleAction, typed: Mapping[str, str]) -> None:
        person = opened.person
        edits = action not in _PURPOSES
        if not opened.may_act or (edits and not EDITORS & person.roles):
            raise NotAllowedError(action.value, person.id)
        check_fields(typed, _fields(action))
        if action is PeopleAction.CONFIRM_RECEIPT:
            test_id, asked = asked_by(opened)
            self.contact_tests.press(test_id, asked, at=self.clock.now())
            return
        verify_check_number(opened, check_number_of(typed), links=self.links)
        records = Records(
            directory=self.directory, roster=self._roster(), clock=self.clock, ids=self.ids, by=person.id
        )
        match action:
            case PeopleAction.CONFIRM_CONTACT:
                confirm(opened, records=records)
            case PeopleAction.ADD_ABSENCE:
                add_absence(
                    typed["person"],
                    begins_at=_moment(typed, "since"),
                    ends_at=_moment(typed, "until"),
                    deputy=typed["deputy"] or None,
                    records=records,
                )
            case PeopleAction.ADD_OVERRIDE:
                add_override(
                    typed["rotation"],
                    typed["person"],
                    begins_at=_moment(typed, "since"),
                    ends_at=_moment(typed, "until"),
                    records=records,
                )
            case PeopleAction.CANCEL_DUTY:
                cancel(typed["entry"], records=records)

    def _refusal(self, error: HikeshiError) -> Notice:
        words = self.words
        match error:
            case CheckNumberError(tries_left=0):
                text = words.text("duty.locked")
            case CheckNumberError():
                text = words.text("error.check_number", tries_left=error.tries_left)
            case InvalidFormError(field=str(field)) if f"duty.wrong.{field}" in words:
                text = words.text(f"duty.wrong.{field}")
            case InvalidFormError():
                text = words.text("page.invalid_form")
            case NotFoundError():
                text = words.text("error.not_found")
            case _:
                text = words.text("error.not_allowed")
        return Notice(tone="wrong", text=text)

    def _page(
        self,
        status: int,
        opened: OpenedLink,
        *,
        base: str,
        notices: tuple[Notice, ...] = (),
        typed: Typed | None = None,
    ) -> Answer:
        closed = "" if opened.may_act else self.words.text(_why_closed(opened))
        if opened.grant.purpose == RECEIPT:
            receipt = self._receipt(opened, base=base, closed=closed)
            return Answer(status=status, body=self.renderer.render("receipt.html", mask=NOBODY, view=receipt))
        if opened.grant.purpose == CONTACT:
            contact = self._contact(opened, base=base, closed=closed, notices=notices)
            return Answer(status=status, body=self.renderer.render("contact.html", mask=NOBODY, view=contact))
        if not closed and not EDITORS & opened.person.roles:
            closed = self.words.text("error.not_allowed")
        view = duty_page(
            self._roster(),
            opened.person,
            words=self.words,
            at=self.clock.now(),
            base=base,
            closed=closed,
            notices=notices,
            typed=typed,
        )
        return Answer(status=status, body=self.renderer.render("duty.html", mask=NOBODY, view=view))

    def _receipt(self, opened: OpenedLink, *, base: str, closed: str) -> ReceiptPage:
        test_id, asked = asked_by(opened)
        pressed = self.contact_tests.pressed(test_id).get(asked)
        return ReceiptPage(
            name=opened.person.name,
            channel=self.words.text(f"channel.{asked.channel}"),
            base=base,
            pressed_at=day_and_clock(pressed, self.words, now=self.clock.now()) if pressed else "",
            closed=closed,
        )

    def _contact(
        self, opened: OpenedLink, *, base: str, closed: str, notices: tuple[Notice, ...]
    ) -> ContactPage:
        channel, person = contact_of(opened), self._roster().person(opened.person.id)
        done = self.words.text("contact.done") if channel in person.verified else ""
        return ContactPage(
            name=person.name,
            channel=self.words.text(f"channel.{channel}"),
            address=masked(channel, person.address(channel) or ""),
            base=base,
            confirmed=done,
            closed=closed,
            notices=notices,
        )


def _fields(action: PeopleAction) -> Mapping[str, Field]:
    if action is PeopleAction.CONFIRM_RECEIPT:
        return {}
    return {**_FIELDS[action], "check_number": CHECK_NUMBER}


def _why_closed(opened: OpenedLink) -> str:
    return "duty.locked" if opened.grant.wrong_numbers else "duty.too_old"


def _moment(typed: Mapping[str, str], field: str) -> datetime:
    try:
        return read_moment(typed[field])
    except ValueError:
        raise InvalidFormError("not a time", field=field) from None
