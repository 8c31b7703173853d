"""Reading a responder's page and submitting its forms as a browser without script does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

import httpx


@dataclass(kw_only=True, slots=True)
class Form:
    """A form: where it goes, what is written on its button, and what its fields hold before anybody types."""

    action: str
    button: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Last part of the address: the action it takes."""
        return urlsplit(self.action).path.rstrip("/").rsplit("/", 1)[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page as it was answered."""

    url: str
    status: int
    html: str
    forms: tuple[Form, ...]
    moments: tuple[tuple[str, str], ...]
    text: str
    referrer_policy: str = ""

    @property
    def origin(self) -> str:
        """What a browser says of where a form came from: nothing, if the page asks for that."""
        parts = urlsplit(self.url)
        return "null" if self.referrer_policy == "no-referrer" else f"{parts.scheme}://{parts.netloc}"

    def forms_named(self, name: str) -> tuple[Form, ...]:
        """Return the forms that take an action."""
        return tuple(form for form in self.forms if form.name == name)


class LinkBrowser:
    """Opens links and sends forms; follows the redirect after a form, as browsers do."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def open(self, url: str) -> Page:
        """Open an address."""
        return _page(self._client.get(url, follow_redirects=True))

    def fetch(self, url: str) -> httpx.Response:
        """Get what an address hands out, as a browser that was pointed there asks for it."""
        return self._client.get(url, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})

    def submit(
        self, page: Page, form: Form, values: Mapping[str, str], *, file: tuple[str, bytes] | None = None
    ) -> Page:
        """Send a form of a page with what was typed into it, and a file by its name if it takes one."""
        headers = {"origin": page.origin, "sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate"}
        target, typed = urljoin(page.url, form.action), {**form.fields, **values}
        if file is not None:
            typed.pop("file", None)
            answer = self._client.post(target, data=typed, files={"file": file}, headers=headers)
        else:
            headers["content-type"] = "application/x-www-form-urlencoded"
            answer = self._client.post(target, content=urlencode(typed), headers=headers)
        if answer.has_redirect_location:
            return self.open(urljoin(str(answer.url), answer.headers["location"]))
        return _page(answer)


def read_page(url: str, status: int, html: str, *, referrer_policy: str = "") -> Page:
    """Take a page apart into what a person can read and fill in."""
    reader = _Reader()
    reader.feed(html)
    return Page(
        url=url,
        status=status,
        html=html,
        forms=tuple(reader.forms),
        moments=tuple(reader.moments),
        text=" ".join("".join(reader.words).split()),
        referrer_policy=referrer_policy,
    )


def _page(answer: httpx.Response) -> Page:
    policy = answer.headers.get("referrer-policy", "")
    return read_page(str(answer.url), answer.status_code, answer.text, referrer_policy=policy)


class _Reader(HTMLParser):
    """Collects forms, timed rows and words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.moments: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._on_button = False
        self._in_row = False
        self._time: str | None = None
        self._row: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a form, a field or a timed row begins."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(action=given.get("action", ""))
            self.forms.append(self._form)
        elif tag == "input" and self._form is not None:
            self._field(self._form, given)
        elif tag == "textarea" and self._form is not None:
            self._area = given["name"]
            self._form.fields[self._area] = ""
        elif tag == "button":
            self._on_button = True
        elif tag == "li":
            self._in_row, self._time = True, None
        elif tag == "time" and self._in_row:
            self._time, self._row = given.get("datetime", ""), []
        elif tag in {"style", "script"}:
            self._silent = True

    def handle_endtag(self, tag: str) -> None:
        """Note where it ends."""
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "button":
            self._on_button = False
        elif tag == "li":
            if self._time:
                self.moments.append((self._time, " ".join("".join(self._row).split())))
            self._in_row, self._time = False, None
        elif tag == "time":
            self._row = []
        elif tag in {"style", "script"}:
            self._silent = False

    def handle_data(self, data: str) -> None:
        """Take words down where they belong."""
        if self._silent:
            return
        if self._form is not None and self._area is not None:
            self._form.fields[self._area] += data.removeprefix("\n")
        if self._form is not None and self._on_button:
            self._form.button += data.strip()
        self._row.append(data)
        self.words.append(data)

    @staticmethod
    def _field(form: Form, given: Mapping[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if not name or kind == "submit":
            return
        if kind == "radio":
            form.choices.setdefault(name, []).append(given.get("value", ""))
            if "checked" not in given:
                return
        if kind == "checkbox" and "checked" not in given:
            return
        form.fields[name] = given.get("value", "")
