"""Typed calls about the audit trail, which only Jackfield has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from jackfield.client.http import Client, Query

ROOT = "/jackfield/v1/audit"
PAGE_SIZE = 200


class AuditTrail:
    """Calls below `/jackfield/v1/audit`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def newest(self, filters: Query, count: int) -> Iterator[dict[str, Any]]:
        """Yield the newest changes that fit, newest first.

        Args:
            filters: query parameters of the list, as docs/wire.md lists them.
            count: how many at most.
        """
        after: str | None = None
        while count > 0:
            size = min(count, PAGE_SIZE)
            page = self._client.request(
                "GET", ROOT, query={**filters, "pageSize": size, "after": after}
            ).object()
            entries = [one for one in page.get("entities") or [] if isinstance(one, dict)]
            yield from entries
            count -= len(entries)
            if not page.get("nextUri") or not entries:
                return
            after = str(entries[-1].get("id"))

    def get(self, entry_id: str) -> dict[str, Any]:
        """Return one change with both states."""
        return self._client.request("GET", f"{ROOT}/{quote(entry_id, safe='')}").object()
