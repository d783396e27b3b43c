"""Builds Jackfield: as plain Python, or with `JACKFIELD_COMPILE=1` with its hot modules compiled by mypyc.

A compiled build needs mypy and its compiler in the building environment (`--no-build-isolation`; they are in
requirements/dev.txt), a C compiler and Python's headers. Its value is the C compiler's level, 1 to 3.
"""

from __future__ import annotations

import os
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).parent


class ParallelBuild(build_ext):
    """Compiles the C files of one extension side by side: there is one that holds all modules."""

    def build_extensions(self) -> None:
        """Build with as many compilers as there are processors."""
        compiler: Any = self.compiler
        one_by_one = compiler.compile

        def compile_all(sources: list[str], **settings: Any) -> list[str]:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                made = pool.map(lambda source: one_by_one([source], **settings), sources)
                return [name for names in made for name in names]

        compiler.compile = compile_all
        super().build_extensions()


def extensions() -> list[Extension]:
    """Return what is to be compiled."""
    level = os.environ.get("JACKFIELD_COMPILE", "0")
    if level == "0":
        return []
    from mypyc.build import mypycify

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = settings["tool"]["jackfield"]["compiled"]
    paths = [f"src/jackfield/{name}.py" for name in names]
    made: list[Extension] = mypycify(paths, opt_level=level, debug_level="0", multi_file=True)
    return made


setup(ext_modules=extensions(), cmdclass={"build_ext": ParallelBuild})
