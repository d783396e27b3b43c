"""Velocity: rendering and compiling against airspeed 0.7.1 and, in a warm JVM, Apache Velocity 2.4.1.

    python bench/bench_velocity.py [--json]

All engines take turns in one run, round by round, so that a busy machine slows them alike; what is shown are
medians of the rounds' ratios. airspeed runs in an environment of its own (its package name is also used by a
fork), which is made in a temporary folder; Apache Velocity runs in the oracle's runner under
``tests/oracle/java/velocity``, which Maven builds. A missing one is said and left out.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from jackfield.velocity import compile_template
from jackfield.velocity.tools import standard_tools

ROUNDS = 15
AIRSPEED = "airspeed==0.7.1"
ORACLE = Path(__file__).resolve().parents[1] / "tests" / "oracle" / "java" / "velocity"

URL = "/api/v2/users/${input.id}/presences/${input.name}?expand=${input.q}"
BODY = """{
  "firstName": "$esc.jsonString(${input.name})",
  "lastName": "$esc.jsonString(${input.last})",
  "email": "${input.email}",
  "tel": "${input.phone}",
  "x": 1#if("$!{input.note}" != ""), "note": "$esc.jsonString(${input.note})"#end, "n": ${input.n},
  "price": ${input.price},
  "id": "${input.id}",
  "count": "$!{input.count}"
}"""
LOOP = "#foreach($i in $items)${i.name} (${i.id})#if($i.last == 1)#else, #end#end"
CONTEXT: dict[str, Any] = {
    "input": {
        "id": "a1b2c3",
        "name": "Ann Lee",
        "q": "x",
        "last": 'L"ee',
        "email": "ann@example.com",
        "phone": "+1 317 555 0100",
        "note": 'said "hi"',
        "n": 5,
        "price": 1.5,
        "count": "7",
    },
    "items": [{"name": f"item {number}", "id": number, "last": int(number == 99)} for number in range(100)],
}
TEMPLATES = {"URL": (URL, 4000), "body": (BODY, 1000), "loop of 100": (LOOP, 60)}
BIG = BODY * 6

AIRSPEED_WORKER = """
import json, sys, time
import airspeed

class Escape:
    def jsonString(self, text):
        return json.dumps(text, ensure_ascii=False)[1:-1]

texts, context, big = json.loads(sys.stdin.readline())
context["esc"] = Escape()
templates = [airspeed.Template(text) for text in texts]
print(json.dumps([template.merge(context) for template in templates]), flush=True)
serial = 0
for line in sys.stdin:
    number, count = json.loads(line)
    if number < 0:
        first = number == -2
        made = []
        for _ in range(count):
            serial += 1
            template = airspeed.Template(big + str(serial))
            started = time.perf_counter_ns()
            template.merge(context) if first else template.ensure_compiled()
            made.append(time.perf_counter_ns() - started)
        print(sum(made), flush=True)
        continue
    template = templates[number]
    started = time.perf_counter_ns()
    for _ in range(count):
        template.merge(context)
    print(time.perf_counter_ns() - started, flush=True)
