"""The story's two processes: started with one JSON line to read, stopped by their own handle in all cases."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused

START_SECONDS = 30.0
STOP_SECONDS = 6.0
LOG_TAIL = 600


class Process:
    """A Python module in a process of its own.

    Args:
        module: run with `python -m`.
        arguments: for the module.
        environment: the whole environment of the process.
        log: file that receives its standard error.
        first_input: a line written to its standard input.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        first_input: str = "",
    ) -> None:
        self._module, self._log = module, log
        with log.open("ab") as sink:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=sink,
                env=dict(environment),
            )
        assert self._popen.stdin is not None
        if first_input:
            self._popen.stdin.write(first_input.encode() + b"\n")
            self._popen.stdin.flush()
        try:
            self.first_line = self._read_first_line()
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        """The process id."""
        return self._popen.pid

    def runs(self) -> bool:
        """Tell if the process is alive."""
        return self._popen.poll() is None

    def kill(self) -> None:
        """End it at once (SIGKILL), without any chance to tidy up."""
        self._popen.kill()
        self._popen.wait(STOP_SECONDS)
        self._close()

    def stop(self) -> None:
        """Ask it to end, and insist after some seconds."""
        if self.runs():
            self._popen.terminate()
            try:
                self._popen.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._popen.kill()
                self._popen.wait(STOP_SECONDS)
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _close(self) -> None:
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()

    def _read_first_line(self) -> dict[str, Any]:
        """Wait for the line; a thread reads it, so that waiting has an end on every platform."""
        lines: queue.Queue[bytes] = queue.Queue()
        pipe = self._popen.stdout
        assert pipe is not None
        threading.Thread(target=lambda: lines.put(pipe.readline()), daemon=True).start()
        try:
            line = lines.get(timeout=START_SECONDS)
            parsed = json.loads(line)
        except (queue.Empty, ValueError):
            raise self._did_not_start() from None
        if not isinstance(parsed, dict) or "url" not in parsed:
            raise self._did_not_start()
        return parsed

    def _did_not_start(self) -> OperationRefused:
        tail = " ".join(self._log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:].split())
        finding = found(
            "STORY_DIFFERS",
            step=f"Starting {self._module}",
            expected="the process did not say that it is ready.",
            wanted=f"One JSON line with a url within {START_SECONDS:g} s.",
            seen=tail or "nothing was logged",
        )
        return OperationRefused(finding, exit_code=1)
