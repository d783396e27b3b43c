"""Reading what the user named: a file, or `-` for standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from jackfield.cli.exit_codes import ExitCode
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place

STANDARD_INPUT = "-"


def read_text(path: Path | str) -> str:
    """Return a file's text; `-` reads standard input.

    Raises:
        OperationRefused: it cannot be read, or is not UTF-8.
    """
    try:
        if str(path) == STANDARD_INPUT:
            return sys.stdin.buffer.read().decode("utf-8")
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise _unreadable(path, (error.strerror or type(error).__name__).lower()) from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"byte {error.start} is not UTF-8") from error


def _unreadable(path: Path | str, reason: str) -> OperationRefused:
    finding = found("FILE_UNREADABLE", Place(str(path)), path=path, reason=reason)
    return OperationRefused(finding, exit_code=ExitCode.USAGE)
