"""Running the tests of test files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from jackfield.domain.catalogue import found
from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding
from jackfield.engine.faults import SERVICE_FAULTS
from jackfield.workbench.bench import Bench, BenchResult, Trial
from jackfield.workbench.credentials import credentials_from, read_credentials
from jackfield.workbench.faults_file import NAMES_OF_FAULTS, no_such_fault
from jackfield.workbench.replies.cassettes import ReplayedReplies
from jackfield.workbench.replies.given import GivenReplies, GivenReply, json_reply, read_reply
from jackfield.workbench.replies.source import ReplySource
from jackfield.workbench.replies.stubs import StubReplies
from jackfield.workbench.replies.synthesis import SynthesizedReplies
from jackfield.workbench.suites.expectations import unmet
from jackfield.workbench.suites.reading import Case
from jackfield.workbench.suites.snapshots import compare_snapshot

_KINDS: Final = ("replay", "stub", "synthesized")


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What one test gave.

    Args:
        case: the test.
        result: the run; None if it could not be begun.
        findings: why the test failed; none if it passed.
        seconds: how long it took.
    """

    case: Case
    result: BenchResult | None
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """True if everything is as expected."""
        return not self.findings


def run_case(bench: Bench, case: Case, *, update: bool = False) -> CaseOutcome:
    """Run one test.

    Args:
        bench: where it is run.
        case: the test.
        update: take snapshots anew instead of comparing with them.
    """
    begun = perf_counter()
    try:
        result = bench.run(_trial(case))
        findings = [*unmet(case, result)]
        if (case.members.get("expect") or {}).get("snapshot"):
            difference = compare_snapshot(case, result, update=update)
            findings += [difference] if difference is not None else []
    except OperationRefused as refused:
        return CaseOutcome(case, None, refused.findings, perf_counter() - begun)
    return CaseOutcome(case, result, tuple(findings), perf_counter() - begun)


def _trial(case: Case) -> Trial:
    members, suite = case.members, case.suite
    inputs, raw = _inputs(case)
    login = members.get("login")
    return Trial(
        document=suite.document,
        replies=_source(case, members.get("replies") or members.get("reply"), "/reply"),
        inputs=inputs,
        raw_request=raw,
        credentials=_credentials(case),
        login=suite.login,
        login_replies=_source(case, login, "/login") if login is not None else SynthesizedReplies(),
        platform=str(members.get("platform") or suite.members.get("platform") or ""),
        flatten=bool(members.get("flatten", False)),
    )


def _inputs(case: Case) -> tuple[Mapping[str, Any] | None, str | None]:
    """Return the input, and its text where it is not the input's own; a text is the path of a JSON file."""
    given = case.members.get("input")
    if isinstance(given, str):
        path = case.suite.path.parent / given
        try:
            text = path.read_text(encoding="utf-8")
            value = json.loads(text)
        except (OSError, ValueError) as error:
            raise _invalid(
                case, "/input", f"`{given}` is no readable JSON file ({type(error).__name__})."
            ) from None
        return (value if isinstance(value, dict) else None), text
    if given is None or isinstance(given, dict):
        return given, None
    return None, json.dumps(given)


def _credentials(case: Case) -> CredentialValues | None:
    given = case.members.get("credentials", case.suite.members.get("credentials"))
    if given is None:
        return None
    if isinstance(given, str):
        return read_credentials(case.suite.path.parent / given, case.suite.document)
    try:
        return credentials_from(given, case.suite.document)
    except ValueError as error:
        raise _invalid(case, "/credentials", f"The credentials cannot be used: {error}.") from None


def _source(case: Case, said: Any, inner: str) -> ReplySource:
    """Return the source of replies that a test names; nothing named makes them up."""
    folder = case.suite.path.parent
    if said is None or (isinstance(said, Mapping) and said.get("synthesized")):
        return SynthesizedReplies()
    if isinstance(said, list):
        return GivenReplies(*(_reply(case, one, f"{inner}/{index}") for index, one in enumerate(said)))
    if "replay" in said:
        return ReplayedReplies(folder / str(said["replay"]))
    if "stub" in said:
        return StubReplies(folder / str(said["stub"]))
    return GivenReplies(_reply(case, said, inner))


def _reply(case: Case, said: Mapping[str, Any], inner: str) -> GivenReply:
    kind = next((name for name in _KINDS if name in said), None)
    if kind is not None:
        raise _invalid(case, inner, f"`{kind}` cannot stand in a list of replies.")
    fault = said.get("fault")
    if fault is not None and fault not in SERVICE_FAULTS:
        raise _invalid(case, f"{inner}/fault", no_such_fault(fault), NAMES_OF_FAULTS)
    detail = f"{case.suite.path.name}: {case.name}"
    if "file" in said:
        reply = read_reply(case.suite.path.parent / str(said["file"]))
    elif "text" in said:
        reply = GivenReply(body=str(said["text"]).encode(), detail=detail)
    else:
        reply = json_reply(said["body"]) if "body" in said else GivenReply(headers=())
    given = {str(name).lower(): str(value) for name, value in (said.get("headers") or {}).items()}
    headers = {**dict(reply.headers), **given}
    return GivenReply(
        status=_number(case, said, "status", reply.status, inner),
        headers=tuple(headers.items()),
        body=reply.body,
        delay=float(_number(case, said, "delay", 0, inner)),
        fault=SERVICE_FAULTS[fault] if fault is not None else None,
        detail=reply.detail or detail,
    )


def _number(case: Case, said: Mapping[str, Any], name: str, otherwise: int, inner: str) -> Any:
    value = said.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid(case, f"{inner}/{name}", f"`{name}` is no number.", "A number.")
    return value


def _invalid(case: Case, inner: str, reason: str, wanted: str = "") -> OperationRefused:
    wanted = wanted or "What docs/action-bench.md describes."
    path: Path = case.suite.path
    finding = found("TEST_FILE_INVALID", case.place(inner), reason=reason, wanted=wanted, path=path)
    return OperationRefused(finding)
