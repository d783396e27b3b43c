"""Print module and function sizes and fail where they cross the house figures."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

MODULE_CAP = 600
FUNCTION_P95 = 45


def function_lengths(path: Path) -> list[tuple[int, str]]:
    """Return the length in lines and the place of every function of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.lineno} {node.name}")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def figures(root: Path) -> list[str]:
    """Print the figures of one tree and return what crosses them."""
    modules = sorted(
        (len(path.read_text(encoding="utf-8").splitlines()), str(path)) for path in root.rglob("*.py")
    )
    lengths = sorted(item for path in root.rglob("*.py") for item in function_lengths(path))
    if not modules or not lengths:
        return [f"{root}: nothing to measure"]
    p95 = lengths[int(len(lengths) * 0.95)][0]
    print(
        f"{root}: {len(modules)} modules, {sum(size for size, _ in modules)} lines,"
        f" median {modules[len(modules) // 2][0]}, largest {modules[-1][0]};"
        f" {len(lengths)} functions, median {lengths[len(lengths) // 2][0]}, 95 % at most {p95},"
        f" longest {lengths[-1][0]}"
    )
    faults = [
        f"{place} has {size} lines (at most {MODULE_CAP})" for size, place in modules if size > MODULE_CAP
    ]
    if p95 > FUNCTION_P95:
        faults.append(f"{root}: 95 % of functions must be under {FUNCTION_P95} lines; the limit is at {p95}")
    return faults


def main() -> int:
    """Measure source and tests; return 1 if a figure is crossed."""
    faults = [fault for root in ("src", "tests") for fault in figures(Path(root))]
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
