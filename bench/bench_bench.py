"""Offline tests of data actions: 1,000 in one process against bare rendering and translating, and as a job.

The control does what cannot be done without: it renders URL, headers, body and success template and reads the
translation paths, with everything compiled beforehand. While watching, it is the kernel's own notification,
and then reading, compiling and rendering.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from bench.measure import interleaved, ratio, table
from jackfield.engine.context import request_context, success_context
from jackfield.engine.json_text import json_text
from jackfield.engine.templates import compile_action
from jackfield.workbench.bench import Bench, Trial, make_action, make_run
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms import load
from jackfield.workbench.replies import GivenReplies, SynthesizedReplies, json_reply
from jackfield.workbench.suites import read_suite, run_case

TESTS = 1_000
ROUNDS = 5
SAVES = 9
ROOT = Path(__file__).parents[1]
_CLOSED_AFTER_WRITING = 8
INPUTS = {"phone": "+49 30 1", "note": 'said "yes"'}
REPLY = {
    "total": 2,
    "entities": [
        {"id": "c-1", "tier": "gold", "tags": ["a", "b"], "address": {"city": "Berlin"}},
        {"id": "c-2", "tier": "none", "tags": [], "address": {"city": "Köln"}},
    ],
}
ACTION: dict[str, Any] = {
    "name": "Lookup",
    "integrationType": "custom-rest-actions",
    "actionType": "custom",
    "config": {
        "request": {
            "requestUrlTemplate": "https://crm.example.com/c?phone=$esc.uriEncode(${input.phone})",
            "requestType": "POST",
            "headers": {"Content-Type": "application/json", "X-Phone": "${input.phone}"},
            "requestTemplate": '{"phone": "$esc.jsonEncode(${input.phone})"'
            '#if("$!{input.note}" != ""), "note": "$esc.jsonEncode(${input.note})"#end}',
        },
        "response": {
            "translationMap": {
                "total": "$.total",
                "id": "$.entities[0].id",
                "tier": "$.entities[0].tier",
                "cities": "$.entities[*].address.city",
                "gold": "$.entities[?(@.tier == 'gold')].id",
            },
            "translationMapDefaults": {"tier": '"none"'},
            "successTemplate": '{"total": ${total}, "id": ${id}, "tier": ${tier}, "cities": ${cities}, '
            '"gold": '
            '${successTemplateUtils.firstFromArray("${gold}", "$esc.quote$esc.quote")}}',
        },
    },
    "contract": {
        "input": {
            "inputSchema": {
                "type": "object",
                "properties": {"phone": {"type": "string"}, "note": {"type": "string"}},
            }
        },
        "output": {
            "successSchema": {
                "type": "object",
                "properties": {
                    "total": {"type": "integer"},
                    "id": {"type": "string"},
                    "tier": {"type": "string"},
                    "cities": {"type": "array", "items": {"type": "string"}},
                    "gold": {"type": "string"},
                },
            }
        },
    },
}
CASES = """
tests:
  - name: number {{number}}
    input: {phone: "+49 30 1", note: 'said "yes"'}
    reply: {body: %s}
    expect: {result: {$contains: {id: c-1}}}
    each: [%s]
"""
EMPTY = """import pytest
@pytest.mark.parametrize("number", range({}))
def test_nothing(number):
    pass
