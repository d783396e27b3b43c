"""Run the benchmarks named on the command line, or all of them."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from bench.action_under_load import build, described
from bench.options import read


def available() -> list[str]:
    """Return the names of the benchmarks: the modules `bench_<name>.py` beside this file."""
    return sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def main(arguments: list[str]) -> int:
    """Run them one after the other; return 3 for an unknown name, or if the build to measure is not there."""
    names, arguments = available(), read(arguments)
    unknown = [name for name in arguments if name not in names]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(names)}", file=sys.stderr)
        return 3
    try:
        environment = build()
    except FileNotFoundError as missing:
        print(missing, file=sys.stderr)
        return 3
    # For the processes that the benchmarks start, and for the parts that they measure in this one.
    os.environ.update(environment)
    sys.path.insert(0, environment["PYTHONPATH"])
    print(described(), flush=True)
    for name in arguments or names:
        print(f"\n== {name} ==", flush=True)
        importlib.import_module(f"bench.bench_{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
