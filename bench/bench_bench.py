"""Offline tests of data actions: 1,000 in one process against bare rendering and translating, and as a job.

The control does what cannot be done without: it renders URL, headers, body and success template and reads the
translation paths, with everything compiled beforehand.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
    """Print what a job of 1,000 tests takes, start-up included."""
    command = [sys.executable, "-m", "jackfield.cli.main", "action", "test", str(folder)]
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    told = done.stdout.splitlines()[-1] if done.stdout else done.stderr
    print(f"\nas a job: `jackfield action test` of {TESTS} tests in {seconds:.2f} s ({told})")


def while_watching(folder: Path) -> None:
    """Print how long it takes from saving a file to its trace."""
    path = folder / "lookup.custom.json"
    command = [sys.executable, "-u", "-m", "jackfield.cli.main", "action", "test", str(path), "--watch"]
    with subprocess.Popen(
        [*command, "--input", json.dumps(INPUTS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        watch = threading.Timer(60, process.kill)
        watch.start()
        _until_passed(process.stdout)
        taken = []
        for number in range(5):
            # Not in step with the polling.
            time.sleep(0.3 + 0.011 * number)
            text = json.dumps({**ACTION, "name": f"Lookup {number}"})
            begun = time.perf_counter()
            path.write_text(text, encoding="utf-8")
            _until_passed(process.stdout)
            taken.append(time.perf_counter() - begun)
        watch.cancel()
        process.kill()
    print(f"while watching: from saving to the trace {sorted(taken)[2] * 1000:.0f} ms (median of 5)")


def _until_passed(lines: Any) -> None:
    for line in lines:
        if line.startswith(("passed", "failed")):
            return


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tests").mkdir()
        (folder / "lookup.custom.json").write_text(json.dumps(ACTION), encoding="utf-8")
        sets = ", ".join(f"{{number: {number}}}" for number in range(TESTS))
        (folder / "tests" / "lookup.yaml").write_text(CASES % (json.dumps(REPLY), sets), encoding="utf-8")
        in_one_process(folder)
        as_ci_job(folder)
        while_watching(folder)


if __name__ == "__main__":
    main()
