"""Any bytes whatever are a form or are refused; nothing else comes out."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.domain.actions import NEEDS_CHECK_NUMBER, Action
from hikeshi.domain.errors import InvalidFormError
from hikeshi.runtime.forms import MEDIA_TYPE
from hikeshi.runtime.room_forms import check_form, fields_of, read_form


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(Action))
def test_any_bytes_are_a_form_or_are_refused(body: bytes, action: Action) -> None:
    try:
        form = read_form(body, media_type=MEDIA_TYPE, action=action)
    except InvalidFormError:
        return
    assert form.keys() == fields_of(action).keys()


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(Action), st.data())
def test_what_our_own_form_sends_is_read_as_it_was_typed(action: Action, data: st.DataObject) -> None:
    ordinary = st.text(st.characters(categories=["Lo", "Lu", "Ll", "Nd"]), min_size=1, max_size=20)
    typed = {name: data.draw(ordinary) for name in fields_of(action)}
    assert read_form(urlencode(typed).encode(), media_type=MEDIA_TYPE, action=action) == typed


@pytest.mark.parametrize("action", Action)
def test_every_irreversible_action_has_a_number_and_no_other(action: Action) -> None:
    assert ("check_number" in fields_of(action)) == (action in NEEDS_CHECK_NUMBER)


@pytest.mark.parametrize("number", ["", "1", "123", "ab", "1a", "-1", "１", "٤٧"])
def test_a_number_that_is_not_two_digits_is_refused(number: str) -> None:
    with pytest.raises(InvalidFormError) as refused:
        check_form({"reason": "x", "check_number": number}, Action.DISMISS)
    assert refused.value.field == "check_number"


@pytest.mark.parametrize("number", ["47", "４７"])
def test_two_digits_of_either_width_are_a_number(number: str) -> None:
    check_form({"reason": "x", "check_number": number}, Action.DISMISS)


def test_an_optional_field_may_be_left_out() -> None:
    form = read_form(b"claim=x", media_type=f"{MEDIA_TYPE}; charset=UTF-8", action=Action.ADD_FACT)
    check_form(form, Action.ADD_FACT)
    assert form == {"claim": "x", "source": "", "key": "", "rests_on": "", "on": ""}


def test_of_a_field_with_several_ticks_all_are_read() -> None:
    body = urlencode([("bulletin_facts", "1"), ("guidance", "x"), ("bulletin_facts", "12")]).encode()
    form = read_form(body, media_type=MEDIA_TYPE, action=Action.ISSUE_BULLETIN)
    assert form["bulletin_facts"] == "1 12"
    assert form["bulletin_reports"] == ""


def test_any_other_field_is_given_once() -> None:
    with pytest.raises(InvalidFormError) as refused:
        read_form(b"guidance=x&guidance=y", media_type=MEDIA_TYPE, action=Action.ISSUE_BULLETIN)
    assert refused.value.field == "guidance"


@pytest.mark.parametrize(("ticks", "is_read"), [(200, True), (600, False)])
def test_as_many_ticks_are_read_as_a_page_offers_and_no_flood(ticks: int, is_read: bool) -> None:
    body = urlencode([("bulletin_facts", str(n)) for n in range(ticks)]).encode()
    try:
        read_form(body, media_type=MEDIA_TYPE, action=Action.ISSUE_BULLETIN)
    except InvalidFormError:
        assert not is_read
    else:
        assert is_read
