"""Reading token requests."""

from __future__ import annotations

import base64

import pytest

from jackfield.api.login import login_refusal, read_token_request
from jackfield.domain.errors import Refused

FORM = b"grant_type=client_credentials"


def basic(text: str) -> bytes:
    """Return a Basic header."""
    return b"Basic " + base64.b64encode(text.encode())


@pytest.mark.parametrize(
    ("authorization", "body"),
    [
        (basic("id:se:cret"), FORM),
        (basic("id:se:cret").replace(b"Basic", b"basic"), FORM + b"&scope=x"),
        (b"", FORM + b"&client_id=id&client_secret=se%3Acret"),
        (b"Bearer old", FORM + b"&client_id=id&client_secret=se:cret"),
    ],
)
def test_both_forms(authorization: bytes, body: bytes) -> None:
    """Basic credentials and form fields mean the same; a colon belongs to the secret."""
    wanted = read_token_request(authorization, body)
    assert wanted.secret is not None
    assert (wanted.client_id, wanted.secret.reveal()) == ("id", "se:cret")
    assert "se:cret" not in repr(wanted)


@pytest.mark.parametrize(
    ("authorization", "body", "error", "says"),
    [
        (basic("id:secret"), b"", "invalid_request", "grant_type"),
        (basic("id:secret"), b'{"grant_type": "client_credentials"}', "invalid_request", "grant_type"),
        (basic("id:secret"), b"grant_type=password", "unsupported_grant_type", "password"),
        (b"", FORM, "invalid_request", "id and secret"),
        (basic("id:"), FORM, "invalid_request", "id and secret"),
        (b"Basic !!!", FORM, "invalid_request", "Basic"),
        (b"Basic /////w==", FORM, "invalid_request", "Basic"),
        (b"", b"&".join([b"a=1"] * 60), "invalid_request", "form"),
    ],
)
def test_what_is_missing(authorization: bytes, body: bytes, error: str, says: str) -> None:
    """A request that cannot be one is refused with OAuth's code and a sentence."""
    with pytest.raises(Refused) as refused:
        read_token_request(authorization, body)
    answer = login_refusal(refused.value)
    assert answer.status == 400
    assert f'"error":"{error}"'.encode() in answer.body
    assert says in refused.value.message


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"grant_type=password", "GRANT_UNSUPPORTED"),
        (b"", "TOKEN_REQUEST_INCOMPLETE"),
    ],
)
def test_refusals_have_codes_of_their_own(body: bytes, code: str) -> None:
    """Another grant and a request that lacks something are different findings."""
    with pytest.raises(Refused) as refused:
        read_token_request(basic("id:secret"), body)
    assert [finding.code for finding in refused.value.findings] == [code]
