"""Exit codes, which scripts rely on."""

from __future__ import annotations

import pytest

from jackfield.cli.exit_codes import MEANINGS, ExitCode, exit_code_of
from jackfield.client.errors import ApiError
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused


@pytest.mark.parametrize(
    ("status", "code", "exit_code"),
    [
        (400, "bad.request", 1),
        (400, "version", 5),
        (401, "bad.credentials", 4),
        (403, "missing.permissions", 4),
        (404, "not.found", 1),
        (408, "request.timeout", 5),
        (409, "general.conflict", 5),
        (409, "invalid.update.wrong.version", 5),
        (429, "too.many.requests", 6),
        (500, "internal.server.error", 1),
        (501, "not.implemented", 1),
        (502, "", 6),
        (503, "service.unavailable", 6),
        (504, "request.timeout", 6),
    ],
)
def test_each_answer_has_its_code(status: int, code: str, exit_code: int) -> None:
    """Permission, conflict and unavailability are told apart from plain failure."""
    text = "1 does not match the current version 2" if code == "version" else ""
    assert exit_code_of(ApiError(status=status, code=code, text=text)) == exit_code


def test_a_refused_operation_says_its_own_code() -> None:
    """Whoever refuses knows best."""
    assert exit_code_of(OperationRefused(found("REGION_UNSET"), exit_code=6)) == 6
    assert exit_code_of(OperationRefused(found("REGION_UNSET"))) == 3


def test_every_code_has_a_meaning() -> None:
    """The nine codes are documented."""
    assert set(MEANINGS) == set(ExitCode)
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 5, 6, 7, 130]
