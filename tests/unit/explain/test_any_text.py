"""Whatever comes in: an explanation in good time, or a refusal that says what is wanted."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jackfield.domain.errors import OperationRefused
from jackfield.explain import ExplainOptions, explain
from jackfield.explain.report import members, report_lines
from support.explain_post import POST

PIECES = (
    "curl -X PUT 'https://api.mypurecloud.com/api/v2/integrations/x/config/current' -d '",
    "POST /api/v2/integrations/credentials HTTP/1.1\nHost: api.mypurecloud.com\n\n",
    '{"name": "x", "type": {"name": "basicAuth"}, "credentialFields": {"password": "y"}}',
    '{"operations": [{"name": "Execute", "success": false, "error": {"message": "x"}}], "success": false}',
    '{"message": "m", "code": "bad.request", "status": 400}',
    "HTTP/1.1 400 Bad Request\n",
    '{"log": {"entries": [{"request": {"method": "PUT", "url": "https://a/api/v2/integrations"}}]}}',
    "│ Error: API Error: 400 - x genesyscloud_integration.x\n",
    "putIntegrationConfigCurrent(",
    "Invoke-RestMethod -Uri https://a/api/v2/integrations -Body '",
    "${input.x}", '"', "'", "{", "}", "[", "\\", "\n", " ", "^", "`", "\x00", "\ufeff", "\ud800",
)  # fmt: skip


def told(text: str, options: ExplainOptions | None = None) -> None:
    """Explain a text and print everything; only a refusal with a finding may be raised."""
    try:
        explanation = explain(text, options=options or ExplainOptions())
    except OperationRefused as error:
        refused: OperationRefused | None = error
    else:
        refused = None
        assert report_lines(explanation)
        assert members(explanation)["pieces"]
    assert refused is None or refused.findings[0].fix


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=14).map("".join))
@example("")
@example(POST)
def test_any_text(text: str) -> None:
    """Pieces of everything that is recognized, in any order, with anything between them."""
    told(text)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "PUT", "POST"]))
def test_any_bytes(data: bytes, method: str) -> None:
    """Bytes of any kind, also as the body of a request."""
    path = "/api/v2/integrations/x/config/current" if method else ""
    told(data.decode("utf-8", "replace"), ExplainOptions(method=method, path=path, share=True))


@pytest.mark.parametrize("seed", range(40))
def test_the_post_damaged(seed: int) -> None:
    """The founding post with stretches cut out, doubled and exchanged."""
    chance = random.Random(seed)
    text = POST
    for _ in range(6):
        start, end = sorted(chance.sample(range(len(text)), 2))
        end = min(end, start + 300)
        text = chance.choice((text[:start] + text[end:], text[:end] + text[start:end] + text[end:]))
    told(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 60_000,
        "{" * 200_000,
        '"' * 200_000,
        "[" * 200_000,
        "curl " * 40_000,
        '{"name": "x"} ' * 12_000,
        "PUT /api/v2/integrations\n" * 8_000,
        "${input.x}" * 20_000,
        "Bearer a1b2c3d4e5 " * 10_000,
        "password=secret123 " * 10_000,
        "│ Error: genesyscloud_x " * 9_000,
        "a: b\n" * 40_000,
        "body = {" * 25_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_long_rubbish_is_answered_in_good_time(text: str) -> None:
    """Two hundred thousand characters of anything take seconds at the very most, on a busy machine."""
    start = time.monotonic()
    told(text)
    assert time.monotonic() - start < 10


def test_a_text_over_the_limit_is_refused() -> None:
    """More than a million characters are not read."""
    with pytest.raises(OperationRefused) as refused:
        explain("x" * 1_000_001)
    assert refused.value.findings[0].code == "TEXT_OVER_LIMIT"


@pytest.mark.parametrize("text", ["", "   \n", "What is an integration?", "{}"])
def test_nothing_to_explain_is_refused_or_said(text: str) -> None:
    """A text without anything is refused with what would be taken."""
    told(text)
