"""Reading query parameters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.api.query import Query
from jackfield.domain.errors import Refused

NAMES = ("pageSize", "flatten", "expand", "ids", "state", "sortBy")


def query(text: str) -> Query:
    """Return a query of a route with a few parameters."""
    return Query(text.encode("latin-1"), NAMES)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", 25),
        ("pageSize=", 25),
        ("pageSize=7", 7),
        ("pageSize=1&pageSize=8", 8),
        ("pageSize=0", 1),
        ("pageSize=-3", 1),
        ("pageSize=1000", 999),
        ("pageSize=99999999999999999999999999", 999),
    ],
)
def test_numbers_are_brought_into_range(text: str, value: int) -> None:
    """A number outside its range is not an error; the last of several counts."""
    asked = query(text)
    assert asked.number("pageSize", 25, 1, 999) == value
    assert asked.settle(strict=True) == ()


@pytest.mark.parametrize("value", ["x", "1.5", "1e3", " 5", "+5", "٣", "0x10", "1_000", "9" * 50])
def test_what_is_no_number(value: str) -> None:
    """Anything but ASCII digits is a fault that names the parameter and shows the value."""
    asked = Query(f"pageSize={value}".encode(), NAMES)
    asked.number("pageSize", 25, 1, 999)
    with pytest.raises(Refused) as refused:
        asked.settle(strict=False)
    finding = refused.value.findings[0]
    assert (finding.code, finding.place.pointer) == ("QUERY_NOT_A_NUMBER", "query/pageSize")
    assert (refused.value.status, refused.value.code) == (400, "invalid.value")


@pytest.mark.parametrize(("text", "value"), [("TRUE", True), ("false", False), ("", None)])
def test_booleans(text: str, value: bool | None) -> None:
    """true and false in any case; nothing is None."""
    assert query(f"flatten={text}").flag("flatten") is value


def test_all_faults_come_together() -> None:
    """Every wrong parameter has its finding; errors stand before warnings."""
    asked = query("other=1&pageSize=x&flatten=1&state=ODD")
    asked.number("pageSize", 25, 1, 999)
    asked.flag("flatten")
    asked.choice("state", ("ACTIVE", "ERROR"))
    with pytest.raises(Refused) as refused:
        asked.settle(strict=False)
    assert [finding.code for finding in refused.value.findings] == [
        "QUERY_NOT_A_NUMBER",
        "QUERY_NOT_A_BOOLEAN",
        "QUERY_NOT_ONE_OF",
        "QUERY_UNKNOWN",
    ]
    assert "ACTIVE, ERROR" in refused.value.findings[2].accepted


def test_choices_in_any_case() -> None:
    """A value is recognised in any case and returned in its own."""
    assert query("state=aCTive").choice("state", ("ACTIVE", "ERROR")) == "ACTIVE"


@pytest.mark.parametrize("text", ["expand=a,b", "expand=a&expand=b", "expand=a%2C%20b,", "expand=,a,,b"])
def test_lists_joined_or_repeated(text: str) -> None:
    """Commas and repetition mean the same; empty parts do not count."""
    assert query(text).words("expand") == ("a", "b")


def test_too_many_ids() -> None:
    """Ids are counted without repeats, and too many are a fault."""
    asked = query("ids=" + ",".join(["a"] * 60 + ["b", "c"]))
    assert asked.ids("ids", 3) == ("a", "b", "c")
    assert asked.findings == []
    asked.ids("ids", 2)
    assert [finding.code for finding in asked.findings] == ["QUERY_TOO_MANY_IDS"]


def test_unknown_parameters_and_sort_fields_are_warnings() -> None:
    """They let a request through, and refuse it when strict."""
    asked = query("page=2&sortBy=colour")
    assert asked.sort_field("sortBy", ("name", "id")) == ""
    assert {finding.code for finding in asked.settle(strict=False)} == {"QUERY_UNKNOWN", "SORT_FIELD_UNKNOWN"}
    with pytest.raises(Refused):
        asked.settle(strict=True)


def test_too_many_parameters() -> None:
    """A query in a loop is refused before it is read."""
    with pytest.raises(Refused) as refused:
        query("&".join(f"p{number}=1" for number in range(101)))
    assert refused.value.findings[0].code == "QUERY_TOO_LONG"


@given(st.binary(max_size=200))
def test_no_query_breaks_the_reader(text: bytes) -> None:
    """Whatever bytes stand in a query, reading ends in values or in a refusal of bearable length."""
    messages: list[str] = []
    try:
        asked = Query(text, NAMES)
        asked.number("pageSize", 25, 1, 999)
        asked.flag("flatten")
        asked.ids("ids", 3)
        messages += [finding.message for finding in asked.settle(strict=False)]
    except Refused as refused:
        messages += [finding.message for finding in refused.findings]
    assert all(len(message) < 1_000 for message in messages)
