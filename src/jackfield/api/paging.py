"""Pages on the wire: what is asked for, and the envelope with its links."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from jackfield.api.query import Query
from jackfield.domain.page import CursorPage, CursorRequest, Page, PageRequest

T = TypeVar("T")

# The help pages name 1..999; the wizard sample asks for 1,000 and must not fail.
LARGEST_PAGE = 999
LARGEST_CURSOR_PAGE = 200
DEFAULT_SIZE = 25
# Far beyond any page there can be, and its offset still fits a database's 64-bit integer.
LAST_NUMBER = 2**31 - 1


def page_request(query: Query, sortable: Sequence[str] = ()) -> PageRequest:
    """Read `pageSize`, `pageNumber`, and for lists that can be sorted `sortBy` and `sortOrder`."""
    descending = bool(sortable) and query.choice("sortOrder", ("ASC", "DESC")) == "DESC"
    return PageRequest(
        number=query.number("pageNumber", 1, 1, LAST_NUMBER),
        size=query.number("pageSize", DEFAULT_SIZE, 1, LARGEST_PAGE),
        sort_by=query.sort_field("sortBy", sortable) if sortable else "",
        descending=descending,
    )


def cursor_request(query: Query) -> CursorRequest:
    """Read `after`, `before` and `pageSize`; an empty `after` is the start."""
    return CursorRequest(
        size=query.number("pageSize", DEFAULT_SIZE, 1, LARGEST_CURSOR_PAGE),
        after=query.text("after"),
        before=query.text("before"),
    )


def page_of(entities: Sequence[T], window: PageRequest) -> Page[T]:
    """Cut one page out of a list that is wholly in memory."""
    part = entities[window.offset : window.offset + window.size]
    return Page(part, window.number, window.size, len(entities))


def listing(
    page: Page[T], shape: Callable[[T], Any], path: str, filters: Mapping[str, str]
) -> dict[str, Any]:
    """Return the envelope of a page.

    Args:
        page: number, size and total decide the links; `nextUri` is absent on the last page.
        shape: of one entity.
        path: of the list.
        filters: query parameters that the links repeat.
    """
    last = max(page.count, 1)

    def link(number: int) -> str:
        query = {"pageSize": str(page.size), "pageNumber": str(number), **filters}
        return f"{path}?{urlencode(query, quote_via=quote)}"

    envelope: dict[str, Any] = {
        "entities": [shape(entity) for entity in page.entities],
        "pageSize": page.size,
        "pageNumber": page.number,
        "total": page.total,
        "firstUri": link(1),
        "selfUri": link(page.number),
        "lastUri": link(last),
        "pageCount": page.count,
    }
    if page.number < page.count:
        envelope["nextUri"] = link(page.number + 1)
    if page.number > 1:
        envelope["previousUri"] = link(min(page.number - 1, last))
    return envelope


def short_listing(page: Page[T], shape: Callable[[T], Any]) -> dict[str, Any]:
    """Return the envelope without links, as the categories have it."""
    return {
        "entities": [shape(entity) for entity in page.entities],
        "pageSize": page.size,
        "pageNumber": page.number,
        "total": page.total,
        "pageCount": page.count,
    }


def cursor_listing(
    page: CursorPage[T], shape: Callable[[T], Any], path: str, window: CursorRequest
) -> dict[str, Any]:
    """Return the envelope of a cursor page; a link is absent where the list ends."""

    def link(name: str, value: str) -> str:
        query = {"pageSize": str(page.size)} | ({name: value} if value else {})
        return f"{path}?{urlencode(query, quote_via=quote)}"

    here = ("before", window.before) if window.before else ("after", window.after)
    envelope: dict[str, Any] = {
        "entities": [shape(entity) for entity in page.entities],
        "selfUri": link(*here),
    }
    if page.next_after is not None:
        envelope["nextUri"] = link("after", page.next_after)
    if page.previous_before is not None:
        envelope["previousUri"] = link("before", page.previous_before)
    return envelope
