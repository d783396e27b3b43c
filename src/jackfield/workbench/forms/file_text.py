"""Reading the files of the forms; a refusal names the file."""

from __future__ import annotations

from pathlib import Path

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place


def read_file(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        OperationRefused: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise _unreadable(path, reason) from error


def read_text_file(path: Path) -> str:
    """Return a file's text, with its line breaks as they are and without a byte-order mark.

    Raises:
        OperationRefused: it cannot be read, or is not UTF-8.
    """
    try:
        return read_file(path).removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"byte {error.start} is not UTF-8") from error


def _unreadable(path: Path, reason: str) -> OperationRefused:
    return OperationRefused(found("FILE_UNREADABLE", Place(file=str(path)), path=path, reason=reason))
