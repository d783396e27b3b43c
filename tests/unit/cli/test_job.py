"""The job of a build server that docs/action-bench.md shows, run as it stands there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]


def steps() -> list[str]:
    """The commands of the job on the page."""
    page = (ROOT / "docs" / "action-bench.md").read_text(encoding="utf-8")
    block = next(text for text in page.split("```yaml\n")[1:] if text.startswith("- uses:"))
    return [step["run"] for step in yaml.safe_load(block.partition("```")[0]) if "run" in step]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with actions and tests of theirs."""
    shutil.copytree(ROOT / "examples" / "actions", tmp_path / "actions")
    (tmp_path / ".git").mkdir()
    return tmp_path


def job(repository: Path) -> int:
    """Run the job's own steps; the program is installed already."""
    install, *others = steps()
    assert install == "pipx install jackfield"
    assert len(others) == 1
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-ec", others[0]],
        cwd=repository,
        env={**os.environ, "PATH": path},
        check=False,
        capture_output=True,
        timeout=60,
    ).returncode


def test_the_job_passes_and_leaves_its_reports(repository: Path) -> None:
    """Three lines, the checkout included, are a job."""
    assert job(repository) == 0
    assert (repository / "report.xml").is_file()
    assert (repository / "actions.sarif").is_file()


def test_a_broken_action_fails_the_job(repository: Path) -> None:
    """With the exit code for tests, and the finding in the report."""
    template = repository / "actions" / "get-order" / "success.vm"
    template.write_text(template.read_text().replace("${", "${x", 1))
    assert job(repository) == 7
