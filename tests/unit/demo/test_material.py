"""The story's requests as files: complete, and the same in the package and in `examples/`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import jackfield.demo
from jackfield.catalog import load_catalog
from jackfield.demo import material

REQUESTS = Path(jackfield.demo.__file__).parent / "requests"
EXAMPLES = Path(__file__).parents[3] / "examples" / "story"
NAMES = sorted(path.name for path in REQUESTS.glob("*.json"))
VALUES = {
    "integrationId": "i",
    "credentialId": "c",
    "createdDate": "d",
    "modifiedDate": "m",
    "webService": "http://w",
    "userName": "u",
    "password": "p",
    "version": 1,
}


@pytest.mark.parametrize("name", NAMES)
def test_the_example_is_what_the_demo_sends(name: str) -> None:
    """Each file of the package has its copy among the examples, byte for byte."""
    assert (EXAMPLES / name).read_bytes() == (REQUESTS / name).read_bytes()


def test_there_are_no_other_examples() -> None:
    """No example lies there that the demo does not use."""
    assert sorted(path.name for path in EXAMPLES.glob("*.json")) == NAMES


@pytest.mark.parametrize("name", [name for name in NAMES if name != "configuration-as-posted.json"])
def test_every_right_request_is_json(name: str) -> None:
    """With its places filled, each body but the posted one is JSON without a place left."""
    text = material.text(name, **VALUES)
    json.loads(text)
    assert "{{" not in text


def test_the_posted_request_has_the_four_faults_of_the_post() -> None:
    """Not JSON at the notes; version as text; foreign properties; the CredentialInfo itself."""
    text = material.text("configuration-as-posted.json", **VALUES)
    with pytest.raises(ValueError, match="line 15"):
        json.loads(text)
    repaired = json.loads(text.replace('"""', '""'))
    assert repaired["version"] == "3"
    assert {"url", "sandbox", "groupFilter"} <= set(repaired["properties"])
    assert repaired["credentials"]["id"] == "c"


def test_a_place_without_a_value_is_an_error() -> None:
    """No request goes out with a place in it."""
    with pytest.raises(KeyError):
        material.text("credential-by-name.json", integrationId="i")


def test_the_http_file_sends_every_body_to_a_known_route() -> None:
    """Each request of `story.http` is a route of the API, and each body file is used."""
    text = (EXAMPLES / "story.http").read_text(encoding="utf-8")
    routes = {(route.method, re.sub(r"\{\w+\}", "X", route.path)) for route in load_catalog().routes}
    requests = re.findall(r"^(GET|POST|PUT|PATCH) \{\{host\}\}(\S+)$", text, re.MULTILINE)
    asked = {(method, re.sub(r"\{\{\w+\}\}", "X", path)) for method, path in requests}
    assert asked - {("POST", "/oauth/token")} <= routes
    assert set(re.findall(r"^<@? \./(\S+)$", text, re.MULTILINE)) == set(NAMES) - {"result.json"}
