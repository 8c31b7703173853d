"""What a phone makes, sent as people send it: several pictures and clips at once, one of them too long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from hikeshi.domain.attaching import MOST_FILES
from hikeshi.domain.evidence import MOST_AT_ONCE, MOST_BYTES
from hikeshi.domain.file_kinds import FileKind
from tests.builders import an_evidence_file
from tests.photos import PDF, film, heic, larva, phone_photo
from tests.unit.pages import scenes
from tests.unit.pages.conftest import Browser, Opener, Page
from tests.unit.pages.stage import NUMBER

ID = scenes.checking().room.incident.id
OF_FACT = {"fact_id": "fact-2", "file_title": "割れ口の写真と動画"}
LONG = film().ljust(MOST_BYTES + 1, b"\x00")


def send(browser: Browser, *files: tuple[str, bytes], person: str = "ito") -> Page:
    return browser.post(f"/r/{browser.stage.link(person)}/fact-file", OF_FACT, files=files)


def kept(browser: Browser) -> list[tuple[str, str]]:
    return [(file.label, file.kind.value) for file in browser.stage.incidents.room(ID).files]


def points(page: Page) -> list[str]:
    """What the notice at the top names, one by one."""
    return re.findall(r"<li>(「.+?)</li>", page.text)


def test_pictures_and_clips_that_were_chosen_together_are_all_kept(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    answer = send(
        browser,
        ("IMG_0513.HEIC", heic()),
        ("IMG_0514.MOV", film()),
        ("VID_0515.mp4", film(b"mp42")),
        ("IMG_0516.JPG", phone_photo()),
    )
    assert (answer.status, answer.headers["location"]) == (303, "facts?page=fact-2&done=file_kept#at-fact-2")
    assert kept(browser) == [
        ("IMG_0513.HEIC", "heic"),
        ("IMG_0514.MOV", "mov"),
        ("VID_0515.mp4", "mp4"),
        ("IMG_0516.JPG", "jpg"),
    ]
    told = [e.event for e in browser.stage.incidents.timeline(ID) if e.event.kind == "file_kept"]
    files = browser.stage.incidents.room(ID).files
    assert [event.details["sha256"] for event in told] == [file.sha256 for file in files]
    assert len({file.id for file in files}) == len(files)
    page = browser.get(f"/r/{browser.stage.link('ito')}/facts?page=fact-2&done=file_kept").text
    assert "4件のファイルを証拠として保管しました。" in page
    assert "動画（MOV）　1 KB　IMG_0514.MOV" in page


def test_the_good_ones_are_kept_and_each_of_the_others_is_named_with_its_remedy(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    answer = send(
        browser,
        ("IMG_0513.JPG", phone_photo()),
        ("IMG_0514.MOV", LONG),
        ("memo.zip", b"PK\x03\x04" + bytes(40)),
        ("IMG_0515.HEIC", heic()[:60]),
        ("lot.pdf", PDF),
        ("IMG_0513 (1).JPG", phone_photo()),
    )
    assert answer.status == 409
    assert kept(browser) == [("IMG_0513.JPG", "jpg"), ("lot.pdf", "pdf")]
    assert "2件は証拠として保管しました。次のファイルは保管できませんでした。" in answer.text
    said = points(answer)
    assert [each.partition("：")[0] for each in said] == [
        "「IMG_0514.MOV」",
        "「memo.zip」",
        "「IMG_0515.HEIC」",
        "「IMG_0513 (1).JPG」",
    ]
    remedies = (
        "数秒を切り出すか",
        "画面の写しにしてください",
        "途中で切れているか",
        "もう一度送る必要はありません",
    )
    for each, remedy in zip(said, remedies, strict=True):
        assert remedy in each
    item = answer.text.split('id="at-fact-2"')[1].split("</li>")[0]
    assert "IMG_0513.JPG" in item
    assert 'value="割れ口の写真と動画"' in item, "what was typed stays for the next try"


def test_if_none_of_several_can_be_kept_nothing_changes(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    before = browser.stage.incidents.room(ID).incident.version
    answer = send(browser, ("IMG_0514.MOV", LONG), ("page.html", b"<script>alert(1)</script>"))
    assert answer.status == 409
    assert "どのファイルも保管できませんでした。" in answer.text
    assert len(points(answer)) == 2
    assert "<script" not in answer.text
    assert browser.stage.proofs.sent == {}
    assert browser.stage.incidents.room(ID).incident.version == before


def test_what_the_room_has_no_place_for_is_named_and_the_rest_is_kept(open_stage: Opener) -> None:
    scene = scenes.checking()
    there = tuple(
        an_evidence_file(id=f"file-{n}", about="fact-2", sha256=f"{n:064x}") for n in range(MOST_FILES - 1)
    )
    browser = open_stage(replace(scene, room=replace(scene.room, files=there)))
    answer = send(browser, ("a.jpg", larva()), ("b.png", larva("png")))
    assert "1件は証拠として保管しました。" in answer.text
    assert points(answer) == [
        "「b.png」：ファイルは1つの項目に20件までです。ほかの事実や項目に添付してください。"
    ]
    assert len(browser.stage.incidents.room(ID).files) == MOST_FILES


def test_the_page_says_how_many_and_how_large_before_one_chooses(open_stage: Opener) -> None:
    page = (
        open_stage(scenes.checking()).get(f"/r/{open_stage(scenes.checking()).stage.link('ito')}/facts").text
    )
    assert f"一度に{MOST_AT_ONCE}個まで、合わせて{MOST_BYTES >> 20}MBまで" in page
    assert "動画は数秒で4MBになります。" in page
    (first, *_) = re.findall(r'<input [^>]*name="file"[^>]*>', page)
    assert " multiple " in first
    assert "video/mp4,video/quicktime" in first
    assert "heic" not in first, "so that iPhones send JPEG, of which copies without the place can be made"


def test_more_than_are_taken_at_once_are_refused_with_how_many_may_come(open_stage: Opener) -> None:
    browser = open_stage(scenes.checking())
    answer = send(browser, *((f"{n}.txt", str(n).encode()) for n in range(MOST_AT_ONCE + 1)))
    assert answer.status == 409
    assert f"一度に送れるのは{MOST_AT_ONCE}個までです。" in answer.text
    assert kept(browser) == []


FILMS: Sequence[tuple[str, bytes, str]] = (
    ("IMG_0514.MOV", film(), "video/quicktime"),
    ("VID_0515.mp4", film(b"isom"), "video/mp4"),
)


@pytest.mark.parametrize(("name", "content", "media_type"), FILMS)
def test_a_film_goes_only_to_few_as_it_came_and_never_to_be_shown_in_place(
    open_stage: Opener, name: str, content: bytes, media_type: str
) -> None:
    browser = open_stage(scenes.checking())
    send(browser, (name, content))
    (file,) = browser.stage.incidents.room(ID).files
    assert file.located
    page = browser.get(f"/r/{browser.stage.link('sato')}/evidence").text
    assert "file?id=" not in page
    assert "元のファイルに、撮影した場所の情報があります。" in page
    assert "<video" not in page
    assert browser.get(f"/r/{browser.stage.link('sato')}/file?id={file.id}").status == 404
    asked = {"file_id": file.id, "original_reason": "割れ方を確かめます", "check_number": NUMBER}
    given = browser.post(f"/r/{browser.stage.link('tanaka')}/original", asked)
    assert (given.status, given.content) == (200, content)
    assert given.headers["content-type"] == media_type
    ending = FileKind(file.kind).value
    assert given.headers["content-disposition"] == (
        f'attachment; filename="hikeshi-128-{file.sha256[:12]}.{ending}"'
    )
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-security-policy"].startswith("default-src 'none'; sandbox")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("clip.jpg", film(), "名前の終わりを「.mov」にして"),
        ("clip.pdf", film(b"mp42"), "名前の終わりを「.mp4」にして"),
        ("photo.mp4", larva(), "名前は写真ではありませんが、中身は写真です。"),
        ("voice.mp4", film(b"M4A "), "どれでもありません"),
        ("clip.mp4", film(b"mp42")[:-9], "途中で切れているか"),
        ("clip.mp4", b"<!doctype html><script>alert(1)</script>", "どれでもありません"),
    ],
)
def test_what_a_film_is_is_told_by_its_bytes(
    open_stage: Opener, name: str, content: bytes, said: str
) -> None:
    browser = open_stage(scenes.checking())
    answer = send(browser, (name, content))
    assert (answer.status, said in answer.text, f"「{name}」：" in answer.text) == (409, True, True)
    assert browser.stage.proofs.sent == {}


@pytest.mark.parametrize("name", ["IMG_0514.MP4", "IMG_0514.mov", "IMG_0514"])
def test_one_film_named_like_another_is_none_of_our_business(open_stage: Opener, name: str) -> None:
    assert send(open_stage(scenes.checking()), (name, film())).status == 303
