"""Finding routes by path."""

from __future__ import annotations

import pytest

from jackfield.api.route_table import RouteTable, significant
from jackfield.catalog import Route, load_catalog

TABLE = RouteTable(load_catalog().routes)
ROOT = "/api/v2/integrations"


def matched(path: str) -> tuple[str, dict[str, str]]:
    """Return the template and parameters of a path that must match."""
    match = TABLE.match(path)
    assert match is not None
    return match.target.path, dict(match.parameters)


def test_every_route_of_the_catalog_finds_itself() -> None:
    """A path made from a route's own template leads back to it."""
    for route in TABLE.routes:
        sample = "/".join("x" if part.startswith("{") else part for part in route.path.split("/"))
        match = TABLE.match(sample)
        assert match is not None, route.path
        assert match.target.routes[route.method] is route


@pytest.mark.parametrize(
    ("path", "template", "parameters"),
    [
        (f"{ROOT}/credentials", f"{ROOT}/credentials", {}),
        (f"{ROOT}/abc", f"{ROOT}/{{integrationId}}", {"integrationId": "abc"}),
        (f"{ROOT}/credentials/listing", f"{ROOT}/credentials/listing", {}),
        (f"{ROOT}/credentials/abc", f"{ROOT}/credentials/{{credentialId}}", {"credentialId": "abc"}),
        (f"{ROOT}/actions/categories", f"{ROOT}/actions/categories", {}),
        (
            f"{ROOT}/actions/a%2Fb%20c/templates/x.vm",
            f"{ROOT}/actions/{{actionId}}/templates/{{fileName}}",
            {"actionId": "a/b c", "fileName": "x.vm"},
        ),
    ],
)
def test_literals_win_over_parameters(path: str, template: str, parameters: dict[str, str]) -> None:
    """A literal segment is preferred; an encoded slash stays inside its segment."""
    assert matched(path) == (template, parameters)


@pytest.mark.parametrize("prefix", ["/", "/gateway", "/a/b/c", "//", "/login/x/"])
def test_gateway_prefixes(prefix: str) -> None:
    """Whatever stands before /api/v2 is ignored, a doubled slash too."""
    assert matched(f"{prefix}{ROOT}")[0] == ROOT


def test_login_below_a_prefix() -> None:
    """The login path answers below a prefix too."""
    table = RouteTable([Route("POST", "/oauth/token", "post_oauth_token", (), 200)])
    for path in ("/oauth/token", "//oauth/token", "/login/oauth/token"):
        assert table.match(path) is not None


@pytest.mark.parametrize(
    "path",
    [
        f"{ROOT}/",
        f"{ROOT}//config/current",
        f"{ROOT}/a/b/c",
        "/api/v2",
        "/",
        "",
        "*",
        f"{ROOT}/" + "/".join("x" * 40),
        "/api/v3/integrations",
    ],
)
def test_what_is_no_route(path: str) -> None:
    """Empty segments, strange depths and other versions match nothing."""
    assert TABLE.match(path) is None


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        (f"{ROOT[:-1]}", ROOT),
        (f"{ROOT}/credential/types", f"{ROOT}/credentials/types"),
        (f"{ROOT}/x/configs/current", f"{ROOT}/{{integrationId}}/config/current"),
        ("/api/v2/integrations/", ROOT),
    ],
)
def test_nearest_route(path: str, nearest: str) -> None:
    """A typing mistake leads to the route that was meant."""
    assert nearest in TABLE.nearest(path)


def test_paths_that_are_much_less_alike_are_not_named() -> None:
    """One wrong letter leads to the one route that was meant, not to a list with strangers in it."""
    assert TABLE.nearest(f"{ROOT}/x/config/curent") == (f"{ROOT}/{{integrationId}}/config/current",)


def test_nearest_of_nothing_like_it() -> None:
    """A path like no other has no nearest route, however long it is."""
    assert TABLE.nearest("/" + "zq" * 50_000) == ()


def test_allowed_methods() -> None:
    """HEAD goes with GET, OPTIONS with everything."""
    match = TABLE.match(f"{ROOT}/abc")
    assert match is not None
    assert match.target.allowed == ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH")


def test_segments_are_decoded_once() -> None:
    """A percent sign that was encoded stays one; bytes that are no UTF-8 do no harm."""
    assert significant("/api/v2/a%2525/%ff")[-2:] == ["a%25", "\ufffd"]


def test_remembered_paths_are_the_same_and_bounded() -> None:
    """A path means the same the second time, and many paths do not fill the memory."""
    table = RouteTable(load_catalog().routes)
    assert table.match(f"{ROOT}/abc") is table.match(f"{ROOT}/abc")
    for number in range(5_000):
        match = table.match(f"{ROOT}/{number}")
        assert match is not None
        assert match.parameters == {"integrationId": str(number)}
    assert table.remembered <= 4_096
    assert table.match(f"{ROOT}/{'x' * 1_000}") is not None
