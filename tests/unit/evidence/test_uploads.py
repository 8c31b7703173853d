"""Any bytes whatever are a form with a file or are refused; nothing else comes out."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.errors import InvalidFormError, RefusedFileError
from hikeshi.domain.evidence import MOST_AT_ONCE, Attached, label_of
from hikeshi.runtime.forms import Field
from hikeshi.runtime.uploads import is_upload, read_upload

FIELDS = {"fact_id": Field(limit=80), "file_title": Field(limit=120)}
PIECES = (
    *(b"--x", b"--x--", b"\r\n", b"\n", b"\r\n\r\n", b"Content-Disposition: form-data", b"; name=", b'"'),
    *(b"fact_id", b"file", b"; filename=", b"*=utf-8''%ff", b"\xff", b"Content-Type: ", b"a" * 300, b"\x00"),
)
BODIES = st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join) | st.binary(max_size=200)
NAMES = st.text(st.characters(categories=["Lo", "Ll", "Nd"]), min_size=1, max_size=30)


@settings(max_examples=400, deadline=None)
@given(BODIES, st.sampled_from(["x", '"x"', "", '"', "x; a=\x00", "é" * 200]))
def test_any_bytes_are_a_form_with_a_file_or_are_refused(body: bytes, boundary: str) -> None:
    try:
        fields, _ = read_upload(body, media_type=f"multipart/form-data; boundary={boundary}", fields=FIELDS)
    except (InvalidFormError, RefusedFileError):
        return
    assert fields.keys() == FIELDS.keys()


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400), st.text(st.characters(categories=["Lo", "Ll", "Nd"]), min_size=1, max_size=30)
)
def test_what_a_browser_sends_is_read_as_it_was(content: bytes, name: str) -> None:
    typed = {"fact_id": "fact-1", "file_title": name}
    sent = httpx.Request("POST", "http://pages", data=typed, files={"file": (f"{name}.jpg", content)})
    fields, attached = read_upload(sent.read(), media_type=sent.headers["content-type"], fields=FIELDS)
    assert fields == typed
    assert attached == (Attached(label=f"{name}.jpg", content=content),)


def test_several_files_are_read_in_order_and_fields_where_nothing_was_chosen_are_left_out() -> None:
    chosen = [("file", (f"IMG_{n}.jpg", bytes([n]))) for n in range(MOST_AT_ONCE)]
    empty = ("file", ("", b""))
    sent = httpx.Request("POST", "http://pages", data={"fact_id": "fact-1"}, files=[empty, *chosen, empty])
    _, attached = read_upload(sent.read(), media_type=sent.headers["content-type"], fields=FIELDS)
    assert [each.label for each in attached] == [f"IMG_{n}.jpg" for n in range(MOST_AT_ONCE)]


def test_more_files_than_are_taken_at_once_are_refused_by_a_name_of_its_own() -> None:
    chosen = [("file", (f"IMG_{n}.jpg", b"x")) for n in range(MOST_AT_ONCE + 1)]
    sent = httpx.Request("POST", "http://pages", data={"fact_id": "fact-1"}, files=chosen)
    with pytest.raises(RefusedFileError) as refused:
        read_upload(sent.read(), media_type=sent.headers["content-type"], fields=FIELDS)
    assert refused.value.findings == (("files_too_many", ""),)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("IMG_0513.jpg", "IMG_0513.jpg"),
        ("C:\\Users\\ito\\鑑定書.pdf", "鑑定書.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\u202egpj.exe\x00", "a bgpj.exe"),
        ("名" * 200, "名" * 80),
        ("", ""),
    ],
)
def test_a_label_is_the_last_part_of_a_name_on_one_line(name: str, label: str) -> None:
    assert label_of(name) == label


def test_only_a_form_with_a_file_is_one() -> None:
    assert is_upload("Multipart/Form-Data; boundary=x")
    assert not is_upload("multipart/mixed; boundary=x")
    assert not is_upload("")
