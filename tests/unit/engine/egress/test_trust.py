"""Trusted certificates as they are shown."""

from __future__ import annotations

import ssl

import pytest

from jackfield.engine.egress.trust import signature_of, trusted_certificates

# SEQUENCE { SEQUENCE {} , SEQUENCE {}, BIT STRING 0xABCD }, with a long form of length for the outer one.
CERTIFICATE = bytes.fromhex("3081093000300003" + "0300abcd")


def test_the_signature_is_the_last_part() -> None:
    """Both forms of length are read; the octet of unused bits is left out."""
    assert signature_of(CERTIFICATE) == b"\xab\xcd"


@pytest.mark.parametrize("size", [0, 1, 5, 8, len(CERTIFICATE) - 1])
def test_a_certificate_that_is_cut_off(size: int) -> None:
    """A part that is not there is an error and no empty signature."""
    with pytest.raises(ValueError, match="cut off"):
        signature_of(CERTIFICATE[:size])


def test_the_trust_store_is_shown_in_order() -> None:
    """Sorted by description, each with serial number and signature."""
    shown = trusted_certificates(ssl.create_default_context())
    assert list(shown) == sorted(shown, key=lambda one: (one.description, one.serial_number))
    assert all(one.description and one.serial_number and one.signature for one in shown)