"""


@dataclass(frozen=True)
class Engine:
    """One engine under test. time(template, count): nanoseconds of so many renders.

    The template -1 compiles BIG (our code is made at the first render), -2 compiles it and renders it once.
    """

    name: str
    outputs: list[str]
    time: Callable[[int, int], int]


def jackfield() -> Engine:
    """This package, in this process."""
    context = {**CONTEXT, **standard_tools()}
    templates = [compile_template(text) for text, _ in TEMPLATES.values()]
    serial = iter(range(10**9))

    def run(number: int, count: int) -> int:
        if number < 0:
            texts = [BIG + str(next(serial)) for _ in range(count)]
            started = time.perf_counter_ns()
            for text in texts:
                template = compile_template(text)
                if number == -2:
                    template.render(context)
            return time.perf_counter_ns() - started
        render = templates[number].render
        started = time.perf_counter_ns()
        for _ in range(count):
            render(context)
        return time.perf_counter_ns() - started

    return Engine("jackfield", [template.render(context) for template in templates], run)


def _ask(process: subprocess.Popen[str], question: object) -> Any:
    writer, reader = process.stdin, process.stdout
    if writer is None or reader is None:
        raise RuntimeError("the engine has no pipes")
    writer.write(json.dumps(question) + "\n")
    writer.flush()
    return json.loads(reader.readline())


def _start(command: list[str], errors: IO[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8"
    )


def airspeed(folder: Path, errors: IO[str]) -> Engine:
    """airspeed, in an environment made for it."""
    venv.create(folder / "airspeed", with_pip=True)
    python = str(folder / "airspeed" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", AIRSPEED], check=True, stdout=errors, stderr=errors)
    process = _start([python, "-c", AIRSPEED_WORKER], errors)
    outputs = _ask(process, [[text for text, _ in TEMPLATES.values()], CONTEXT, BIG])
    return Engine("airspeed", outputs, lambda number, count: int(_ask(process, [number, count])))


def apache(errors: IO[str]) -> Engine:
    """Apache Velocity in a warm JVM. It is not asked to compile."""
    if shutil.which("mvn") is None or shutil.which("java") is None:
        raise FileNotFoundError("no JDK or Maven")
    subprocess.run(["mvn", "-q", "-B", "package"], cwd=ORACLE, check=True, stdout=errors, stderr=errors)
    path = f"{ORACLE / 'target' / 'velocity-oracle.jar'}:{ORACLE / 'target' / 'lib'}/*"
    process = _start(["java", "-cp", path, "org.jackfield.oracle.VelocityOracle", "bench"], errors)
    cases = [{"t": text, "c": CONTEXT} for text, _ in TEMPLATES.values()]
    outputs = _ask(process, cases)["outputs"]
    return Engine("Apache", outputs, lambda number, count: int(_ask(process, {"i": number, "n": count})))


def measure(ours: Engine, theirs: list[Engine]) -> list[dict[str, Any]]:
    """One row for each template and one for compiling: microseconds, and how often we are faster."""
    rows = []
    jobs = [(name, index, count) for index, (name, (_, count)) in enumerate(TEMPLATES.items())]
    size = f"{len(BIG) / 1000:.1f} kB"
    jobs += [(f"compile {size}", -1, 5), ("+ first render", -2, 5)]
    for name, number, count in jobs:
        peers = [engine for engine in theirs if number >= 0 or engine.name == "airspeed"]
        own: list[float] = []
        ratios: dict[str, list[float]] = {engine.name: [] for engine in peers}
        for engine in (ours, *peers):
            engine.time(number, max(count // 4, 1))
        for _ in range(ROUNDS):
            mine = ours.time(number, count) / count
            own.append(mine / 1000)
            for engine in peers:
                share = max(count // (10 if engine.name == "airspeed" and number >= 0 else 1), 1)
                ratios[engine.name].append(engine.time(number, share) / share / mine)
        medians = {engine: round(statistics.median(found), 2) for engine, found in ratios.items()}
        rows.append(
            {"what": name, "microseconds": round(statistics.median(own), 2), "times_faster_than": medians}
        )
    return rows


def main(words: Sequence[str] = ()) -> int:
    """Measure and print. words: the command line's arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    arguments = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "errors").open("w") as errors:
        ours = jackfield()
        theirs: list[Engine] = []
        missing: list[str] = []
        makers: list[tuple[str, Callable[[], Engine]]] = [
            ("airspeed", lambda: airspeed(Path(folder), errors)),
            ("Apache", lambda: apache(errors)),
        ]
        for name, make in makers:
            try:
                theirs.append(make())
            except (OSError, subprocess.CalledProcessError) as error:
                missing.append(f"{name}: {error}")
        same = {engine.name: engine.outputs == ours.outputs for engine in theirs}
        rows = measure(ours, theirs)
    report(rows, same, missing, arguments.json)
    return 0


def report(rows: list[dict[str, Any]], same: dict[str, bool], missing: list[str], as_json: bool) -> None:
    """Print the rows: times faster than each engine (below 1: slower)."""
    if as_json:
        print(json.dumps({"schema_version": 1, "rows": rows, "same_output": same, "missing": missing}))
        return
    print(f"Velocity: {ROUNDS} rounds, medians; x = times faster than (below 1: slower)")
    for row in rows:
        shown = "  ".join(f"{name} {ratio:6.2f}x" for name, ratio in row["times_faster_than"].items())
        print(f"  {row['what']:<16} {row['microseconds']:>9.2f} us   {shown}")
    print("  same output: " + ", ".join(f"{name} {'yes' if equal else 'NO'}" for name, equal in same.items()))
    for line in missing:
        print(f"  left out: {line}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
