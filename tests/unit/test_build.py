"""The two builds: plain Python, and the one whose hot modules are compiled."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from jackfield.build import is_compiled

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "jackfield"
COMPILED = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["jackfield"]["compiled"]


@pytest.mark.parametrize("name", COMPILED)
def test_the_build_that_is_meant(name: str) -> None:
    """Each module of the list is there, and comes from the build that this run of the tests is about."""
    module = importlib.import_module(f"jackfield.{name.replace('/', '.')}")
    assert module.__file__ is not None
    wanted = os.environ.get("JACKFIELD_TEST_BUILD") == "compiled"
    assert (Path(module.__file__).suffix != ".py") is wanted


def test_the_build_says_which_it_is() -> None:
    """`jackfield --version` tells the builds apart by this."""
    assert is_compiled() is (os.environ.get("JACKFIELD_TEST_BUILD") == "compiled")


def test_compiled_classes_have_no_interpreted_children() -> None:
    """No class outside of the list inherits from one of the list: Python refuses that when it is run."""
    trees = {
        path.relative_to(SOURCE).with_suffix("").as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in SOURCE.rglob("*.py")
    }
    compiled = {name for module in COMPILED for name, _ in _classes(trees[module])}
    others = {module: _classes(tree) for module, tree in trees.items() if module not in COMPILED}
    assert [
        (module, name) for module, classes in others.items() for name, bases in classes if bases & compiled
    ] == []


def _classes(tree: ast.Module) -> list[tuple[str, set[str]]]:
    """Return the classes of a module with the names of what they inherit from."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return [(node.name, {base.id for base in node.bases if isinstance(base, ast.Name)}) for node in found]


def test_the_list_is_in_order() -> None:
    """The list of compiled modules is sorted and names none twice."""
    assert sorted(set(COMPILED)) == COMPILED


def test_a_missing_compiler_is_named(tmp_path: Path) -> None:
    """Without a C compiler nothing is made; one sentence says what is missing and how to get it."""
    script = [sys.executable, str(ROOT / "scripts" / "compile.py")]
    environment = {**os.environ, "PATH": str(tmp_path)}
    done = subprocess.run(script, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "needs a C compiler" in done.stderr
    assert "apt-get install gcc" in done.stderr
    assert len(done.stderr.splitlines()) == 1
