"""The two builds: plain Python, and the one whose hot modules are compiled."""

from __future__ import annotations

import importlib
import os
import tomllib
from pathlib import Path

import pytest

from jackfield.build import is_compiled

ROOT = Path(__file__).parents[2]
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


def test_the_list_is_in_order() -> None:
    """The list of compiled modules is sorted and names none twice."""
    assert sorted(set(COMPILED)) == COMPILED
