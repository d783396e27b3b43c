"""What the command line says about how long to measure."""

from __future__ import annotations

import argparse
from dataclasses import dataclass


@dataclass
class Options:
    """How long to measure; benchmarks that load servers look at it.

    Args:
        rounds: interleaved rounds.
        seconds: of load per contestant and round.
        minutes: of the organization's cap.
        stored: actions in the larger of two databases.
        pure: measure plain Python instead of the compiled build.
    """

    rounds: int = 5
    seconds: int = 2
    minutes: float = 0.5
    stored: int = 100_000
    pure: bool = False


OPTIONS = Options()


def read(arguments: list[str]) -> list[str]:
    """Take the options out of the command line; return the names of benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("names", nargs="*")
    for name, default in vars(Options()).items():
        if isinstance(default, bool):
            parser.add_argument(f"--{name}", action="store_true")
        else:
            parser.add_argument(f"--{name}", type=type(default), default=default)
    read_ones = vars(parser.parse_args(arguments))
    names: list[str] = read_ones.pop("names")
    vars(OPTIONS).update(read_ones)
    return names
