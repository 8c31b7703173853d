"""Headers, addresses, logs: what holds whatever is asked."""

from __future__ import annotations

import base64
import hashlib
import random
import re
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from aws_lambda_powertools import Logger
from chalice.test import Client

from functions.responder_api.app import app, lambda_handler
from hikeshi.domain.actions import Action
from hikeshi.domain.links import ALPHABET, digest_of
from hikeshi.runtime import bootstrap
from hikeshi.runtime.answers import Submission
from hikeshi.runtime.observability import RedactingFormatter
from tests.unit.pages import scenes
from tests.unit.pages.conftest import FORM, Opener, Page, an_event
from tests.unit.pages.stage import Stage

ROUTES = {
    "/health": {"GET"},
    "/r/{token}": {"GET", "HEAD"},
    "/r/{token}/{matter}": {"GET", "POST"},
    "/r/{token}/care": {"GET"},
    "/r/{token}/care-open": {"POST"},
    "/r/{token}/care-names": {"POST"},
    "/r/{token}/care-owner": {"POST"},
    "/r/{token}/care-done": {"POST"},
    "/r/{token}/care-harm": {"POST"},
    "/r/{token}/care-consent": {"POST"},
    "/r/{token}/care-revoke": {"POST"},
    "/r/{token}/care-reveal": {"POST"},
    "/r/{token}/acknowledge": {"POST"},
    "/r/{token}/dismiss": {"POST"},
    "/r/{token}/escalate": {"POST"},
    "/r/{token}/experts": {"GET"},
    "/r/{token}/ask-expert": {"POST"},
    "/r/{token}/withdraw-request": {"POST"},
    "/r/{token}/opinion": {"POST"},
    "/r/{token}/restrict": {"POST"},
    "/r/{token}/lift-restriction": {"POST"},
    "/r/{token}/admit": {"POST"},
    "/r/{token}/exclude": {"POST"},
    "/r/{token}/facts": {"GET", "POST"},
    "/r/{token}/verdict": {"POST"},
    "/r/{token}/establish-facts": {"POST"},
    "/r/{token}/task-done": {"POST"},
    "/r/{token}/hq": {"GET"},
    "/r/{token}/headquarters": {"POST"},
    "/r/{token}/attend": {"POST"},
    "/r/{token}/chief": {"POST"},
    "/r/{token}/hq-member": {"POST"},
    "/r/{token}/meeting": {"POST"},
    "/r/{token}/inbound": {"POST"},
    "/r/{token}/inbound-verdict": {"POST"},
    "/r/{token}/inbound-fact": {"POST"},
    "/r/{token}/bulletin": {"POST"},
    "/r/{token}/withdraw-bulletin": {"POST"},
    "/r/{token}/read-bulletin": {"POST"},
    "/r/{token}/sighting": {"POST"},
    "/r/{token}/waive-second-view": {"POST"},
    "/r/{token}/statement": {"GET", "POST"},
    "/r/{token}/playbook": {"GET"},
    "/r/{token}/kind": {"POST"},
    "/r/{token}/task": {"POST"},
    "/r/{token}/task-owner": {"POST"},
    "/r/{token}/approve-statement": {"POST"},
    "/r/{token}/return-statement": {"POST"},
    "/r/{token}/waive-statement": {"POST"},
    "/r/{token}/calm": {"POST"},
    "/r/{token}/calm-early": {"POST"},
    "/r/{token}/aftercare": {"GET"},
    "/r/{token}/inquiry": {"POST"},
    "/r/{token}/inquiry-reply": {"POST"},
    "/r/{token}/inquiry-public": {"POST"},
    "/r/{token}/compensation": {"POST"},
    "/r/{token}/compensation-paid": {"POST"},
    "/r/{token}/surge": {"POST"},
    "/r/{token}/surge-end": {"POST"},
    "/r/{token}/aftercare-check": {"POST"},
    "/r/{token}/report": {"GET", "POST"},
    "/r/{token}/sign-report": {"POST"},
    "/r/{token}/report-edit": {"GET"},
    "/r/{token}/report-outcome": {"POST"},
    "/r/{token}/report-lessons": {"POST"},
    "/r/{token}/report-feedback": {"POST"},
    "/r/{token}/correction": {"POST"},
    "/r/{token}/correction-done": {"POST"},
    "/r/{token}/correction-check": {"POST"},
    "/r/{token}/change": {"POST"},
    "/r/{token}/undo": {"POST"},
    "/r/{token}/confirm": {"POST"},
    "/r/{token}/help-called": {"POST"},
    "/r/{token}/no-danger": {"POST"},
    "/r/{token}/expiry": {"POST"},
    "/r/{token}/fact-source": {"POST"},
    "/r/{token}/fact-proof": {"POST"},
    "/r/{token}/fact-key": {"POST"},
    "/r/{token}/fact-file": {"POST"},
    "/r/{token}/takedown-file": {"POST"},
    "/r/{token}/inbound-file": {"POST"},
    "/r/{token}/evidence": {"GET"},
    "/r/{token}/file": {"GET"},
    "/r/{token}/original": {"POST"},
    "/r/{token}/publish-statement": {"POST"},
    "/r/{token}/takedowns": {"GET", "POST"},
    "/r/{token}/adopt-takedown": {"POST"},
    "/r/{token}/approve-takedown": {"POST"},
    "/r/{token}/takedown-step": {"POST"},
    "/r/{token}/takedown-look": {"POST"},
    "/r/{token}/own-post": {"POST"},
    "/r/{token}/own-post-removed": {"POST"},
    "/r/{token}/own-post-told": {"POST"},
    "/r/{token}/confirm-contact": {"POST"},
    "/r/{token}/received": {"POST"},
    "/r/{token}/absences": {"POST"},
    "/r/{token}/overrides": {"POST"},
    "/r/{token}/cancel-duty": {"POST"},
}


