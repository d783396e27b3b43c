"""Compressed bodies."""

from __future__ import annotations

import gzip
import zlib

import pytest

from jackfield.engine.egress.unpacking import unpack
from jackfield.engine.upstream import Fault, UpstreamFailure

TEXT = b'{"a": "' + b"text " * 100 + b'"}'


def _bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0), " GZip "),
        (gzip.compress(TEXT, mtime=0), "x-gzip"),
        (gzip.compress(TEXT[:50], mtime=0) + gzip.compress(TEXT[50:], mtime=0), "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (_bare(TEXT), "deflate"),
    ],
)
def test_known_encodings_are_undone(packed: bytes, encoding: str) -> None:
    """gzip in several members too, deflate with and without zlib's frame."""
    assert unpack(packed, encoding, 10_000) == TEXT


def test_an_empty_body_needs_no_unpacking() -> None:
    """204 replies may still name an encoding."""
    assert unpack(b"", "br", 10) == b""


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, _bare])
def test_the_unpacked_size_is_bounded(pack: object) -> None:
    """Exactly the bound passes, one byte more does not; the rest of a bomb is never unpacked."""
    assert callable(pack)
    encoding = "gzip" if pack is gzip.compress else "deflate"
    assert len(unpack(pack(b"0" * 1000), encoding, 1000)) == 1000
    for size in (1001, 20_000_000):
        with pytest.raises(UpstreamFailure) as caught:
            unpack(pack(b"0" * size), encoding, 1000)
        assert caught.value.fault is Fault.TOO_LARGE


def test_many_members_share_one_bound() -> None:
    """A bomb in slices is a bomb."""
    with pytest.raises(UpstreamFailure) as caught:
        unpack(gzip.compress(b"0" * 600, mtime=0) * 3, "gzip", 1000)
    assert caught.value.fault is Fault.TOO_LARGE


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (TEXT, "gzip"),
        (gzip.compress(TEXT, mtime=0)[:-1], "gzip"),
        (gzip.compress(TEXT, mtime=0) + b"junk", "gzip"),
        (TEXT, "deflate"),
        (zlib.compress(TEXT)[:-3], "deflate"),
        (TEXT, "br"),
        (TEXT, "zstd"),
        (TEXT, "gzip,gzip"),
    ],
)
def test_what_cannot_be_undone_is_refused(packed: bytes, encoding: str) -> None:
    """Damaged, truncated, or an encoding nobody asked for."""
    with pytest.raises(UpstreamFailure) as caught:
        unpack(packed, encoding, 10_000)
    assert caught.value.fault is Fault.ENCODING
