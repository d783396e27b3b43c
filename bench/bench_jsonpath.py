"""Reading JSON with precompiled paths: against jsonpath-ng, closures written by hand, and Jayway JsonPath.

Needs the package jsonpath-ng, and java 17 with mvn for Jayway; what is missing is left out and said.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import timeit
from collections.abc import Callable
from pathlib import Path as File
from typing import Any

from bench.measure import interleaved, ratio, table
from jackfield.jsonpath import DEFAULT_LIMITS, Path, compile_path

ROUNDS = 9
ORACLE = File(__file__).parents[1] / "tests"
PATHS = (
    "$.total",
    "$.conversation.participants[0].attributes.language",
    "$.entities[0].presence.systemPresence",
    "$.entities[*].name",
    "$.entities[?(@.state == 'active')].id",
)
SIZES = {"2 kB": 10, "200 kB": 1000}


def make_document(entities: int) -> dict[str, Any]:
    """A listing of users next to a conversation; ten users are about 2 kB."""
    return {
        "entities": [
            {
                "id": f"0a1b2c3d-0000-4000-8000-{number:012d}",
                "name": f"User {number}",
                "state": "active" if number % 3 else "inactive",
                "presence": {"systemPresence": "Available", "since": "2024-03-05T10:11:12Z"},
                "skills": ["en", "de"],
            }
            for number in range(entities)
        ],
        "conversation": {"participants": [{"purpose": "customer", "attributes": {"language": "en"}}]},
        "total": entities,
    }


def by_hand() -> tuple[Callable[[Any], Any], ...]:
    """The five paths as a programmer would write them for this very document."""
    return (
        lambda document: document["total"],
        lambda document: document["conversation"]["participants"][0]["attributes"]["language"],
        lambda document: document["entities"][0]["presence"]["systemPresence"],
        lambda document: [entity["name"] for entity in document["entities"] if "name" in entity],
        lambda document: [entity["id"] for entity in document["entities"] if entity.get("state") == "active"],
    )


def _timed(readers: tuple[Callable[[Any], Any], ...], document: Any) -> Callable[[], float]:
    """A measurement: microseconds for one pass over all readers."""

    def one_pass() -> None:
        for read in readers:
            read(document)

    timer = timeit.Timer(one_pass)
    loops, seconds = timer.autorange()
    loops = max(1, round(loops * 0.05 / seconds))
    return lambda: timer.timeit(loops) / loops * 1e6


def _jsonpath_ng() -> tuple[Callable[[Any], Any], ...] | None:
    if importlib.util.find_spec("jsonpath_ng") is None:
        print("jsonpath-ng is not installed; left out")
        return None
    parse = importlib.import_module("jsonpath_ng.ext").parse

    def reader(path: str) -> Callable[[Any], Any]:
        find = parse(path).find
        return lambda document: [match.value for match in find(document)]

    return tuple(reader(path) for path in PATHS)


class Jayway:
    """A warm engine in a process of its own."""

    def __init__(self, document: Any) -> None:
        sys.path.insert(0, str(ORACLE))
        engine = importlib.import_module("oracle.jsonpath.regenerate").engine
        self.process = subprocess.Popen(
            engine("bench"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._ask(json.dumps({"paths": PATHS, "document": json.dumps(document)}))
        self.loops = max(1, round(50_000 / float(self._ask("100"))))

    def _ask(self, line: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def measure(self) -> float:
        """Microseconds for one pass over all paths."""
        return float(self._ask(str(self.loops)))

    def close(self) -> None:
        """End the process."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(10)


def _java_found() -> bool:
    if shutil.which("java") and shutil.which("mvn"):
        return True
    print("java and mvn are not installed; Jayway is left out")
    return False


def reading(size: str, document: Any) -> list[tuple[str, ...]]:
    """Rows of the table for one document."""
    contestants = {
        "jackfield": _timed(tuple(compile_path(path).read for path in PATHS), document),
        "by hand": _timed(by_hand(), document),
    }
    ng = _jsonpath_ng()
    if ng is not None:
        contestants["jsonpath-ng"] = _timed(ng, document)
    jayway = Jayway(document) if _java_found() else None
    if jayway is not None:
        contestants["Jayway"] = jayway.measure
    numbers = interleaved(contestants, ROUNDS)
    if jayway is not None:
        jayway.close()
    return [
        (size, name, f"{sorted(values)[len(values) // 2]:.2f}", f"{ratio(numbers, name, 'jackfield'):.2f}x")
        for name, values in numbers.items()
    ]


def _compile(path: str) -> Callable[[Any], Any]:
    return lambda _document: Path(path, DEFAULT_LIMITS)


def _parse(parse: Callable[[str], Any], path: str) -> Callable[[Any], Any]:
    return lambda _document: parse(path)


def compiling() -> list[tuple[str, ...]]:
    """Rows of the table for compiling the five paths without any cache."""
    contestants = {"jackfield": _timed(tuple(map(_compile, PATHS)), None)}
    if importlib.util.find_spec("jsonpath_ng") is not None:
        parse = importlib.import_module("jsonpath_ng.ext").parse
        contestants["jsonpath-ng"] = _timed(tuple(_parse(parse, path) for path in PATHS), None)
    numbers = interleaved(contestants, 3)
    return [
        ("compile", name, f"{sorted(values)[1]:.2f}", f"{ratio(numbers, name, 'jackfield'):.2f}x")
        for name, values in numbers.items()
    ]


def main() -> None:
    """Print the table."""
    rows = [row for size, entities in SIZES.items() for row in reading(size, make_document(entities))]
    rows.extend(compiling())
    print(table(rows, ("five paths", "who", "us per pass", "its time / ours")))


if __name__ == "__main__":
    main()