"""


def bare(document: ActionDocument) -> Callable[[], object]:
    """Render and translate with nothing around it."""
    action = make_action(document)
    compiled = compile_action(action)
    run = make_run(action, INPUTS, json_text(INPUTS), None)
    reply = json.dumps(REPLY)

    def once() -> object:
        context = request_context(run, compiled)
        compiled.url.render(context)
        for _, part in compiled.headers:
            part.render(context)
        assert compiled.body is not None
        compiled.body.render(context)
        body = json.loads(reply)
        variables = {
            entry.name: json_text(entry.path.read(body))
            for entry in compiled.translation
            if entry.path is not None
        }
        return json.loads(compiled.success.render(success_context(compiled, variables, reply, INPUTS)))

    return once


def timed(once: Callable[[], object]) -> Callable[[], float]:
    """Return a function that measures one test, in microseconds, over TESTS of them."""

    def measure() -> float:
        begun = time.perf_counter()
        for _ in range(TESTS):
            once()
        return (time.perf_counter() - begun) / TESTS * 1e6

    return measure


def in_one_process(folder: Path) -> None:
    """Print the cost of one test in each form."""
    document = load(folder / "lookup.custom.json")[0]
    given = GivenReplies(json_reply(REPLY))
    suite = read_suite(folder / "tests" / "lookup.yaml")
    case = suite.cases[0]
    with Bench() as bench:
        contestants = {
            "bare render and translate": timed(bare(document)),
            "bench, reply given": timed(lambda: bench.run(Trial(document, given, INPUTS))),
            "bench, everything made up": timed(lambda: bench.run(Trial(document, SynthesizedReplies()))),
            "case of a test file": timed(lambda: run_case(bench, case)),
        }
        numbers = interleaved(contestants, ROUNDS)
    rows = [
        (name, f"{min(values):.0f}", f"{ratio(numbers, name, 'bare render and translate'):.1f}x")
        for name, values in numbers.items()
    ]
    print(table(rows, ("one test", "µs, best round", "against bare")))


def as_ci_job(folder: Path) -> None:
    """Print what a job of 1,000 tests takes: the command and pytest in turn, start-up included."""
    command = [sys.executable, "-m", "jackfield.cli.main", "action", "test", str(folder)]
    quiet = ["-q", "-n0", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    jobs = {
        "bare render and translate": [sys.executable, "-m", "bench.bench_bench", str(folder), str(TESTS)],
        "`jackfield action test`": command,
        "`jackfield action test`, 2 tests": [*command[:-1], str(folder.parent / "few")],
        "pytest": [sys.executable, "-m", "pytest", *quiet, str(folder / "tests")],
        "pytest, empty Python tests": [sys.executable, "-m", "pytest", *quiet, str(folder / "empty")],
    }
    numbers = interleaved({name: _job(command) for name, command in jobs.items()}, 3)
    rows = [
        (
            name,
            f"{min(values):.2f}",
            f"{ratio(numbers, name, 'bare render and translate'):.1f}x",
        )
        for name, values in numbers.items()
    ]
    print(f"\n{table(rows, (f'a job of {TESTS} tests', 's, best round', 'against bare'))}")


def _job(command: list[str]) -> Callable[[], float]:
    def measure() -> float:
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
        return time.perf_counter() - begun

    return measure


def bare_job(folder: Path, count: int) -> None:
    """Render and translate so often: the control of a job, start-up included."""
    once = bare(load(folder / "lookup.custom.json")[0])
    for _ in range(count):
        once()


def while_watching(folder: Path) -> None:
    """Print how long it takes from saving a file to its trace, against bare notification and rendering."""
    path = folder / "alone" / "lookup.custom.json"
    path.parent.mkdir()
    path.write_text(json.dumps(ACTION), encoding="utf-8")
    command = [sys.executable, "-u", "-m", "jackfield.cli.main", "action", "test", str(path), "--watch"]
    control = [sys.executable, "-u", "-m", "bench.bench_bench", str(path)]
    watchers = {"bare notification and render": control, "`action test --watch`": command}
    with ExitStack() as open_:
        contestants = {
            name: _saving(path, open_.enter_context(_watcher(one))) for name, one in watchers.items()
        }
        numbers = interleaved(contestants, SAVES)
    rows = [
        (
            name,
            f"{statistics.median(values):.0f}",
            f"{max(values):.0f}",
            f"{ratio(numbers, name, 'bare notification and render'):.1f}x",
        )
        for name, values in numbers.items()
    ]
    print(f"\n{table(rows, ('from saving to the trace', 'ms, median', 'ms, worst', 'against bare'))}")


@contextmanager
def _watcher(command: list[str]) -> Iterator[IO[str]]:
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        guard = threading.Timer(120, process.kill)
        guard.start()
        try:
            _until_passed(process.stdout)
            yield process.stdout
        finally:
            guard.cancel()
            process.kill()


def _saving(path: Path, lines: IO[str]) -> Callable[[], float]:
    saved = 0

    def measure() -> float:
        nonlocal saved
        saved += 1
        text = json.dumps({**ACTION, "name": f"Lookup {time.time_ns()}"})
        # Not in step with the polling; what the other contestant saved has been seen by then.
        time.sleep(0.3 + 0.0037 * saved)
        _drain(lines)
        begun = time.perf_counter()
        path.write_text(text, encoding="utf-8")
        _until_passed(lines)
        return (time.perf_counter() - begun) * 1_000

    return measure


def _until_passed(lines: IO[str]) -> None:
    for line in lines:
        if line.startswith(("passed", "failed")):
            return


def _drain(lines: IO[str]) -> None:
    """Skip the traces of saves that were not this contestant's own."""
    while select.select([lines], [], [], 0)[0]:
        _until_passed(lines)


def bare_watch(path: Path) -> None:
    """Render and translate an action whenever its file is saved, told by the kernel: the control."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init()
    assert libc.inotify_add_watch(watch, str(path).encode(), _CLOSED_AFTER_WRITING) >= 0, "no inotify here"
    while True:
        print(bare(load(path)[0])())
        print("passed", flush=True)
        os.read(watch, 4_096)


def _write(folder: Path, tests: int) -> None:
    (folder / "tests").mkdir(parents=True)
    (folder / "lookup.custom.json").write_text(json.dumps(ACTION), encoding="utf-8")
    sets = ", ".join(f"{{number: {number}}}" for number in range(tests))
    (folder / "tests" / "lookup.yaml").write_text(CASES % (json.dumps(REPLY), sets), encoding="utf-8")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "many"
        _write(folder, TESTS)
        _write(folder.parent / "few", 2)
        (folder / "empty").mkdir()
        (folder / "empty" / "test_empty.py").write_text(EMPTY.format(TESTS), encoding="utf-8")
        in_one_process(folder)
        as_ci_job(folder)
        while_watching(folder.parent)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        bare_job(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        bare_watch(Path(sys.argv[1]))
