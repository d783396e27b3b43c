"""How the benchmarks measure: interleaved rounds, medians, ratios inside a round."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence


def interleaved(contestants: Mapping[str, Callable[[], float]], rounds: int = 5) -> dict[str, list[float]]:
    """Run every contestant once per round, in turn.

    Args:
        contestants: name to a function that measures itself once and returns one number.
        rounds: how many rounds.

    Returns:
        Name to the numbers of all rounds, in order, so that ratios can be taken inside a round.
    """
    numbers: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, measure in contestants.items():
            numbers[name].append(measure())
    return numbers


def ratio(numbers: Mapping[str, list[float]], name: str, control: str) -> float:
    """Return the median over the rounds of `name` divided by `control`."""
    return statistics.median(
        mine / other for mine, other in zip(numbers[name], numbers[control], strict=True)
    )


def table(rows: Sequence[tuple[str, ...]], header: tuple[str, ...]) -> str:
    """Return rows as aligned text."""
    lines = [header, *rows]
    widths = [max(len(line[index]) for line in lines) for index in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )
