"""Typed calls about the log of executions, which only Jackfield has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from jackfield.client.http import Client, Query

ROOT = "/jackfield/v1/executions"


class Executions:
    """Calls below `/jackfield/v1/executions`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def page(self, query: Query) -> tuple[list[dict[str, Any]], int]:
        """Return one page of runs, and how many the server could not keep.

        Args:
            query: `pageSize`, `before`, `after` and filters, as docs/wire.md lists them.
        """
        answer = self._client.request("GET", ROOT, query=query).object()
        runs = answer.get("entities")
        dropped = answer.get("dropped")
        found = [run for run in runs if isinstance(run, dict)] if isinstance(runs, list) else []
        return found, dropped if isinstance(dropped, int) else 0

    def get(self, execution_id: str) -> dict[str, Any]:
        """Return one run with its steps, and its bodies where they were kept."""
        return self._client.request("GET", _path(execution_id)).object()

    def replay(self, execution_id: str, state: str) -> dict[str, Any]:
        """Run a logged run's inputs again.

        Args:
            state: of the action: `draft` or `published`.
        """
        path = f"{_path(execution_id)}/replay"
        return self._client.request("POST", path, query={"state": state}).object()


def _path(execution_id: str) -> str:
    return f"{ROOT}/{quote(execution_id, safe='')}"
