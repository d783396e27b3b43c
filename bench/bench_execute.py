"""Executing a data action, against everything that would do the same work, in front of the same web service.

All run on the loopback interface and are stopped by their process ids. Jackfield's path does everything:
token and permission check, contract, three templates, guard, Basic authentication from the vault,
translation, output check, execution log. nginx passes the request on and checks nothing; the echo answers
by itself.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from bench.action_under_load import BODY
from bench.contestants import ECHO, HOP, JACKFIELD, NAIVE, NGINX, NODE_RED, NODE_RED_KEPT, contestants
from bench.measure import table
from bench.options import OPTIONS
from bench.processes import Load, Target, load, settle

WARM_SECONDS = 3
Runs = dict[str, list[Load]]


def main() -> None:
    """Print rates, times and ratios for 32 connections and for one."""
    with tempfile.TemporaryDirectory() as name, contestants(Path(name)) as targets:
        folder = Path(name)
        for target in targets.values():
            load(target, BODY, 32, WARM_SECONDS, folder)
        many, one = _rounds(targets, 32, folder), _rounds(targets, 1, folder)
    _report(many, 32)
    _report(one, 1)
    _judge(many, one)


def _rounds(targets: dict[str, Target], connections: int, folder: Path) -> Runs:
    runs: Runs = {name: [] for name in targets}
    for _ in range(OPTIONS.rounds):
        for name, target in targets.items():
            runs[name].append(load(target, BODY, connections, OPTIONS.seconds, folder))
            settle(target)
    return runs


def _median(runs: Runs, name: str, field: str) -> float:
    return float(statistics.median(getattr(one, field) for one in runs[name]))


def _against(runs: Runs, control: str, field: str) -> float:
    """Return the median over the rounds of Jackfield's number divided by the control's."""
    pairs = zip(runs[JACKFIELD], runs[control], strict=True)
    return float(statistics.median(getattr(a, field) / max(getattr(b, field), 1e-9) for a, b in pairs))


def _report(runs: Runs, connections: int) -> None:
    print(
        f"\n{connections} connection(s), {OPTIONS.rounds} interleaved rounds of {OPTIONS.seconds} s, medians"
    )
    fields = ("rate", "p50", "p99", "cpu")
    rows = [(name, *(f"{_median(runs, name, field):.0f}" for field in fields)) for name in runs]
    print(table(rows, ("contestant", "req/s", "p50 us", "p99 us", "CPU us/req")))


def _judge(many: Runs, one: Runs) -> None:
    """Print each ratio beside its bound. Nothing fails: a machine with other work is no judge."""
    rows: list[tuple[str, str, str]] = []
    reds = [name for name in (NODE_RED, NODE_RED_KEPT) if name in many]
    if reds:
        better = max(reds, key=lambda name: _median(many, name, "rate"))
        rows.append(
            (
                f"rate at c32 against {better} (its better mode)",
                f"{_against(many, better, 'rate'):.1f}x",
                "≥ 6x",
            )
        )
        of_red = f"{1 / _against(many, better, 'cpu'):.1f}x"
        rows.append((f"  CPU per execute: {better} takes", of_red, "-"))
    if HOP in many:
        of_hop = f"{1 / _against(many, HOP, 'cpu'):.2f}x"
        rows.append((f"rate at c32 against the {HOP}", f"{_against(many, HOP, 'rate'):.2f}x", "≥ 1.2x"))
        rows.append((f"  CPU per execute: the {HOP} takes", of_hop, "-"))
    rows += [
        (f"rate at c32 against {NGINX}", f"{_against(many, NGINX, 'rate'):.2f}x", "≥ 0.25x"),
        (f"p50 at c1 against {NGINX}", f"{_against(one, NGINX, 'p50'):.2f}x", "≤ 3x"),
        ("p99 / p50 at c32", f"{_spread(many, JACKFIELD):.2f}", "≤ 3"),
        (f"  the same of {NGINX}", f"{_spread(many, NGINX):.2f}", "-"),
        (f"  the same of the {ECHO}", f"{_spread(many, ECHO):.2f}", "-"),
        (
            f"server CPU per execute at c32 against the {ECHO}",
            f"{_against(many, ECHO, 'cpu'):.2f}x",
            "≤ 2.9x",
        ),
    ]
    if NAIVE in many:
        rows.append((f"rate at c32 against the {NAIVE}", f"{_against(many, NAIVE, 'rate'):.1f}x", "-"))
    print()
    print(table(rows, ("what", "reached", "must reach")))


def _spread(runs: Runs, name: str) -> float:
    return float(statistics.median(one.p99 / one.p50 for one in runs[name]))
