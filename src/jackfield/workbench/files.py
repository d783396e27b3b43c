"""Writing recordings and snapshots so that nobody ever reads half of one."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place


def replace_text(path: Path, text: str) -> None:
    """Write a file, making its folder; whoever reads it meanwhile sees the old or the new text whole.

    Two processes may write the same file at the same time: one of them is the last.

    Raises:
        OperationRefused: it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(text.encode("utf-8", "replace"))
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        reason = (error.strerror or type(error).__name__).lower()
        place = Place(file=str(path))
        raise OperationRefused(found("ACTION_FILE_UNWRITABLE", place, path=path, reason=reason)) from error
