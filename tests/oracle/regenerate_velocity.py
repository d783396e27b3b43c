"""Makes the Velocity corpus anew: the seeded cases, answered by Apache Velocity.

    python tests/oracle/regenerate_velocity.py

needs a JDK 17 and Maven; the same command gives the same bytes. Without them the committed corpus is used
by the tests as it is. The engine's version is that of ``java/velocity/pom.xml``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE / "java" / "velocity"
CORPUS = HERE / "velocity"
IDENTITY = re.compile(r"\b((?:org|java)\.[\w.$]+)@[0-9a-f]{1,8}\b")
"""What Java prints for objects without a text of their own; the number differs in every run."""
RUNNER_TOOL = "org.jackfield.oracle.DataActionEscape"
TOOL = "org.apache.velocity.tools.generic.EscapeTool"
sys.path.insert(0, str(HERE.parent))

from oracle.velocity.cases import Case, cases  # noqa: E402 (the path is set just above)


def build() -> list[str]:
    """Build the Java runner; the command that starts it."""
    subprocess.run(["mvn", "-q", "-B", "package"], cwd=PROJECT, check=True)
    path = f"{PROJECT / 'target' / 'velocity-oracle.jar'}:{PROJECT / 'target' / 'lib'}/*"
    return ["java", "-cp", path, "org.jackfield.oracle.VelocityOracle"]


def ask(command: list[str], questions: Iterable[Case]) -> list[Case]:
    """The runner's answers, in order."""
    contexts = json.loads((CORPUS / "contexts.json").read_text("utf-8"))
    lines = "\n".join(json.dumps({**question, "c": contexts[question["c"]]}) for question in questions)
    done = subprocess.run(command, input=lines, capture_output=True, check=True, encoding="utf-8")
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Write one file per family."""
    questions = list(cases())
    answers = ask(build(), questions)
    files: dict[str, list[str]] = {}
    for question, answer in zip(questions, answers, strict=True):
        family = question.pop("f")
        for key in answer.keys() & {"o", "m"}:
            answer[key] = IDENTITY.sub(r"\1", answer[key] or "").replace(RUNNER_TOOL, TOOL)
        if answer.get("e") == "syntax":
            answer["m"] = answer["m"].splitlines()[0]
        row = json.dumps({**question, **answer}, ensure_ascii=False, separators=(",", ":"))
        files.setdefault(family, []).append(row + "\n")
    for family, rows in files.items():
        (CORPUS / f"{family}.jsonl").write_text("".join(rows), "utf-8")


if __name__ == "__main__":
    main()
