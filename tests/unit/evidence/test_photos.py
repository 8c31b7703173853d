"""What a photo says beside the picture is found, and cut out without touching the picture."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.file_kinds import FileKind, kind_of
from hikeshi.domain.photo_metadata import PHOTOS, holds_location, is_whole, without_metadata
from tests.photos import PDF, SECRET, XMP, exif, heic, larva, phone_photo, screenshot, web_photo

TAKEN = {FileKind.JPEG: phone_photo(), FileKind.PNG: screenshot(), FileKind.WEBP: web_photo()}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (larva(), FileKind.JPEG),
        (larva("png"), FileKind.PNG),
        (larva("webp"), FileKind.WEBP),
        (heic(), FileKind.HEIC),
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
        (b"\x00\x00\x00\x18ftypmp42", None),
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
        (FileKind.PDF, PDF, False),
    ],
)
def test_a_photo_that_says_where_it_was_taken_is_known(kind: FileKind, content: bytes, located: bool) -> None:
    assert holds_location(kind, content) is located


@pytest.mark.parametrize("kind", sorted(PHOTOS))
def test_a_photo_that_breaks_off_anywhere_is_found_out(kind: FileKind) -> None:
    whole = larva(kind.value)
    assert [n for n in range(12, len(whole) - 1) if is_whole(kind, whole[:n])] == []


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(PHOTOS)), st.data())
def test_no_bytes_whatever_break_the_cutting(kind: FileKind, data: st.DataObject) -> None:
    content = bytearray(TAKEN[kind])
    for place in data.draw(st.lists(st.integers(2, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    cut = without_metadata(kind, bytes(content))
    assert cut is None or is_whole(kind, cut)
    assert holds_location(kind, bytes(content)) in (True, False)