def assert_is_dressed(page: Page) -> None:
    headers = page.headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-robots-tag"].startswith("noindex")
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    for part in ("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


def test_the_routes_are_these() -> None:
    assert {path: set(methods) for path, methods in app.routes.items()} == ROUTES


def test_what_the_gateway_knows_as_one_route_reaches_the_route_of_its_own(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    token = browser.stage.link()

    def asked(method: str, matter: str) -> int:
        event = an_event(method, "/r/{token}/{matter}", token)
        event |= {"pathParameters": {"token": token, "matter": matter}}
        event |= {} if method == "POST" else {"headers": {}}
        return int(lambda_handler(event, None)["statusCode"])

    assert (asked("GET", "facts"), asked("POST", "escalate")) == (200, 303)
    assert (asked("GET", "escalate"), asked("POST", "experts")) == (405, 405)
    assert {asked(m, each) for m in ("GET", "POST") for each in ("nothing", "", "{matter}", "..")} == {404}
    room = an_event("GET", "/r/{token}", token) | {"headers": {}}
    assert lambda_handler(room, None)["statusCode"] == 200


@pytest.mark.parametrize("behind", ["。", "%E3%80%82", "」", " ", "%20", ")", "」。", "\u3000"])
def test_what_was_pasted_on_to_the_end_of_a_link_does_not_close_it(open_stage: Opener, behind: str) -> None:
    token = open_stage(scenes.found()).stage.link()
    room = an_event("GET", "/r/{token}", token + behind) | {"headers": {}}
    answer = lambda_handler(room, None)
    assert answer["statusCode"] == 200
    assert f"{token}{behind}" not in answer["body"]
    longer = an_event("GET", "/r/{token}", f"{token}1{behind}") | {"headers": {}}
    assert lambda_handler(longer, None)["statusCode"] == 404


def test_every_answer_wears_the_same_headers(open_stage: Opener) -> None:
    browser = open_stage(scenes.reporting())
    path = f"/r/{browser.stage.link('tanaka')}"
    answers = [
        browser.get(path),
        browser.get(path, method="HEAD"),
        browser.get(f"{path}/report"),
        browser.get("/r/nothing"),
        browser.get("/health"),
        browser.post(f"{path}/escalate"),
        browser.post(f"{path}/facts", b"\xff"),
        browser.post(f"{path}/sign-report", {"version": "1", "check_number": "47"}),
        browser.post(f"{path}/escalate", headers={"sec-fetch-site": "cross-site"}),
    ]
    assert [a.status for a in answers] == [200, 200, 200, 404, 200, 303, 400, 409, 403]
    for answer in answers:
        assert_is_dressed(answer)


def test_the_policy_allows_exactly_the_style_of_the_page(open_stage: Opener) -> None:
    page = open_stage(scenes.found()).room()
    (style,) = re.findall(r"<style>(.*?)</style>", page.text, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("scene", [scenes.found(), scenes.responding(), scenes.closed()])
def test_no_page_has_a_script_a_style_attribute_or_an_outside_address(
    open_stage: Opener, scene: scenes.Scene
) -> None:
    page = open_stage(scene).room().text
    assert not re.search(r"<script|<link|<img|<iframe|\sstyle=|\son\w+=|javascript:", page)
    assert not re.search(r'(?:href|src|action)="(?:[a-z]+:|//)', page)


def test_head_answers_like_get_without_a_body(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    path = f"/r/{browser.stage.link()}"
    got, head = browser.get(path), browser.get(path, method="HEAD")
    assert (head.status, head.headers) == (got.status, got.headers)
    assert head.text == ""


def test_every_link_that_opens_nothing_shows_the_same_page(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    token = browser.stage.link()
    revoked, expired, leaver = (browser.stage.link(p) for p in ("ito", "suzuki", "tanaka"))
    kept = browser.stage.links.grants
    kept[digest_of(revoked)] = replace(kept[digest_of(revoked)], revoked=True)
    kept[digest_of(expired)] = replace(kept[digest_of(expired)], expires_at=browser.stage.clock.now())
    kept[digest_of(leaver)] = replace(kept[digest_of(leaver)], person_id="somebody-who-left")
    flipped = token[:-1] + ALPHABET[(ALPHABET.index(token[-1]) + 1) % 58]
    refused = [revoked, expired, leaver, flipped, token[:-1], token + "1", "1" * 22, "0" * 22, "%E7%81%AB"]
    pages = [browser.get(f"/r/{t}") for t in refused]
    pages += [browser.post(f"/r/{t}/acknowledge") for t in refused]
    pages.append(browser.get(f"/r/{token}/report"))
    assert {(p.status, p.text, tuple(sorted(p.headers.items()))) for p in pages} == {
        (404, pages[0].text, tuple(sorted(pages[0].headers.items())))
    }


def test_forged_tokens_open_nothing(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    token = browser.stage.link()
    dice = random.Random(128)  # noqa: S311  # makes test data
    desk = bootstrap.responder_desk()
    for _ in range(2000):
        place = dice.randrange(22)
        forged = token[:place] + dice.choice(ALPHABET) + token[place + 1 :]
        assert desk.show(forged).status == (200 if forged == token else 404)


def test_logs_hold_no_token_number_or_text() -> None:
    log = StringIO()
    formatter: Any = RedactingFormatter()
    logger = Logger(service="responder_api_log", stream=log, logger_formatter=formatter)
    set_up = Stage(logger=logger).play(scenes.found())
    desk = set_up.desk()
    token = set_up.link(number="93")
    desk.show(token)
    wrong = urlencode({"reason": "他社の商品でした", "check_number": "11"}).encode()
    desk.act(token, Action.DISMISS, Submission(body=wrong, headers=FORM))
    desk.act(token, Action.ACKNOWLEDGE, Submission(body=b"", headers=FORM))
    desk.show("unknown")
    said = log.getvalue()
    assert said.count('"level":"INFO"') == 3
    assert not re.search(rf"{token}|他社|93|check_number\":|虫", re.sub(r'"timestamp":"[^"]+"', "", said))


def test_a_fault_of_ours_is_a_page_too_and_its_log_holds_no_token(
    open_stage: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = open_stage(scenes.found())
    token = browser.stage.link()
    log = StringIO()
    monkeypatch.setattr(app.log.handlers[0], "stream", log)

    def broken() -> object:
        raise RuntimeError("the table is gone")

    monkeypatch.setattr(bootstrap, "responder_desk", broken)
    answer = browser.get(f"/r/{token}")
    assert answer.status == 500
    assert_is_dressed(answer)
    assert "処理を完了できませんでした" in answer.text
    assert "the table is gone" not in answer.text
    assert "the table is gone" in log.getvalue()
    assert "/r/[link]" not in answer.text
    assert token not in log.getvalue()


def test_garbage_that_says_it_is_base64_is_refused(open_stage: Opener) -> None:
    token = open_stage(scenes.found()).stage.link()
    event = an_event("POST", "/r/{token}/acknowledge", token)
    assert app({**event, "body": "a", "isBase64Encoded": True}, None)["statusCode"] == 400
    assert app({**event, "body": "\ud800"}, None)["statusCode"] == 400


def test_health_says_that_it_runs() -> None:
    with Client(app) as client:
        assert client.http.get("/health").json_body == {"status": "ok"}


def test_a_link_is_read_only_after_three_days_but_still_opens(open_stage: Opener) -> None:
    browser = open_stage(scenes.found())
    token = browser.stage.link(age=timedelta(hours=73))
    assert browser.get(f"/r/{token}").status == 200
    refused = browser.post(f"/r/{token}/acknowledge")
    assert refused.status == 403
    assert "このリンクは閲覧のみになりました。" in refused.text
    assert refused.text.count("このリンクは閲覧のみになりました。") <= 2
