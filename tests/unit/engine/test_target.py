"""URLs and their parts. What they may not hide is tested in tests/security/test_guard.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.engine.target import Target, TargetRefused, parse_target


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.example", Target("https", "a.example", 443, "a.example", "/")),
        ("http://a.example/x?y=z", Target("http", "a.example", 80, "a.example", "/x?y=z")),
        ("HTTPS://A.Example:443/", Target("https", "a.example", 443, "a.example", "/")),
        ("https://a.example:443/", Target("https", "a.example", 443, "a.example", "/")),
        ("http://a.example:8080?q", Target("http", "a.example", 8080, "a.example:8080", "/?q")),
        ("http://a.example:65535/", Target("http", "a.example", 65535, "a.example:65535", "/")),
        ("http://a.example:080/", Target("http", "a.example", 80, "a.example", "/")),
        ("  https://a.example/  ", Target("https", "a.example", 443, "a.example", "/")),
        ("https://a.example/#top", Target("https", "a.example", 443, "a.example", "/")),
        ("https://[::1]:8443/x", Target("https", "::1", 8443, "[::1]:8443", "/x")),
        (
            "https://bücher.example/",
            Target("https", "xn--bcher-kva.example", 443, "xn--bcher-kva.example", "/"),
        ),
        (
            "https://under_score.example/",
            Target("https", "under_score.example", 443, "under_score.example", "/"),
        ),
        ("https://a/x[0]=%7B", Target("https", "a", 443, "a", "/x[0]=%7B")),
    ],
)
def test_parts_of_a_url(url: str, target: Target) -> None:
    """Scheme and host in lower case, default ports left out of the Host header, fragments dropped."""
    assert parse_target(url) == target


def test_origins_tell_scheme_host_and_port_apart() -> None:
    """Connections are shared by origin and nothing else."""
    urls = ("http://a/1", "https://a/1", "http://b/1", "http://a:81/1")
    assert len({parse_target(url).origin for url in urls}) == 4
    assert parse_target("http://a/1").origin == parse_target("http://a:80/2?x").origin


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://", "https://host", "http://h:1/"]))
def test_any_text_is_a_target_or_refused(text: str, start: str) -> None:
    """Whatever is rendered, a target can be written as one line of a request."""
    try:
        target = parse_target(start + text)
    except TargetRefused:
        return
    line = f"GET {target.path} HTTP/1.1 {target.authority}"
    assert line.isascii()
    assert line.count(" ") == 3
    assert line.isprintable()
    assert target.path.startswith("/")
    assert 0 < target.port < 65536
