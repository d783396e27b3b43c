"""What the documentation says is held against the code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from jackfield.cli.main import root
from jackfield.cli.up import ServerOption
from jackfield.cli.up import command as up
from jackfield.domain.catalogue import CATALOGUE
from jackfield.rules.lint.examples import EXAMPLES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CODE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def _commands() -> list[str]:
    found = []
    for page in PAGES:
        for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
            if language in ("", "sh", "bash", "console"):
                found += [
                    line.strip() for line in block.splitlines() if line.strip().startswith("jackfield ")
                ]
    return sorted(set(found))


@pytest.mark.parametrize("page", ["findings", "faults"])
def test_generated_pages_are_current(page: str) -> None:
    """docs/findings.md is what the catalogue gives, docs/faults.md what the vocabulary of faults does."""
    script = [sys.executable, str(ROOT / "scripts" / f"{page}_page.py"), "--check"]
    run = subprocess.run(script, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_the_table_of_lint_rules_is_current() -> None:
    """The table in docs/lint.md is what the examples give."""
    script = [sys.executable, str(ROOT / "scripts" / "lint_page.py"), "--check"]
    run = subprocess.run(script, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_finding_is_whole(code: str) -> None:
    """Each code has a title, a cause, a sentence, what is accepted and a fix, in plain words."""
    entry = CATALOGUE[code]
    assert re.fullmatch(r"[A-Z][A-Z0-9_]+", code)
    for text in (entry.title, entry.cause, entry.message, entry.accepted, entry.fix):
        assert text.strip()
    assert entry.message.rstrip().endswith((".", "}", "?"))
    assert 400 <= entry.status <= 599


def test_every_finding_stands_in_a_test() -> None:
    """Each code of the catalogue is named by some test file: the test that produces it."""
    # The rules of lint have their examples in the source: test_rules.py asserts the code of each.
    named: set[str] = set(EXAMPLES)
    for path in (ROOT / "tests").rglob("*"):
        if path.suffix in (".py", ".json", ".yaml", ".toml"):
            named |= set(CODE.findall(path.read_text(encoding="utf-8", errors="replace")))
    missing = sorted(set(CATALOGUE) - named)
    assert not missing, f"no test produces {', '.join(missing)}: add one that asserts the code"


@pytest.mark.parametrize("option", [one for one in up.params if isinstance(one, ServerOption)], ids=str)
def test_every_setting_is_documented(option: ServerOption) -> None:
    """Each option of `up` and its variable stand in docs/operating.md."""
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert f"`{option.opts[0]}`" in page
    assert f"`{option.envvar}`" in page


def test_every_variable_of_the_environment_is_documented() -> None:
    """Each JACKFIELD_* and GENESYSCLOUD_* name in the source stands on a page."""
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    names: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        names |= set(
            re.findall(r"\b(?:JACKFIELD|GENESYSCLOUD)_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
        )
    assert names
    assert sorted(name for name in names if name not in pages) == []


@pytest.mark.parametrize("line", _commands())
def test_every_command_on_the_pages_exists(line: str) -> None:
    """Each `jackfield …` line in a code block names a command and options that there are."""
    words = line.partition("#")[0].split()[1:]
    command: click.Command = root
    context = click.Context(root, info_name="jackfield")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(context, words.pop(0))
        assert inner is not None, line
        command = inner
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    known |= {"--help", "-h", "--version"}
    assert [word for word in words if word.startswith("-") and word.partition("=")[0] not in known] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Each relative link names a file that is there."""
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_readme_maps_all_pages() -> None:
    """Each page below docs/ is linked from the README."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in (ROOT / "docs").glob("*.md") if f"docs/{page.name}" not in readme] == []


def _output(*arguments: str) -> set[str]:
    command = [sys.executable, "-m", "jackfield.cli.main", *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    return {UUID.sub("<id>", line.strip()) for line in run.stdout.splitlines()}


def _told(block: str) -> list[str]:
    lines = [UUID.sub("<id>", line.strip()) for line in block.splitlines()]
    return [line for line in lines if line not in ("", "…") and not line.startswith("$ ")]


def test_the_outputs_in_the_readme_are_real() -> None:
    """Each line of the README's outputs is printed by the demo, or by the command above it; ids aside."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = [block for language, block in FENCE.findall(readme) if language == "text"]
    commands = [block.splitlines()[0].removeprefix("$ jackfield ").split() for block in blocks]
    assert len(blocks) == 2
    for block, command in zip(blocks, [["demo"], *commands[1:]], strict=True):
        printed = _output(*command)
        assert len(_told(block)) > 12
        assert [line for line in _told(block) if line not in printed] == []


def test_no_page_names_a_place_of_one_machine() -> None:
    """Nothing that is committed names a folder that exists only on one machine."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    places = [place for place in (ROOT, Path.home()) if len(place.parts) > 1]
    foreign = re.compile("|".join(re.escape(f"{place}/") for place in places))
    faults = []
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if (
            path.suffix in (".py", ".md", ".json", ".toml", ".sh", "")
            and path.is_file()
            and path != Path(__file__)
        ):
            text = path.read_text(encoding="utf-8", errors="replace")
            faults += [name] if foreign.search(text) else []
    assert faults == []
