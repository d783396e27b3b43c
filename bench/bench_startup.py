"""How long the command line and the server take to start, against bare controls in the same run."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import interleaved, ratio, table

IMPORTS = (
    "import uvicorn, httptools, starlette.applications, starlette.routing, orjson, sqlalchemy,"
    " cryptography.hazmat.primitives.ciphers.aead, argon2, jsonschema_rs, structlog,"
    " prometheus_client, regex"
)


def _wall(arguments: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def _ready(data_dir: Path) -> float:
    started = time.perf_counter()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jackfield.cli.main",
            "up",
            "--port",
            "0",
            "--data-dir",
            str(data_dir),
            "--json",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        json.loads(process.stdout.readline())
        return time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(10)


def main() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        _ready(data_dir)
        numbers = interleaved(
            {
                "python -c pass": lambda: _wall([sys.executable, "-c", "pass"]),
                "jackfield --help": lambda: _wall([sys.executable, "-m", "jackfield.cli.main", "--help"]),
                "bare imports": lambda: _wall([sys.executable, "-c", IMPORTS]),
                "jackfield up, ready": lambda: _ready(data_dir),
            },
            rounds=7,
        )
    help_ratio = ratio(numbers, "jackfield --help", "python -c pass")
    ready_ratio = ratio(numbers, "jackfield up, ready", "bare imports")
    rows = [(name, f"{statistics.median(values) * 1000:.0f} ms") for name, values in numbers.items()]
    print(table(rows, ("what", "median")))
    print(f"--help / python -c pass: {help_ratio:.1f} (bound 10)")
    print(f"ready / bare imports: {ready_ratio:.2f} (bound 2)")
    print(f"cpus: {os.cpu_count()}")
