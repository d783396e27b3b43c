"""Noticing that an author has saved a file."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

State = Mapping[Path, tuple[int, int]]

# Looking at a few files takes microseconds. In a large folder it takes long, so it is done less often.
_PAUSE: Final = 0.02
_SHARE: Final = 10
_BESIDE: Final = "tests"
_UNWATCHED: Final = ("snapshots", "node_modules")


class Watch:
    """Looks at files until one of them changes.

    Args:
        paths: files, whose test files beside them count too, and folders with everything in them but hidden
            folders, `node_modules` and snapshots; what does not exist yet is noticed when it does.
        ignored: files and folders that a test run writes itself.
    """

    def __init__(self, paths: Iterable[Path], ignored: Iterable[Path] = ()) -> None:
        self._paths = tuple(dict.fromkeys(paths))
        self._ignored = frozenset(path.absolute() for path in ignored)

    def state(self) -> State:
        """Return when each watched file was changed last, and its size."""
        state = {}
        for path in self._paths:
            for file in self._files(path):
                # Editors replace files: one may be gone for a moment.
                with contextlib.suppress(OSError):
                    facts = file.stat()
                    state[file] = (facts.st_mtime_ns, facts.st_size)
        return state

    def wait_for_change(self, before: State) -> tuple[Path, ...]:
        """Wait until a watched file is changed, made or removed; return those.

        Args:
            before: the state when it was read.
        """
        while True:
            begun = time.perf_counter()
            now = self.state()
            changed = tuple(file for file in {**before, **now} if before.get(file) != now.get(file))
            if changed:
                return changed
            time.sleep(max(_PAUSE, _SHARE * (time.perf_counter() - begun)))

    def _files(self, path: Path) -> Iterator[Path]:
        if path.is_dir():
            yield from self._below(path)
        else:
            beside = (file for file in (path.parent / _BESIDE).glob("*") if file.is_file())
            yield from (file for file in (path, *beside) if file.absolute() not in self._ignored)

    def _below(self, path: Path) -> Iterator[Path]:
        for place, folders, names in os.walk(path):
            folder = Path(place)
            folders[:] = [
                name
                for name in folders
                if not name.startswith(".")
                and name not in _UNWATCHED
                and (folder / name).absolute() not in self._ignored
            ]
            yield from (file for name in names if (file := folder / name).absolute() not in self._ignored)
