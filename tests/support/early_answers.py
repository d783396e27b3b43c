"""A server with a fault on purpose: it answers before its commit. Only tests start it, as their control."""

from __future__ import annotations

import sys
import time

from sqlalchemy import Connection

from jackfield.cli.main import main
from jackfield.services.outcome import Outcome
from jackfield.store.writer import Job

LATE_SECONDS = 0.1


def answer_early() -> None:
    """Make the writer answer once the work is done, and commit a moment later."""
    run = Job.run

    def run_and_answer(self: Job, connection: Connection) -> None:
        run(self, connection)
        if isinstance(self.result, Outcome):
            self.loop.call_soon_threadsafe(self.settle)
            time.sleep(LATE_SECONDS)

    Job.run = run_and_answer  # type: ignore[method-assign]


if __name__ == "__main__":
    answer_early()
    sys.exit(main(sys.argv[1:]))
