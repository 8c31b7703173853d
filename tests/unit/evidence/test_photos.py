"""What a photo says beside the picture is found, and cut out without touching the picture."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.file_kinds import FileKind, kind_of
from hikeshi.domain.photo_metadata import PHOTOS, holds_location, is_whole, without_metadata
from tests.photos import PDF, SECRET, XMP, box, exif, film, heic, larva, phone_photo, screenshot, web_photo

TAKEN = {FileKind.JPEG: phone_photo(), FileKind.PNG: screenshot(), FileKind.WEBP: web_photo()}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (larva(), FileKind.JPEG),
        (larva("png"), FileKind.PNG),
        (larva("webp"), FileKind.WEBP),
        (heic(), FileKind.HEIC),
        (film(), FileKind.MOV),
        *((film(brand), FileKind.MP4) for brand in (b"mp42", b"isom", b"iso5", b"avc1", b"M4V ")),
        (PDF, FileKind.PDF),
        ("ロット 0513\r\n検査済み".encode(), FileKind.TEXT),
        ("ロット 0513".encode("cp932"), FileKind.TEXT),
        (b"\xef\xbb\xbfa,b\n", FileKind.TEXT),
        (b"<!doctype html><script>alert(1)</script>", None),
        (b"\n <svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", None),
        (b"\xef\xbb\xbf<html>", None),
        (b"GIF89a\x01\x00", None),
        (b"PK\x03\x04\x14\x00", None),
        (b"MZ\x90\x00", None),
        (b"\x7fELF\x02\x01", None),
        (film(b"M4A "), None),
        (film(b"avif"), None),
        (film(b"\x00\x00\x00\x00"), None),
        (b"mp42" + film(b"mp42")[8:], None),
        (b"RIFF\x10\x00\x00\x00WAVE", None),
        (b"a\x00b", None),
    ],
)
def test_a_file_is_what_it_holds(content: bytes, kind: FileKind | None) -> None:
    assert kind_of(content) is kind


@pytest.mark.parametrize("kind", sorted(PHOTOS))
def test_a_copy_holds_the_picture_and_nothing_else(kind: FileKind) -> None:
    content = TAKEN[kind]
    cut = without_metadata(kind, content)
    assert cut is not None
    assert SECRET in content
    assert SECRET not in cut
    assert kind_of(cut) is kind
    assert is_whole(kind, cut)
    assert not holds_location(kind, cut)
    assert without_metadata(kind, cut) == cut


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_a_picture_with_nothing_beside_it_stays_as_it_is(ending: str) -> None:
    content = larva(ending)
    assert without_metadata(FileKind(ending), content) == content


def test_the_pixels_of_a_photo_are_not_touched() -> None:
    cut = without_metadata(FileKind.JPEG, phone_photo(exif(turned=1)))
    assert cut == larva()


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photo_stays_upright(order: str) -> None:
    cut = without_metadata(FileKind.JPEG, phone_photo(exif(turned=6, order=order)))
    assert cut is not None
    assert cut.startswith(b"\xff\xd8\xff\xe1\x00\x22Exif\x00\x00MM\x00*")
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in cut


@pytest.mark.parametrize(
    ("kind", "content", "located"),
    [
        (FileKind.JPEG, phone_photo(), True),
        (FileKind.JPEG, phone_photo(exif(located=False)), False),
        (FileKind.JPEG, larva(), False),
        (FileKind.PNG, screenshot(), True),
        (FileKind.WEBP, web_photo(), True),
        (FileKind.HEIC, heic(), True),
        (FileKind.HEIC, heic()[:24], False),
        (FileKind.JPEG, larva()[:2] + b"\xff\xe1\x00\x7f" + XMP.ljust(125) + larva()[2:], True),
        (FileKind.MOV, film(), True),
        (FileKind.MOV, film(located=False), False),
        (FileKind.MP4, film(b"mp42", located=False) + b"com.apple.quicktime.location.ISO6709", True),
        (FileKind.PDF, PDF, False),
    ],
)
def test_a_photo_that_says_where_it_was_taken_is_known(kind: FileKind, content: bytes, located: bool) -> None:
    assert holds_location(kind, content) is located


@pytest.mark.parametrize("kind", sorted(PHOTOS))
def test_a_photo_that_breaks_off_anywhere_is_found_out(kind: FileKind) -> None:
    whole = larva(kind.value)
    assert [n for n in range(12, len(whole) - 1) if is_whole(kind, whole[:n])] == []


BOXED = {FileKind.HEIC: heic(), FileKind.MP4: film(b"mp42"), FileKind.MOV: film()}


@pytest.mark.parametrize("kind", sorted(BOXED))
def test_a_film_or_a_photo_in_boxes_that_breaks_off_anywhere_is_found_out(kind: FileKind) -> None:
    whole = BOXED[kind]
    assert is_whole(kind, whole)
    assert [n for n in range(12, len(whole)) if is_whole(kind, whole[:n])] == []
    assert not is_whole(kind, whole + b"<script>alert(1)</script>")


def test_a_film_is_followed_however_its_boxes_tell_their_size() -> None:
    head, end = box(b"ftyp", b"isom" + bytes(4)), box(b"moov")
    long = b"\x00\x00\x00\x01mdat" + (20).to_bytes(8, "big") + bytes(4)
    to_the_end = bytes(4) + b"mdat" + bytes(9)
    assert is_whole(FileKind.MP4, head + long + end)
    assert is_whole(FileKind.MP4, head + end + to_the_end)
    assert not is_whole(FileKind.MP4, head + to_the_end + end), "nothing follows what goes to the end"
    assert not is_whole(FileKind.MP4, head + b"\x00\x00\x00\x01mdat" + bytes(8) + end), "it would never end"
    assert not is_whole(FileKind.MP4, head + box(b"mdat", bytes(9))), "no player can open it"


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(BOXED)), st.binary(max_size=120))
def test_no_bytes_whatever_break_the_following_of_boxes(kind: FileKind, tail: bytes) -> None:
    for content in (tail, BOXED[kind][:16] + tail, BOXED[kind] + tail):
        assert is_whole(kind, content) in (True, False)
        assert holds_location(kind, content) in (True, False)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(PHOTOS)), st.data())
def test_no_bytes_whatever_break_the_cutting(kind: FileKind, data: st.DataObject) -> None:
    content = bytearray(TAKEN[kind])
    for place in data.draw(st.lists(st.integers(2, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    cut = without_metadata(kind, bytes(content))
    assert cut is None or is_whole(kind, cut)
    assert holds_location(kind, bytes(content)) in (True, False)
