"""A browser without script, in front of the real routes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from infra.local.browsing import Form, Page, read_page

BELOW = {
    "種類と原因を変える": "playbook",
    "作業を依頼する": "playbook",
    "この方に渡す": "playbook",
    **dict.fromkeys(
        (
            "伏せる氏名を記録する",
            "手順を完了にする",
            "被害を記録する",
            "本人の同意を記録する",
            "同意を取り消して見守りを止める",
            "理由を記録して氏名を表示する",
        ),
        "care",
    ),
    "承認を依頼する": "statement",
    "公表したと記録する": "statement",
    **dict.fromkeys(
        (
            "本文を保存して依頼する",
            "この投稿も依頼する",
            "削除依頼を承認する",
            "送付・回答を記録する",
            "掲載の様子を記録する",
            "投稿を保存する",
            "取り下げたと記録する",
            "知らせたと記録する",
        ),
        "takedowns",
    ),
    **dict.fromkeys(
        (
            "対策本部を設置する",
            "本部長を引き継ぐ",
            "メンバーに加える",
            "会議の場所を知らせる",
            "未確認の報告として登録する",
            "確かめた結果を記録する",
            "事実として登録する",
            "共通認識を発行する",
            "この号を撤回する",
            "見た内容を加える",
            "1種類でよい理由を記録する",
        ),
        "hq",
    ),
    "裏づけを加える": "facts",
    "証拠を保管する": "facts",
    "写真・ファイルを添付する": "facts",
    "元のファイルを受け取る": "evidence",
    **dict.fromkeys(
        (
            "対応の評価を記録する",
            "結果の評価を記録する",
            "反省と改善を記録する",
            "この変更に答える",
            "是正措置を加える",
            "是正措置を完了にする",
            "効果を確かめた結果を記録する",
            "振り返りを送る",
        ),
        "report-edit",
    ),
}
"""Buttons that stand on a page below the room."""

FORM = "application/x-www-form-urlencoded"
REDIRECT = 303
FAULT = 500

Send = Callable[[dict[str, Any]], dict[str, Any]]
"""What API Gateway does with the function: an event in, an answer out."""


@dataclass(eq=False)
class OpenPage:
    """A page as somebody has it on the screen, perhaps for a while already."""

    page: Page
    browser: Browser = field(repr=False)
    number: str | None = None

    @property
    def status(self) -> int:
        return self.page.status

    def offers(self, button: str, *, about: str = "") -> bool:
        """Tell whether the button can be pressed."""
        return self.turned_to(button)._form(button, about) is not None

    def turned_to(self, button: str) -> OpenPage:
        """Return the page on which a button stands: this one, or one below the room."""
        below = BELOW.get(button)
        if below is None or self._form(button, "") is not None:
            return self
        return self.follows(below)

    def follows(self, below: str) -> OpenPage:
        """Go on to a page below the room."""
        room = "/".join(self.page.url.split("?")[0].split("/")[:5])
        page = self.browser.open(f"{room}/{below}")
        page.number = self.number
        return page

    def presses(self, button: str, *, about: str = "", **typed: str) -> OpenPage:
        """Fill in the form, press its button and see it done; ``about`` picks one of several forms."""
        answer = self.tries(button, about=about, **typed)
        assert answer.status == 200, f"{button!r} was refused ({answer.status}): {answer.page.text[:300]}"
        return answer

    def tries(self, button: str, *, about: str = "", **typed: str) -> OpenPage:
        """Press a button, whatever comes of it."""
        here = self.turned_to(button)
        if here is not self:
            return here.tries(button, about=about, **typed)
        form = self._form(button, about)
        offered = sorted({each.button for each in self.page.forms})
        assert form is not None, f"no {button!r} here ({self.page.status}), but {offered}"
        values = {**form.fields, **typed}
        if "check_number" in form.fields and "check_number" not in typed:
            values["check_number"] = self.number or ""
        answer = self.browser.submit(self.page, form, values)
        answer.number = self.number
        return answer

    def says(self, *words: str) -> OpenPage:
        """Hold words against what can be read on the page."""
        for each in words:
            assert each in self.page.text, f"the page does not say {each!r}: {self.page.text[:600]}"
        return self

    def keeps_silent_about(self, *words: str) -> OpenPage:
        """Hold against the page what must not be read on it."""
        for each in words:
            assert each not in self.page.text, f"the page says {each!r}"
        return self

    def _form(self, button: str, about: str) -> Form | None:
        for form in self.page.forms:
            named = form.button == button or form.button.startswith(f"{button}（")
            if named and (not about or about in form.fields.values()):
                return form
        return None


@dataclass(frozen=True)
class Browser:
    """Opens addresses and sends forms; follows the redirect after a form."""

    send: Send = field(repr=False)
    templates: tuple[str, ...]

    def open(self, url: str, *, method: str = "GET") -> OpenPage:
        """Open an address."""
        return self._answered(url, self._request(method, url))

    def submit(
        self, page: Page, form: Form, values: Mapping[str, str], *, site: str = "same-origin"
    ) -> OpenPage:
        """Send a form from a page; ``site`` is what the browser says of where it stood."""
        url = urljoin(page.url, form.action)
        answer = self._request("POST", url, body=urlencode(values), site=site)
        if answer["statusCode"] == REDIRECT:
            return self.open(urljoin(url, _headers(answer)["location"]))
        return self._answered(url, answer)

    def _answered(self, url: str, answer: dict[str, Any]) -> OpenPage:
        assert answer["statusCode"] < FAULT, f"{url} broke: see the log"
        policy = _headers(answer).get("referrer-policy", "")
        page = read_page(url, answer["statusCode"], answer["body"], referrer_policy=policy)
        return OpenPage(page=page, browser=self)

    def _request(
        self, method: str, url: str, *, body: str | None = None, site: str = "none"
    ) -> dict[str, Any]:
        parts = urlsplit(url)
        template, found = self.route(parts.path)
        headers = {"host": parts.netloc, "sec-fetch-site": site}
        return self.send(
            {
                "requestContext": {"resourcePath": template, "httpMethod": method, "path": parts.path},
                "headers": headers if body is None else {**headers, "content-type": FORM},
                "multiValueQueryStringParameters": parse_qs(parts.query) or None,
                "pathParameters": found,
                "stageVariables": None,
                "body": body,
                "isBase64Encoded": False,
            }
        )

    def route(self, path: str) -> tuple[str, dict[str, str]]:
        """Find the template of a path, as API Gateway does; the one with fewest gaps wins."""
        asked = path.strip("/").split("/")
        for template in sorted(self.templates, key=lambda each: each.count("{")):
            parts = template.strip("/").split("/")
            if len(parts) == len(asked) and all(
                part.startswith("{") or part == given for part, given in zip(parts, asked, strict=True)
            ):
                pairs = zip(parts, asked, strict=True)
                return template, {part[1:-1]: given for part, given in pairs if part.startswith("{")}
        raise AssertionError(f"there is no route for {path}")


def _headers(answer: Mapping[str, Any]) -> dict[str, str]:
    single: dict[str, str] = answer.get("headers") or {}
    return {name.lower(): value for name, value in single.items()}
