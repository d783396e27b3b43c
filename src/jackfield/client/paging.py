"""Walking through lists to their end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jackfield.client.http import Client, Query


PAGE_SIZE = 100
CURSOR_PAGE_SIZE = 200


def by_number(client: Client, path: str, query: Query | None = None) -> Iterator[dict[str, Any]]:
    """Yield every entity of a list that is paged by number.

    Ends at the page count, at a page without `nextUri` if there is no page count, and in any case at an empty
    page: servers differ in what they leave out.
    """
    number = 1
    while True:
        page = client.request(
            "GET", path, query={**(query or {}), "pageSize": PAGE_SIZE, "pageNumber": number}
        ).object()
        entities = _entities(page)
        yield from entities
        count = page.get("pageCount")
        last = number >= count if isinstance(count, int) else not page.get("nextUri")
        if last or not entities:
            return
        number += 1


def by_cursor(client: Client, path: str, query: Query | None = None) -> Iterator[dict[str, Any]]:
    """Yield every entity of a list that is walked by the last entity's id."""
    after: str | None = None
    while True:
        window: Mapping[str, str | int | bool | None] = {"pageSize": CURSOR_PAGE_SIZE, "after": after}
        page = client.request("GET", path, query={**(query or {}), **window}).object()
        entities = _entities(page)
        yield from entities
        following = str(entities[-1].get("id") or "") if entities else ""
        short = len(entities) < CURSOR_PAGE_SIZE and not page.get("nextUri")
        if not following or short or following == after:
            return
        after = following


def _entities(page: Mapping[str, Any]) -> list[dict[str, Any]]:
    entities = page.get("entities")
    return [item for item in entities if isinstance(item, dict)] if isinstance(entities, list) else []
