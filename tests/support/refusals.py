"""Reading refusals: each must be the cloud's ErrorBody, with a fault per finding that can be acted on."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx

CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


@dataclass(frozen=True)
class Fault:
    """One nested error of a refusal."""

    code: str
    pointer: str
    message: str
    seen: str
    accepted: str
    fix: str
    line: int | None
    column: int | None
    severity: str


@dataclass(frozen=True)
class Refusal:
    """A refusal that has the right form."""

    status: int
    code: str
    message: str
    faults: tuple[Fault, ...]

    @property
    def pointers(self) -> list[str]:
        """Where the faults are, in the order of the answer."""
        return [fault.pointer for fault in self.faults]

    def at(self, pointer: str) -> Fault:
        """Return the one fault at a place."""
        found = [fault for fault in self.faults if fault.pointer == pointer]
        assert len(found) == 1, (pointer, self.pointers)
        return found[0]

    def below(self, pointer: str) -> list[Fault]:
        """Return the faults at a place and below it."""
        return [
            fault
            for fault in self.faults
            if fault.pointer == pointer or fault.pointer.startswith(pointer + "/")
        ]


def refusal(answer: httpx.Response, status: int, code: str = "bad.request") -> Refusal:
    """Check that an answer is a refusal in the right form, and return it."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["content-type"].startswith("application/json")
    body = answer.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["message"].strip()
    assert body["contextId"] == answer.headers["ININ-Correlation-Id"]
    assert isinstance(body["messageParams"], dict)
    assert isinstance(body["details"], list)
    return Refusal(status, code, body["message"], tuple(_fault(entry) for entry in body["errors"]))


def _fault(entry: dict[str, object]) -> Fault:
    parameters, details = entry["messageParams"], entry["details"]
    assert isinstance(parameters, dict)
    assert isinstance(details, list)
    assert isinstance(details[0], dict)
    assert all(isinstance(value, str) for value in parameters.values()), parameters
    assert CODE.fullmatch(str(entry["code"])), entry["code"]
    assert str(entry["message"]).strip()
    assert parameters["fix"].strip()
    assert parameters["doc"].strip()
    return Fault(
        code=str(entry["code"]),
        pointer=str(details[0]["fieldName"]),
        message=str(entry["message"]),
        seen=parameters["seen"],
        accepted=parameters["accepted"],
        fix=parameters["fix"],
        line=int(parameters["line"]) if parameters["line"] else None,
        column=int(parameters["column"]) if parameters["column"] else None,
        severity=parameters.get("severity", "error"),
    )
