"""Makes the JSONPath corpus anew: ``python tests/oracle/jsonpath/regenerate.py`` (needs java 17 and mvn).

The questions come from a fixed seed, the answers from Jayway JsonPath; the same versions give the same
bytes. ``engine()`` is also what ``bench/bench_jsonpath.py`` starts the engine with.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path as File
from typing import Any

HERE = File(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from oracle.jsonpath import documents, paths  # noqa: E402

PROJECT = HERE.parent / "java" / "jsonpath"
SEED = 20240611
REALISTIC, GRAMMATICAL = 3400, 500

# Paths that published actions use, and features that a random path seldom shows well.
HAND_WRITTEN = HERE / "handwritten.txt"


def engine(*arguments: str) -> list[str]:
    """The command line of the engine; compiles it first."""
    build = [
        "mvn",
        "-q",
        "-B",
        "compile",
        "dependency:build-classpath",
        "-Dmdep.outputFile=target/classpath.txt",
    ]
    subprocess.run(build, cwd=PROJECT, check=True, stdout=sys.stderr)
    classpath = (PROJECT / "target" / "classpath.txt").read_text().strip()
    return ["java", "-cp", f"{PROJECT / 'target' / 'classes'}:{classpath}", "oracle.Answer", *arguments]


def ask(questions: list[tuple[str, Any]]) -> list[dict[str, Any]]:
    """The engine's answers to (path, document) questions."""
    lines = [
        json.dumps({"path": path, "document": json.dumps(document, ensure_ascii=False)})
        for path, document in questions
    ]
    answered = subprocess.run(
        engine(), input="\n".join(lines) + "\n", capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return [json.loads(line) for line in answered.stdout.split("\n") if line]


def _hand_written(named: dict[str, Any]) -> list[tuple[str, str]]:
    """Lines ``document<TAB>path``; ``document`` may be the beginning of several names."""
    questions: list[tuple[str, str]] = []
    for line in HAND_WRITTEN.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            start, path = line.split("\t", 1)
            questions.extend((path, name) for name in named if name == start or name.startswith(f"{start}-"))
    return questions


def _patterns() -> list[tuple[str, str]]:
    """Every regular expression once, with flags in turn."""
    flags = ("", "", "i", "", "iu", "", "m", "s", "x", "U")
    lines = (HERE / "patterns.txt").read_text(encoding="utf-8").split("\n")
    return [
        (f"$[?(@ =~ /{line.replace('/', chr(92) + '/')}/{flags[number % len(flags)]})]", "texts")
        for number, line in enumerate(filter(None, lines))
    ]


def questions(named: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """(path, document name) by the file that they go to."""
    rng = random.Random(SEED)
    shaped = [name for name in named if "-" in name and not name.startswith("odd")]
    realistic: dict[tuple[str, str], None] = {}
    while len(realistic) < REALISTIC:
        name = rng.choice(shaped)
        realistic[paths.realistic(rng, named[name]), name] = None
    grammatical: dict[tuple[str, str], None] = {}
    while len(grammatical) < GRAMMATICAL:
        name = rng.choice(list(named))
        grammatical[paths.grammatical(rng, named[name]), name] = None
    return {
        "realistic": list(realistic),
        "grammar": list(grammatical),
        "handwritten": _hand_written(named),
        "regex": _patterns(),
    }


def _telling(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most two documents per hand-written path, those whose answers differ."""
    kept: dict[str, dict[str, dict[str, Any]]] = {}
    for case in cases:
        outcome = str(case.get("value") or case.get("error"))
        kept.setdefault(case["path"], {}).setdefault(outcome, case)
    chosen: list[dict[str, Any]] = []
    for answers in kept.values():
        ranked = sorted(
            answers.items(), key=lambda item: (item[0] in ("[]", "PathNotFoundException"), item[0])
        )
        chosen.extend(case for _, case in ranked[:2])
    return chosen


def main() -> None:
    """Write documents and cases."""
    named = documents.make(SEED)
    _write("documents", [{"name": name, "document": document} for name, document in named.items()])
    for file, asked in questions(named).items():
        answers = ask([(path, named[name]) for path, name in asked])
        cases = [
            {"path": path, "document": name, **answer}
            for (path, name), answer in zip(asked, answers, strict=True)
        ]
        if file == "handwritten":
            cases = _telling(cases)
        _write(f"cases-{file}", cases)
        print(f"{file}: {len(cases)} cases", file=sys.stderr)


def _write(name: str, lines: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (HERE / f"{name}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
