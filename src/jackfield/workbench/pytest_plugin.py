"""The pytest plugin: collects the test files of data actions, and offers a server and a recorded upstream.

Nothing of the bench is imported before a test file or a fixture asks for it, so that other test suites in the
same environment start as fast as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from jackfield.workbench.bench import Bench
    from jackfield.workbench.ephemeral import Access
    from jackfield.workbench.recorded_service import RecordedService
    from jackfield.workbench.suites.reading import Case
    from jackfield.workbench.suites.running import CaseOutcome

_BENCH: pytest.StashKey[Bench] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that takes snapshots anew."""
    group = parser.getgroup("jackfield", "data actions")
    group.addoption(
        "--jackfield-update", action="store_true", help="take the snapshots of data actions' tests anew"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ActionTestFile | None:
    """Collect `tests/*.yaml` that test data actions; all other files are left alone."""
    if file_path.suffix not in (".yaml", ".yml") or file_path.parent.name != "tests":
        return None
    from jackfield.workbench.suites.discovery import is_test_file

    return ActionTestFile.from_parent(parent, path=file_path) if is_test_file(file_path) else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the bench, if there was one."""
    bench = config.stash.get(_BENCH, None)
    if bench is not None:
        bench.close()


class ActionTestFile(pytest.File):
    """A test file of a data action."""

    def collect(self) -> Iterable[ActionTest]:
        """Return its tests.

        Raises:
            CollectError: the file, or the action that it tests, cannot be read.
        """
        from jackfield.domain.errors import OperationRefused
        from jackfield.workbench.suites.reading import read_suite
        from jackfield.workbench.suites.report import finding_lines

        try:
            suite = read_suite(self.path)
        except OperationRefused as refused:
            lines = [line for finding in refused.findings for line in finding_lines(finding)]
            raise self.CollectError("\n".join(lines)) from None
        return [ActionTest.from_parent(self, name=case.name, case=case) for case in suite.cases]


class ActionTestFailed(Exception):
    """A test of a data action is not as expected."""

    def __init__(self, outcome: CaseOutcome) -> None:
        super().__init__(outcome.case.name)
        self.outcome = outcome


class ActionTest(pytest.Item):
    """One test of a data action."""

    def __init__(self, *, case: Case, **settings: Any) -> None:
        super().__init__(**settings)
        self.case = case

    def runtest(self) -> None:
        """Run it on the bench of this process.

        Raises:
            ActionTestFailed: something is not as expected.
        """
        from jackfield.workbench.suites.running import run_case

        outcome = run_case(_bench(self.config), self.case, update=self.config.getoption("--jackfield-update"))
        if not outcome.passed:
            raise ActionTestFailed(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the findings and the steps instead of a Python traceback."""
        if not isinstance(excinfo.value, ActionTestFailed):
            return super().repr_failure(excinfo, style)
        from jackfield.workbench.suites.report import failure_lines

        return "\n".join(failure_lines(excinfo.value.outcome))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return file, line and name."""
        return self.path, (self.case.place().line or 1) - 1, self.name


@pytest.fixture(scope="session")
def jackfield_server() -> Iterator[Access]:
    """A running server that keeps nothing: one for the session, in each worker its own."""
    from jackfield.workbench.ephemeral import EphemeralServer

    with EphemeralServer() as access:
        yield access


@pytest.fixture
def jackfield_upstream() -> Iterator[RecordedService]:
    """A web service on this machine that answers from recordings (`replay`) or what it is told (`answer`)."""
    from jackfield.workbench.recorded_service import RecordedService

    with RecordedService() as service:
        yield service


def _bench(config: pytest.Config) -> Bench:
    from jackfield.workbench.bench import Bench

    bench = config.stash.get(_BENCH, None)
    if bench is None:
        bench = config.stash[_BENCH] = Bench()
    return bench
