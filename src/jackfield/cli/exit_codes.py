"""What a command's exit code says; fixed for scripts."""

from __future__ import annotations

from enum import IntEnum

from jackfield.domain.errors import JackfieldError, OperationRefused


class ExitCode(IntEnum):
    """The exit codes of every command."""

    OK = 0
    FAILED = 1
    DRIFT = 2
    USAGE = 3
    DENIED = 4
    CONFLICT = 5
    REMOTE = 6
    ASSERTIONS = 7
    INTERRUPTED = 130


MEANINGS = {
    ExitCode.OK: "done",
    ExitCode.FAILED: "failed: the request was refused, the run failed, or nothing of that name exists",
    ExitCode.DRIFT: "drift found, or with `--detailed-exitcode` changes pending",
    ExitCode.USAGE: "the command line or a setting is wrong; nothing was done",
    ExitCode.DENIED: "login or permission refused",
    ExitCode.CONFLICT: "conflict: somebody else changed it, or something stands in the way",
    ExitCode.REMOTE: "the server cannot be reached, is unavailable, or limits the rate",
    ExitCode.ASSERTIONS: "tests or lint found faults",
    ExitCode.INTERRUPTED: "interrupted",
}

_BY_STATUS = {
    401: ExitCode.DENIED,
    403: ExitCode.DENIED,
    409: ExitCode.CONFLICT,
    429: ExitCode.REMOTE,
    502: ExitCode.REMOTE,
    503: ExitCode.REMOTE,
    504: ExitCode.REMOTE,
}


def exit_code_of(error: JackfieldError) -> int:
    """Return the exit code for an error."""
    if isinstance(error, OperationRefused):
        return error.exit_code
    if getattr(error, "is_version_conflict", False):
        return ExitCode.CONFLICT
    return _BY_STATUS.get(error.status, ExitCode.FAILED)
