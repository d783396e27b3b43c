"""Noticing that an author has saved a file."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

POLL_SECONDS: Final = 0.05
_BESIDE: Final = "tests"
_UNWATCHED: Final = "snapshots"


def state_of(paths: Iterable[Path]) -> Mapping[Path, tuple[int, int]]:
    """Return when each watched file was changed last, and its size.

    Args:
        paths: files, whose test files beside them count too, and folders with everything in them.
    """
    state = {}
    for path in paths:
        for file in _files(path):
            # Editors replace files: one may be gone for a moment.
            with contextlib.suppress(OSError):
                facts = file.stat()
                state[file] = (facts.st_mtime_ns, facts.st_size)
    return state


def wait_for_change(paths: Iterable[Path], before: Mapping[Path, tuple[int, int]]) -> tuple[Path, ...]:
    """Wait until a watched file is changed, made or removed; return those.

    Args:
        paths: what is watched.
        before: the state when it was read.
    """
    watched = tuple(paths)
    while True:
        now = state_of(watched)
        changed = tuple(file for file in {**before, **now} if before.get(file) != now.get(file))
        if changed:
            return changed
        time.sleep(POLL_SECONDS)


def _files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return (
            file
            for file in path.rglob("*")
            if file.is_file() and _UNWATCHED not in file.relative_to(path).parts
        )
    return (path, *(file for file in (path.parent / _BESIDE).glob("*") if file.is_file()))
