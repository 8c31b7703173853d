from __future__ import annotations

import httpx

from infra.local.browsing import LinkBrowser

PAGE = """<!doctype html><style>.x{}</style><h1>案件</h1>
<form method="post" action="/r/T/verdict"><input type="hidden" name="fact_id" value="fact-1">
<label><input type="radio" name="verdict" value="confirmed">はい</label>
<label><input type="radio" name="verdict" value="refuted" checked>いいえ</label>
<textarea name="basis">
書きかけ</textarea><button>記録する</button></form>
<form method="post" action="/r/T/acknowledge"><button>担当する</button></form>
<ol><li><time datetime="2026-05-13T03:57:00+00:00">12:57</time><span>最初の投稿</span></li></ol>"""


def browser(seen: list[httpx.Request]) -> LinkBrowser:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        policy = {"referrer-policy": "no-referrer"} if request.url.path == "/r/quiet" else {}
        if request.method == "POST" and request.url.path == "/r/T/acknowledge":
            return httpx.Response(303, headers={"location": "../T?done=acknowledge"})
        return httpx.Response(200, html=PAGE, headers=policy)

    return LinkBrowser(httpx.Client(transport=httpx.MockTransport(answer)))


def test_forms_are_read_with_what_stands_in_them() -> None:
    page = browser([]).open("http://127.0.0.1:1/r/T")
    assert [form.name for form in page.forms] == ["verdict", "acknowledge"]
    verdict = page.forms[0]
    assert verdict.fields == {"fact_id": "fact-1", "verdict": "refuted", "basis": "書きかけ"}
    assert verdict.choices == {"verdict": ["confirmed", "refuted"]}


def test_times_are_read_with_their_text() -> None:
    page = browser([]).open("http://127.0.0.1:1/r/T")
    assert page.moments == (("2026-05-13T03:57:00+00:00", "最初の投稿"),)
    assert ".x{}" not in page.text


def test_a_form_is_sent_as_browsers_do() -> None:
    seen: list[httpx.Request] = []
    used = browser(seen)
    page = used.open("http://127.0.0.1:1/r/T")
    used.submit(page, page.forms[0], {"verdict": "confirmed"})
    sent = seen[-1]
    assert (sent.method, str(sent.url)) == ("POST", "http://127.0.0.1:1/r/T/verdict")
    assert sent.headers["origin"] == "http://127.0.0.1:1"
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert b"verdict=confirmed" in sent.content
    assert b"fact_id=fact-1" in sent.content


def test_a_page_that_asks_for_it_is_not_named_as_the_origin() -> None:
    seen: list[httpx.Request] = []
    used = browser(seen)
    page = used.open("http://127.0.0.1:1/r/quiet")
    used.submit(page, page.forms[0], {"verdict": "confirmed"})
    assert seen[-1].headers["origin"] == "null"


def test_after_a_form_the_page_it_leads_to_is_opened_without_the_form() -> None:
    seen: list[httpx.Request] = []
    used = browser(seen)
    page = used.open("http://127.0.0.1:1/r/T")
    led_to = used.submit(page, page.forms[1], {})
    assert led_to.url == "http://127.0.0.1:1/r/T?done=acknowledge"
    assert (seen[-1].method, seen[-1].content) == ("GET", b"")
    assert "content-type" not in seen[-1].headers
