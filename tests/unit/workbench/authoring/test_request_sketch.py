"""From requests as one writes them down to templates."""

from __future__ import annotations

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.velocity import compile_template
from jackfield.velocity.tools import standard_tools
from jackfield.workbench.authoring.request_sketch import read_request


@pytest.mark.parametrize(
    ("text", "method", "url"),
    [
        ("https://a.example.com/x", "GET", "https://a.example.com/x"),
        ("get https://a.example.com/x", "GET", "https://a.example.com/x"),
        ("DELETE /api/v2/users/{id}", "DELETE", "/api/v2/users/$esc.uriEncode(${input.id})"),
        (
            "GET https://a.example.com/{id}.json?q={q}&n={n:integer}",
            "GET",
            "https://a.example.com/${esc.uriEncode(${input.id})}.json?q=$esc.uriEncode(${input.q})&n=${input.n}",
        ),
        ("POST /orders HTTP/1.1\nHost: a.example.com\n\n{}", "POST", "https://a.example.com/orders"),
        ("https://a.example.com/?$filter=x", "GET", "https://a.example.com/?${esc.dollar}filter=x"),
    ],
)
def test_method_and_url_are_read(text: str, method: str, url: str) -> None:
    """Inputs are escaped for where they stand, numbers stand as they are, literal signs mean themselves."""
    sketch = read_request(text)
    assert (sketch.config.request_type, sketch.config.url_template) == (method, url)


@pytest.mark.parametrize(
    ("url", "kind"),
    [("https://a/", "custom-rest-actions"), ("/api/v2/users/me", "purecloud-data-actions")],
)
def test_the_url_suggests_the_integration(url: str, kind: str) -> None:
    """A path of the platform belongs to its own integration."""
    assert read_request(url).integration_type == kind


def test_a_json_body_becomes_a_template() -> None:
    """Texts are escaped within their quotes, other types stand without quotes, and the media type is set."""
    body = (
        '{"id": "{id}", "n": "{n:number}", "on": true, "$ref": ["#if", 1.50, "a {id} b"], "e": [], "o": {}}'
    )
    sketch = read_request(f"POST https://a/\nX-Id: {{id}}\n\n{body}")
    assert sketch.inputs == {"id": "string", "n": "number"}
    assert sketch.config.headers == {"X-Id": "${input.id}", "Content-Type": "application/json"}
    values = {"input": {"id": 'q"', "n": 5}, **standard_tools()}
    rendered = compile_template(sketch.config.template, strict=True).render(values)
    assert rendered.replace("\n", "").replace("  ", "") == (
        '{"id": "q\\"","n": 5,"on": true,"$ref": ["#if",1.50,"a q\\" b"],"e": [],"o": {}}'
    )


@pytest.mark.parametrize(
    ("head", "body", "rendered"),
    [
        ("Content-Type: application/x-www-form-urlencoded", "a={x}&b=1", "a=1+%2B&b=1"),
        ("Content-Type: text/plain", "say {x}", "say 1 +"),
        ("Content-Type: text/plain", "{x}", "1 +"),
    ],
)
def test_other_bodies_become_templates(head: str, body: str, rendered: str) -> None:
    """Forms are escaped as forms, other texts not at all."""
    sketch = read_request(f"POST https://a/\n{head}\n\n{body}")
    assert (
        compile_template(sketch.config.template).render({"input": {"x": "1 +"}, **standard_tools()})
        == rendered
    )


@pytest.mark.parametrize(
    ("header", "template"),
    [
        ("Authorization: Bearer abcdef123456", "Bearer ${credentials.token}"),
        (
            "Authorization: Basic YWxhZGRpbjpvcGVu",
            'Basic $encoding.base64("${credentials.userName}:${credentials.password}")',
        ),
        ("X-Api-Key: abc", "${credentials.xApiKey}"),
    ],
)
def test_secrets_become_fields_of_a_credential(header: str, template: str) -> None:
    """No secret of a request is written into the action."""
    sketch = read_request(f"GET https://a/\n{header}\nHost: a\nContent-Length: 5")
    assert list(sketch.config.headers.values()) == [template]
    assert sketch.credentials == sketch.config.headers


def test_a_secret_that_is_an_input_stays_one() -> None:
    """Who writes a placeholder means an input."""
    sketch = read_request("GET https://a/\nAuthorization: Bearer {token}")
    assert sketch.config.headers == {"Authorization": "Bearer ${input.token}"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GET",
        "FETCH https://a/",
        "GET /orders",
        "GET https://a/ b c",
        "GET https://a/\nno header",
        'POST https://a/\n\n{"n": {n}}',
    ],
)
def test_what_is_no_request_is_refused(text: str) -> None:
    """The finding says what is accepted."""
    with pytest.raises(OperationRefused) as refusal:
        read_request(text)
    assert refusal.value.findings[0].code == "NEW_REQUEST_UNREADABLE"
