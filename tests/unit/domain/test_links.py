from __future__ import annotations

import string
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.domain.links import (
    ALPHABET,
    TOKEN_LENGTH,
    LinkGrant,
    SigningKey,
    derive_token,
    digest_of,
    is_well_formed,
    signed_by,
)
from tests.builders import NOON

KEY = SigningKey(kid="2026-05", secret=b"first secret")
OLDER = SigningKey(kid="2026-04", secret=b"second secret")
PARTS = {
    "purpose": "respond",
    "environment": "demo",
    "incident_id": "inc-1",
    "person_id": "sato",
    "nonce": "0" * 32,
}


def a_grant(token: str, *, kid: str = KEY.kid, **changes: str) -> LinkGrant:
    return LinkGrant(
        digest=digest_of(token),
        kid=kid,
        check_number="47",
        created_at=NOON,
        expires_at=NOON + timedelta(days=30),
        **cast("Any", PARTS | changes),
    )


@given(st.binary(min_size=1, max_size=64), st.text(max_size=40))
def test_every_token_is_well_formed_whatever_the_key(secret: bytes, nonce: str) -> None:
    token = derive_token(SigningKey(kid="k", secret=secret), **(PARTS | {"nonce": nonce}))
    assert len(token) == TOKEN_LENGTH
    assert is_well_formed(token)


def test_the_same_nonce_makes_the_same_link_so_a_retry_needs_no_stored_token() -> None:
    assert derive_token(KEY, **PARTS) == derive_token(KEY, **PARTS)


@pytest.mark.parametrize("part", sorted(PARTS))
def test_every_part_is_bound_into_the_token(part: str) -> None:
    assert derive_token(KEY, **(PARTS | {part: "another"})) != derive_token(KEY, **PARTS)


def test_a_grant_is_opened_by_its_own_token_under_its_own_key() -> None:
    token = derive_token(KEY, **PARTS)
    assert signed_by(a_grant(token), token, (KEY, OLDER))
    assert signed_by(a_grant(token), token, (OLDER, KEY))
    assert not signed_by(a_grant(token), token, (OLDER,))
    assert not signed_by(a_grant(token, kid=OLDER.kid), token, (KEY, OLDER))
    assert not signed_by(a_grant(token, person_id="suzuki"), token, (KEY,))
    assert not signed_by(a_grant(token), derive_token(OLDER, **PARTS), (KEY, OLDER))


@pytest.mark.parametrize(
    "garbage", ["", "a" * 21, "a" * 23, "0" * 22, "l" * 22, "あ" * 22, "a" * 21 + "\n", "../" + "a" * 19]
)
def test_garbage_is_refused_before_anything_is_read(garbage: str) -> None:
    assert not is_well_formed(garbage)


def test_letters_that_look_alike_are_not_used() -> None:
    assert len(ALPHABET) == 58
    assert set(string.ascii_letters + string.digits) - set(ALPHABET) == set("0OIl")
