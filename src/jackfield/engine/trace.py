"""What test mode shows of each step, with every secret masked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jackfield.domain.errors import ActionFailed
from jackfield.domain.masking import Masker
from jackfield.domain.run import Operation
from jackfield.engine.calling import call_result
from jackfield.engine.passage import Passage

Show = Callable[[Passage], Any]


class Trace:
    """Collects what the steps of a test run show; masked in one go when the run is over."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, Any]] = []

    def note(self, name: str, passage: Passage, show: Show | None) -> None:
        """Note a step that is over; nothing of the value may change afterwards."""
        self._rows.append((name, show(passage) if show is not None else None))

    def operations(self, mask: Masker, error: ActionFailed | None) -> tuple[Operation, ...]:
        """Return the operations with every secret masked.

        Args:
            mask: the run's masker.
            error: what ended the run in its last step, masked already; None if all went well.
        """
        last = len(self._rows) if error is not None else 0
        return tuple(
            Operation(step, name, step != last, mask.value(result), error if step == last else None)
            for step, (name, result) in enumerate(self._rows, 1)
        )


def show_authentication(passage: Passage) -> Any:
    """Say what the credential does, never what it is."""
    credentials = passage.run.credentials
    if credentials is None:
        return {"type": "none"}
    shown: dict[str, Any] = {"type": credentials.type_name, "fields": sorted(credentials.fields)}
    login = passage.login
    if login is not None:
        shown["login"] = "made up" if login.made_up else "kept" if passage.login_kept else "made"
        if login.response is not None:
            shown["authResponse"] = sorted(login.response)
    return shown


def show_url(passage: Passage) -> Any:
    """Return the rendered URL, None if it could not be rendered."""
    return passage.url or None


def show_headers(passage: Passage) -> Any:
    """Return the headers that go out; the value of Authorization is redacted as a whole."""
    return {
        name: value if name.lower() != "authorization" else _scheme_only(value)
        for name, value in passage.headers
    }


def show_body(passage: Passage) -> Any:
    """Return the rendered body as text, None if there is none."""
    return None if passage.body is None else passage.body.decode("utf-8", "replace")


def show_call(passage: Passage) -> Any:
    """Return the reply."""
    return call_result(passage)


def show_variables(passage: Passage) -> Any:
    """Return the translated variables as JSON text by name."""
    return passage.variables


def show_output(passage: Passage) -> Any:
    """Return the success template's output as text, None if there is none."""
    return passage.output or None


def show_value(passage: Passage) -> Any:
    """Return the result so far."""
    return passage.value


def _scheme_only(value: str) -> str:
    scheme, blank, _ = value.partition(" ")
    return f"{scheme} ********" if blank and scheme.isalpha() else "********"
