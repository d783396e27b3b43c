"""Test files beside the actions: cases, expectations, snapshots, reports."""

from jackfield.workbench.suites.discovery import suite_files_of
from jackfield.workbench.suites.reading import Case, Suite, read_suite
from jackfield.workbench.suites.running import CaseOutcome, run_case

__all__ = ["Case", "CaseOutcome", "Suite", "read_suite", "run_case", "suite_files_of"]
