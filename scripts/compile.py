"""Makes the compiled build: a copy of the package in build/compiled, its hot modules as extension modules.

Run with `PYTHONPATH=build/compiled`. Made again only if something that it is made of has changed.
With `wheel` it makes a wheel in dist: one of plain Python where nothing can be compiled, which it says.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "build" / "compiled"
STAMP = TARGET / ".made-of"
LEVEL = "2"


def main(arguments: list[str]) -> int:
    """Make it; return 3 if something is missing for that."""
    missing = _missing()
    if arguments == ["wheel"]:
        return _wheel(missing)
    if missing:
        print(f"The compiled build needs {missing}.", file=sys.stderr)
        return 3
    made_of = _made_of()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == made_of:
        print(f"{TARGET.relative_to(ROOT)} is current", file=sys.stderr)
        return 0
    print("Compiling the modules on the way of an execution (about two minutes)…", file=sys.stderr)
    shutil.rmtree(TARGET, ignore_errors=True)
    build = ["build", "--build-lib", str(TARGET), "--build-temp", str(ROOT / "build" / "temp")]
    done = subprocess.run(
        [sys.executable, "setup.py", "--quiet", *build],
        cwd=ROOT,
        env={**os.environ, "JACKFIELD_COMPILE": LEVEL},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout[-4_000:], file=sys.stderr)
        return 1
    STAMP.write_text(made_of, encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)} is ready: PYTHONPATH={TARGET.relative_to(ROOT)}", file=sys.stderr)
    return 0


def _wheel(missing: str) -> int:
    """Make a wheel; return pip's exit code."""
    if missing:
        print(f"The wheel will be plain Python: a compiled one needs {missing}.", file=sys.stderr)
    else:
        print("Making a compiled wheel (one to two minutes)…", file=sys.stderr)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", "dist", "."],
        cwd=ROOT,
        env={**os.environ, "JACKFIELD_COMPILE": "0" if missing else LEVEL},
        check=False,
    )
    return done.returncode


def _missing() -> str:
    """Return what has to be installed first, "" if nothing."""
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        return f"a C compiler (`{compiler}`). On Debian or Ubuntu: apt-get install gcc libc6-dev"
    headers = Path(sysconfig.get_paths()["include"]) / "Python.h"
    if not headers.exists():
        return f"Python's headers ({headers}). On Debian or Ubuntu: apt-get install python3-dev"
    return ""


def _made_of() -> str:
    """Return a digest of everything that the build depends on."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    digest.update(f"{sys.version} {version('mypy')} {version('setuptools')} -O{LEVEL}".encode())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield ROOT / "pyproject.toml"
    yield ROOT / "setup.py"
    for path in sorted((ROOT / "src").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and not path.parent.name.endswith(".egg-info"):
            yield path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
