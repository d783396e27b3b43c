"""PKCE's S256."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.vault.pkce import matches, s256

# RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_example_of_the_standard() -> None:
    """The standard's verifier has the standard's challenge."""
    assert s256(VERIFIER) == CHALLENGE
    assert matches(CHALLENGE, VERIFIER)


@pytest.mark.parametrize("challenge", ["", CHALLENGE[:-1], CHALLENGE + "=", VERIFIER, CHALLENGE.lower(), "ä"])
def test_other_challenges(challenge: str) -> None:
    """Nothing but the very challenge matches."""
    assert not matches(challenge, VERIFIER)


@given(st.text(), st.text())
def test_only_its_own_verifier(one: str, other: str) -> None:
    """Any texts at all: two verifiers have two challenges of 43 characters."""
    assert len(s256(one)) == 43
    assert matches(s256(one), other) is (one == other)
