"""Files on the pages: sent from a phone, listed, handed out to those who may."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from hikeshi.domain.attaching import MOST_FILES
from hikeshi.domain.evidence import MOST_BYTES
from hikeshi.domain.file_kinds import FileKind, kind_of
from tests.builders import an_evidence_file
from tests.photos import PDF, SECRET, heic, larva, phone_photo
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener, Page
from tests.unit.pages.protected import looked_after
from tests.unit.pages.stage import NUMBER

ID = scenes.checking().room.incident.id
OF_FACT = {"fact_id": "fact-2", "file_title": "お客様が撮影した写真"}


def send(browser: Browser, content: bytes, *, name: str = "", person: str = "ito") -> Page:
    """Send a file for the second fact, under a name that suits it unless another is given."""
    kind = kind_of(content)
    name = name or ("IMG_0513.jpg" if kind in (None, FileKind.JPEG) else f"record.{kind}")
    return browser.post(f"/r/{browser.stage.link(person)}/fact-file", OF_FACT, file=content, name=name)


def fetch(browser: Browser, *, person: str = "ito", which: int = 0) -> Page:
    file = browser.stage.incidents.room(ID).files[which]
    return browser.get(f"/r/{browser.stage.link(person)}/file?id={file.id}")


def test_a_photo_from_a_phone_is_kept_listed_and_handed_out(open_stage: Opener) -> None:
    browser, photo = open_stage(scenes.checking()), phone_photo()
    answer = send(browser, photo)
    assert (answer.status, answer.headers["location"]) == (303, "facts?page=fact-2&done=file_kept#at-fact-2")
    (file,) = browser.stage.incidents.room(ID).files
    assert (file.about, file.kind, file.size, file.located) == ("fact-2", "jpg", len(photo), True)
    assert file.sha256 == hashlib.sha256(photo).hexdigest()
    assert browser.stage.proofs.sent == {file.uri: photo}

    page = browser.get(f"/r/{browser.stage.link('sato')}/facts").text
    for shown in ("お客様が撮影した写真", "写真（JPEG）　1 KB　IMG_0513.jpg", file.sha256, "伊藤"):
        assert shown in page
    assert f'href="file?id={file.id}"' in page

    copy = fetch(browser, person="sato")
    assert copy.status == 200
    assert SECRET not in copy.content
    assert copy.content.startswith(b"\xff\xd8\xff")


def test_a_file_goes_out_to_be_saved_and_never_to_be_shown_in_place(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    send(browser, PDF, name='"><script>\r\nset-cookie: a.pdf')
    copy = fetch(browser)
    digest = hashlib.sha256(PDF).hexdigest()[:12]
    assert copy.headers["content-disposition"] == f'attachment; filename="hikeshi-128-{digest}.pdf"'
    assert copy.headers["content-type"] == "application/pdf"
    assert copy.headers["content-security-policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert copy.headers["x-content-type-options"] == "nosniff"
    assert copy.headers["cache-control"] == "no-store"
    assert copy.content == PDF
    page = browser.get(f"/r/{browser.stage.link('ito')}/facts").text
    assert "<script" not in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ファイルの中身が空です。"),
        (b"<!doctype html><script>alert(1)</script>", "どれでもありません"),
        (b"<svg onload='alert(1)'/>", "どれでもありません"),
        (b"PK\x03\x04" + b"\x00" * 40, "どれでもありません"),
        (larva()[:400], "途中で切れているか"),
        (larva().ljust(MOST_BYTES + 1, b"\x00"), "4MBを超えています"),
        (larva().ljust(MOST_BYTES * 2, b"\x00"), "4MBを超えています"),
    ],
)
def test_what_is_no_evidence_is_refused_with_what_to_do(
    open_stage: Opener, content: bytes, said: str
) -> None:
    browser = open_stage(scenes.checking())
    answer = send(browser, content)
    assert answer.status == 409
    assert said in answer.text
    assert "このファイルは保管できません。" in answer.text
    assert browser.stage.proofs.sent == {}
    assert browser.stage.incidents.room(ID).files == ()


def test_a_refused_file_leaves_its_title_in_the_open_form(open_stage: Opener) -> None:
    answer = send(open_stage(scenes.checking()), b"MZ\x90")
    item = answer.text.split('id="at-fact-2"')[1].split("</li>")[0]
    assert 'value="お客様が撮影した写真"' in item
    assert 'href="#at-fact-2"' in answer.text


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("本物の写真です".encode(), "fake.jpg", "名前は写真やPDFですが、中身は文字だけです。"),
        ("本物の写真です".encode("cp932"), "ｆａｋｅ．ＪＰＧ", "名前の終わりを「.txt」にして"),
        (b"A drawing", "fake.jpg.PDF ", "もとの写真やPDFを選び直してください。"),
        (larva(), "record.txt", "名前は写真ではありませんが、中身は写真です。"),
        (larva(), "report.pdf", "名前の終わりを「.jpg」にして"),
        (PDF, "IMG_0513.heic", "名前はPDFではありませんが、中身はPDFです。"),
    ],
)
def test_a_name_that_promises_something_else_is_refused_with_what_it_is_and_what_to_do(
    open_stage: Opener, content: bytes, name: str, said: str
) -> None:
    browser = open_stage(scenes.checking())
    answer = send(browser, content, name=name)
    assert (answer.status, said in answer.text) == (409, True)
    assert browser.stage.proofs.sent == {}
    assert browser.stage.incidents.room(ID).files == ()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (larva(), "saved-from-a-page.webp"),
        (larva(), "IMG_0513"),
        (larva(), "IMG_0513.jpg.bak"),
        ("ロット,出荷\n".encode(), "lots.csv"),
        (b"lot 0513", "README.md"),
    ],
)
def test_a_name_that_promises_nothing_else_is_none_of_our_business(
    open_stage: Opener, content: bytes, name: str
) -> None:
    assert send(open_stage(scenes.checking()), content, name=name).status == 303


def test_the_largest_file_passes(open_stage: Opener) -> None:
    assert send(open_stage(scenes.checking()), PDF.ljust(MOST_BYTES)).status == 303


@pytest.mark.parametrize("without", ["file", "file_title", "fact_id"])
def test_a_form_without_its_file_or_its_title_is_refused(open_stage: Opener, without: str) -> None:
    browser = open_stage(scenes.checking())
    path = f"/r/{browser.stage.link('ito')}/fact-file"
    fields = {name: value for name, value in OF_FACT.items() if name != without}
    answer = browser.post(path, fields, file=None if without == "file" else larva())
    assert answer.status == 400
    assert browser.stage.proofs.sent == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--x\r\n\r\n",
        b'--x\r\nContent-Disposition: form-data; name="fact_id"\r\n\r\n\xff\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\n1\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n1\r\n' * 2 + b"--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="fact_id"; filename="a"\r\n\r\n1\r\n--x--\r\n',
    ],
)
def test_a_body_that_our_form_cannot_send_is_refused(open_stage: Opener, body: bytes) -> None:
    browser = open_stage(scenes.checking())
    for media_type in (
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "multipart/mixed; boundary=x",
    ):
        answer = browser.post(
            f"/r/{browser.stage.link('ito')}/fact-file", body, headers={"content-type": media_type}
        )
        assert answer.status == 400
    assert browser.stage.proofs.sent == {}


def test_the_same_file_twice_is_told_and_elsewhere_is_named(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    send(browser, larva())
    again = send(browser, larva(), name="copy.jpg", person="sato")
    assert again.status == 409
    assert "同じ内容のファイルが、すでにここにあります。" in again.text
    elsewhere = browser.post(
        f"/r/{browser.stage.link('ito')}/fact-file", {**OF_FACT, "fact_id": "fact-3"}, file=larva()
    )
    assert elsewhere.status == 303
    for here, there in (("fact-2", "事実3"), ("fact-3", "事実2")):
        page = browser.get(f"/r/{browser.stage.link('ito')}/evidence?page={here}").text
        assert f"{there}の証拠と同じファイルです。" in page
    assert len(browser.stage.proofs.sent) == 1


def test_a_fact_takes_twenty_files(open_stage: Opener) -> None:
    scene = scenes.checking()
    files = tuple(
        an_evidence_file(id=f"file-{n}", about="fact-2", sha256=f"{n:064x}") for n in range(MOST_FILES)
    )
    browser = open_stage(replace(scene, room=replace(scene.room, files=files)))
    answer = send(browser, larva())
    assert answer.status == 409
    assert "ファイルは1つの項目に20件までです。" in answer.text
    assert browser.stage.proofs.sent == {}


def test_if_the_room_cannot_be_written_the_file_is_found_when_it_is_sent_again(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    commit = browser.stage.incidents.commit

    def fails(change: Any) -> Any:
        raise OSError("the table is away")

    browser.stage.incidents.commit = fails  # type: ignore[method-assign]  # the write fails, as a table can
    assert send(browser, larva()).status == 500
    browser.stage.incidents.commit = commit  # type: ignore[method-assign]  # and works again
    (uri,) = browser.stage.proofs.sent
    assert send(browser, larva()).status == 303
    assert [file.uri for file in browser.stage.incidents.room(ID).files] == [uri]
    assert list(browser.stage.proofs.sent) == [uri]


# ---- who gets what --------------------------------------------------------------------------------


def test_a_file_that_is_not_there_was_changed_or_is_of_another_room_shows_nothing(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    send(browser, larva())
    (file,) = browser.stage.incidents.room(ID).files
    link = browser.stage.link("ito")
    nothing = browser.get("/r/nothing")
    for address in (
        f"/r/{link}/file",
        f"/r/{link}/file?id=file-x",
        f"/r/x/file?id={file.id}",
    ):
        assert browser.get(address).text == nothing.text
    browser.stage.proofs.sent[file.uri] = larva("png")
    assert fetch(browser).text == nothing.text
    browser.stage.proofs.sent.clear()
    assert fetch(browser).status == 404


def test_whoever_is_not_in_the_circle_gets_no_file(open_stage: Opener) -> None:
    photo = an_evidence_file(id="file-1", sha256=hashlib.sha256(larva()).hexdigest())
    scene = scenes.among_few(scenes.found())
    browser = open_stage(replace(scene, room=replace(scene.room, files=(photo,))))
    browser.stage.proofs.sent[photo.uri] = larva()
    assert fetch(browser, person="tanaka").status == 200
    outside = fetch(browser, person="ito")
    assert (outside.status, outside.text) == (404, browser.get("/r/nothing").text)


@pytest.mark.parametrize("person", ["ito", "sato"])
def test_a_photo_that_cannot_be_cut_is_handed_out_only_when_asked_for(
    open_stage: Opener, person: str
) -> None:
    browser = open_stage(scenes.checking())
    send(browser, heic(), name="IMG_0513.HEIC")
    assert "IMG_0513.HEIC" in browser.get(f"/r/{browser.stage.link(person)}/facts").text
    page = browser.get(f"/r/{browser.stage.link(person)}/evidence").text
    assert "file?id=" not in page
    assert "限られた方にお渡しします。" in page
    assert fetch(browser, person=person).status == 404


def test_the_original_goes_to_few_who_say_why_and_that_stays_on_record(open_stage: Opener) -> None:
    browser, photo = open_stage(scenes.checking()), phone_photo()
    send(browser, photo)
    (file,) = browser.stage.incidents.room(ID).files
    asked = {"file_id": file.id, "original_reason": "撮影の日時を確かめます", "check_number": NUMBER}
    refused = browser.post(f"/r/{browser.stage.link('ito')}/original", asked)
    assert refused.status == 403
    wrong = browser.post(f"/r/{browser.stage.link('tanaka')}/original", {**asked, "check_number": "11"})
    assert wrong.status == 403
    assert "撮影の日時を確かめます" in wrong.text
    given = browser.post(f"/r/{browser.stage.link('tanaka')}/original", asked)
    assert (given.status, given.content) == (200, photo)
    assert given.headers["content-disposition"].startswith("attachment; ")
    event = browser.stage.incidents.timeline(ID)[-1].event
    assert (event.kind, event.actor) == ("original_handed_out", "tanaka")
    assert event.details["reason"] == "撮影の日時を確かめます"
    kinds = browser.stage.incidents.kinds(ID)
    assert kinds.count("original_handed_out") == 1


def test_while_a_name_is_hidden_files_go_to_few(open_stage: Opener) -> None:
    photo = an_evidence_file(sha256=hashlib.sha256(larva()).hexdigest())
    scene = looked_after(scenes.checking())
    browser = open_stage(replace(scene, room=replace(scene.room, files=(photo,))))
    browser.stage.proofs.sent[photo.uri] = larva()
    incident = scene.room.incident.id
    assert fetch(browser).status == 404
    asked = {"file_id": photo.id, "original_reason": "弁護士に渡します", "check_number": NUMBER}
    link = browser.stage.link("kato", about=incident)
    assert browser.post(f"/r/{link}/original", asked).content == larva()


@pytest.mark.parametrize(
    ("path", "field", "about", "page"),
    [
        ("takedown-file", "takedown_id", "takedown-1", "takedowns"),
        ("inbound-file", "inbound_id", "inbound-1", "hq"),
    ],
)
def test_a_request_and_a_report_take_files_too(
    open_stage: Opener, path: str, field: str, about: str, page: str
) -> None:
    scene = scenes.gathered() if page == "hq" else scenes.taking_down()
    browser = open_stage(scene)
    link = browser.stage.link("ito")
    sent = browser.post(f"/r/{link}/{path}", {field: about, "file_title": "画面の写し"}, file=larva("png"))
    assert sent.status == 303
    shown = browser.get(f"/r/{link}/{page}").text
    assert "画面の写し" in shown
    assert "file?id=file-" in shown
    assert "画面の写し" not in str(browser.stage.incidents.timeline(scene.room.incident.id)[-1].event.details)
    gone = browser.post(f"/r/{link}/{path}", {field: "none", "file_title": "x"}, file=larva())
    assert gone.status == 409
    assert len(browser.stage.proofs.sent) == 1


def test_the_newest_three_stand_beside_a_fact_and_all_of_it_on_a_page_of_its_own(open_stage: Opener) -> None:
    scene = scenes.checking()
    files = tuple(
        an_evidence_file(id=f"file-{n:02d}", about="fact-2", title=f"写真{n:02d}", sha256=f"{n:064x}")
        for n in range(MOST_FILES)
    )
    others = tuple(replace(file, id=f"{file.id}-b", about="fact-3", title=f"紙{file.id}") for file in files)
    browser = open_stage(replace(scene, room=replace(scene.room, files=files + others)))
    link = browser.stage.link("ito")
    facts = browser.get(f"/r/{link}/facts").text
    assert '<a href="evidence">この案件の証拠のファイル　40件</a>' in facts
    assert [n for n in range(MOST_FILES) if f"写真{n:02d}" in facts] == [17, 18, 19]
    assert '<a href="evidence?page=fact-2">証拠20件をすべて見る</a>' in facts
    mine = browser.get(f"/r/{link}/evidence?page=fact-2").text
    assert all(f"写真{n:02d}" in mine for n in range(MOST_FILES))
    assert "紙file" not in mine
    first, second = (browser.get(f"/r/{link}/evidence{page}").text for page in ("", "?page=2"))
    assert ("紙file-19" in first, "写真19" in first) == (True, False)
    assert ("紙file-19" in second, "写真19" in second) == (False, True)
    assert "2ページ中 1ページ目" in browser.get(f"/r/{link}/evidence?page=nonsense").text
