"""What recordings and snapshots never hold."""

from __future__ import annotations

import pytest

from jackfield.domain.masking import Masker
from jackfield.domain.secret import MASK
from jackfield.workbench.replies.redaction import (
    redacted_body,
    redacted_headers,
    restored_body,
    stored_body,
    without_secrets,
)

MASKER = Masker(["hunter2hunter2"])


def test_headers_that_carry_secrets() -> None:
    """Only the scheme of an authorization stays; other headers are masked where a secret stands."""
    headers = [
        ("Authorization", "Bearer abc"),
        ("Cookie", "a=b"),
        ("X-Api-Key", "k"),
        ("X-A", "hunter2hunter2"),
        ("x-a", "two"),
    ]
    assert redacted_headers(headers, MASKER) == {
        "authorization": f"Bearer {MASK}",
        "cookie": MASK,
        "x-api-key": MASK,
        "x-a": f"{MASK}, two",
    }


def test_bodies() -> None:
    """JSON is masked member by member, other text where a secret stands; what has none stays as it is."""
    assert redacted_body(None, MASKER) is None
    assert redacted_body(b'{ "a" : 1.10 }', MASKER) == '{ "a" : 1.10 }'
    assert redacted_body(b"a hunter2hunter2 b", MASKER) == f"a {MASK} b"
    assert redacted_body(b'{"access_token": "x", "a": 1}', MASKER) == f'{{"access_token":"{MASK}","a":1}}'


def test_members_named_like_secrets() -> None:
    """They are masked at any depth, numbers too; truth values say nothing."""
    value = {"l": [{"password": "x", "pin": 1, "token": 5, "hasToken": True}], "credentialFields": {"a": "b"}}
    assert without_secrets(value) == {
        "l": [{"password": MASK, "pin": 1, "token": MASK, "hasToken": True}],
        "credentialFields": {"a": MASK},
    }


@pytest.mark.parametrize("text", ['{"a":1}', '{ "a": 1 }', "1.10", "no json", "", '"x"', "null", None])
def test_bodies_come_back_as_they_were(text: str | None) -> None:
    """However a body is stored, its text is the same again."""
    assert restored_body(stored_body(text)) == text
