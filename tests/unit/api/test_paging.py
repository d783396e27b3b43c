"""Pages and their envelopes."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.api.paging import (
    LAST_NUMBER,
    cursor_listing,
    cursor_request,
    listing,
    page_of,
    page_request,
    short_listing,
)
from jackfield.api.query import Query
from jackfield.domain.page import CursorPage, CursorRequest, PageRequest

NAMES = ("pageSize", "pageNumber", "sortBy", "sortOrder", "after", "before")


def window(text: str, sortable: tuple[str, ...] = ()) -> PageRequest:
    """Return the window that a query asks for."""
    return page_request(Query(text.encode(), NAMES), sortable)


def test_defaults() -> None:
    """25 entities of the first page, in order of creation."""
    assert window("") == PageRequest(1, 25, "", False)


def test_the_offset_fits_a_database() -> None:
    """The furthest page there can be has an offset of at most 63 bits."""
    furthest = window("pageNumber=99999999999999999999&pageSize=5000")
    assert furthest.number == LAST_NUMBER
    assert furthest.offset < 2**63


def test_sorting() -> None:
    """Field and direction in any case, and only where a list can be sorted."""
    assert window("sortBy=NAME&sortOrder=Desc", ("id", "name")) == PageRequest(1, 25, "name", True)
    assert window("sortBy=name&sortOrder=desc") == PageRequest(1, 25, "", False)


def test_links_in_the_middle() -> None:
    """All five links, each with the filters, relative to the host."""
    page = page_of(list(range(25)), PageRequest(3, 5))
    envelope = listing(page, str, "/api/v2/x", {"name": "a b&c"})
    assert envelope["entities"] == ["10", "11", "12", "13", "14"]
    assert (envelope["total"], envelope["pageCount"]) == (25, 5)
    numbers = {}
    for name in ("firstUri", "previousUri", "selfUri", "nextUri", "lastUri"):
        link = urlsplit(envelope[name])
        asked = parse_qs(link.query)
        assert (link.scheme, link.path, asked["name"], asked["pageSize"]) == (
            "",
            "/api/v2/x",
            ["a b&c"],
            ["5"],
        )
        numbers[name] = int(asked["pageNumber"][0])
    assert numbers == {"firstUri": 1, "previousUri": 2, "selfUri": 3, "nextUri": 4, "lastUri": 5}


@given(st.integers(0, 40), st.integers(1, 9), st.integers(1, 60))
def test_links_at_the_ends(total: int, size: int, number: int) -> None:
    """`nextUri` exists exactly before the last page, `previousUri` exactly after the first."""
    envelope = listing(page_of(list(range(total)), PageRequest(number, size)), str, "/x", {})
    assert ("nextUri" in envelope) == (number * size < total)
    assert ("previousUri" in envelope) == (number > 1)
    assert envelope["pageCount"] == -(-total // size)
    assert len(envelope["entities"]) == max(0, min(size, total - (number - 1) * size))


def test_previous_of_a_page_past_the_end_is_the_last() -> None:
    """Going back from nowhere leads to where entities are."""
    envelope = listing(page_of(list(range(7)), PageRequest(50, 3)), str, "/x", {})
    assert "pageNumber=3" in envelope["previousUri"]


def test_short_envelope() -> None:
    """Categories have counts and no links."""
    envelope = short_listing(page_of(["a"], PageRequest()), str)
    assert envelope == {"entities": ["a"], "pageSize": 25, "pageNumber": 1, "total": 1, "pageCount": 1}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", CursorRequest(25)),
        ("after=&pageSize=200", CursorRequest(200)),
        ("after=id-1&pageSize=1000", CursorRequest(200, after="id-1")),
        ("before=id-2&pageSize=0", CursorRequest(1, before="id-2")),
    ],
)
def test_cursor_requests(text: str, wanted: CursorRequest) -> None:
    """An empty `after` is the start; sizes are clamped at 200."""
    assert cursor_request(Query(text.encode(), NAMES)) == wanted


def test_cursor_envelope() -> None:
    """Links only where the list goes on, and no counts."""
    asked = CursorRequest(2, after="a")
    page = CursorPage(["b", "c"], 2, "c", None)
    assert cursor_listing(page, str, "/x", asked) == {
        "entities": ["b", "c"],
        "selfUri": "/x?pageSize=2&after=a",
        "nextUri": "/x?pageSize=2&after=c",
    }
    back = cursor_listing(CursorPage(["b"], 2, None, "b"), str, "/x", CursorRequest(2, before="c"))
    assert back["selfUri"] == "/x?pageSize=2&before=c"
    assert back["previousUri"] == "/x?pageSize=2&before=b"
    assert "nextUri" not in back
