"""What a handler gets: one admitted request, with everything read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from jackfield.api.error_bodies import error_body
from jackfield.api.exchange import Answer
from jackfield.api.json_bytes import dump
from jackfield.api.query import Query
from jackfield.domain.errors import JackfieldError
from jackfield.domain.finding import Finding
from jackfield.domain.identity import Caller, Idempotency
from jackfield.domain.json_reader import Reading, read_json
from jackfield.services.outcome import Outcome
from jackfield.services.registry import Services

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """One admitted request.

    Args:
        caller: who asks; without idempotency, which `presenting` adds.
        parameters: of the path.
        repeat: the Idempotency-Key and the request's fingerprint, None if no key was sent.
    """

    services: Services
    caller: Caller
    parameters: Mapping[str, str]
    query: Query
    body: bytes
    repeat: tuple[str, str] | None = None

    def reading(self) -> Reading:
        """Read the body as JSON, tolerantly."""
        return read_json(self.body)

    def settled(self) -> tuple[Finding, ...]:
        """Return the query's warnings.

        Raises:
            Refused: something is wrong with the query.
        """
        return self.query.settle(strict=self.caller.strict)

    def presenting(self, shape: Callable[[Any], Any]) -> Caller:
        """Return the caller for a change whose answer a repeat gets again.

        Args:
            shape: of the operation's value.
        """
        if self.repeat is None:
            return self.caller

        def present(result: Any) -> bytes:
            return dump(shape(result.value if isinstance(result, Outcome) else result))

        return repeatable(self.caller, self.repeat, present)

    def presenting_bytes(self) -> Caller:
        """Return the caller for an operation whose result is the answer's body already."""
        if self.repeat is None:
            return self.caller
        return repeatable(self.caller, self.repeat, value_bytes)


def value_bytes(outcome: Outcome[bytes]) -> bytes:
    """Return the body of an operation whose value is the answer's body already."""
    return outcome.value


def repeatable(caller: Caller, repeat: tuple[str, str], present: Callable[[Any], bytes]) -> Caller:
    """Return the caller with an Idempotency-Key.

    Args:
        repeat: the key, and the fingerprint of the request.
        present: makes the answer's body out of the operation's result.
    """

    def present_error(error: JackfieldError) -> bytes:
        return dump(error_body(error, caller.correlation_id))

    return replace(caller, idempotency=Idempotency(*repeat, present, present_error))


def shaped(outcome: Outcome[T], shape: Callable[[T], Any], *warnings: Finding) -> Answer:
    """Return the answer of a change: its value's shape and its warnings."""
    return Answer(dump(shape(outcome.value)), warnings=(*warnings, *outcome.warnings))
