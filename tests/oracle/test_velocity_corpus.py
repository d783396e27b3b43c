"""The committed answers of Apache Velocity 2.4.1, rendered again by our engine. Needs no Java."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from jackfield.velocity import RenderError, VelocityError, VelocitySyntaxError, compile_template
from jackfield.velocity.program import heated
from jackfield.velocity.tools import standard_tools

CORPUS = Path(__file__).parent / "velocity"
FAMILIES = ("action", "grammar", "fragment", "method")
Row = dict[str, Any]


def rows(family: str) -> Iterator[Row]:
    """The cases of a family with the engine's answers."""
    for line in (CORPUS / f"{family}.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def render(row: Row, contexts: list[dict[str, Any]]) -> Row:
    """Our answer, in the form of the engine's."""
    try:
        template = compile_template(row["t"], name="t", strict=row["s"], gobbling=row.get("g", "lines"))
        return {"o": template.render({**contexts[row["c"]], **standard_tools()})}
    except VelocitySyntaxError as error:
        return {"e": "syntax", "m": error.message, "l": error.line, "k": error.column}
    except RenderError as error:
        return {"e": "render", "m": error.message, "l": error.line, "k": error.column}
    except VelocityError as error:
        return {"e": type(error).__name__, "m": error.message}


def agrees(row: Row, ours: Row) -> bool:
    """Byte-equal output, or the same class of error."""
    return bool(ours.get("o") == row["o"] if "o" in row else ours.get("e") == row["e"])


def crashed_while_quoting(row: Row, _ours: Row) -> bool:
    """The engine throws NullPointerException when it quotes a bracketed operand in a log line; we go on."""
    return row.get("x") == "NullPointerException" and 'read field "kind"' in row["m"]


def old_double_digits(row: Row, ours: Row) -> bool:
    """The oracle's JDK 17 prints some doubles with a digit too many; JDK 19 and we print the shortest."""
    number = re.compile(r"\d+\.\d{15,}(?:E-?\d+)?")
    texts = [str(answer.get("o")) for answer in (row, ours)]
    values = [[float(found) for found in number.findall(text)] for text in texts]
    blank = [re.sub(r"\d+\.\d{14,}(?:E-?\d+)?", "#", text) for text in texts]
    return blank[0] == blank[1] and bool(values[0])


DEVIATIONS: tuple[Callable[[Row, Row], bool], ...] = (crashed_while_quoting, old_double_digits)


@pytest.fixture(scope="module")
def contexts() -> list[dict[str, Any]]:
    """The variables the cases are rendered with."""
    loaded: list[dict[str, Any]] = json.loads((CORPUS / "contexts.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("family", FAMILIES)
def test_every_difference_is_a_named_deviation(family: str, contexts: list[dict[str, Any]]) -> None:
    """At least 99.5 % of a family agree, and each case that does not has a reason with a name."""
    named: Counter[str] = Counter()
    unnamed = []
    total = 0
    for row in rows(family):
        total += 1
        ours = render(row, contexts)
        if not agrees(row, ours):
            reason = next((rule.__name__ for rule in DEVIATIONS if rule(row, ours)), None)
            if reason is None:
                unnamed.append((row, ours))
            else:
                named[reason] += 1
    assert unnamed == []
    assert sum(named.values()) <= total * (0.005 if family == "action" else 0.02)


def test_all_families_together_agree(contexts: list[dict[str, Any]]) -> None:
    """At least 99.5 % of 4,000 cases or more are byte-equal, 70 % of them shaped like data actions."""
    counts = dict.fromkeys(FAMILIES, 0)
    agreeing = 0
    for family in FAMILIES:
        for row in rows(family):
            counts[family] += 1
            agreeing += agrees(row, render(row, contexts))
    total = sum(counts.values())
    assert total >= 4_000
    assert counts["action"] >= 0.7 * total
    assert agreeing >= 0.995 * total


def test_errors_stand_where_the_engine_puts_them(contexts: list[dict[str, Any]]) -> None:
    """Unexpected tokens have the engine's line and column, render errors in actions its message: 95 % each.

    Other syntax errors are placed better than the engine does: at the quote that is never closed, at the
    fault inside a string instead of at the string.
    """
    places: Counter[bool] = Counter()
    messages: Counter[bool] = Counter()
    for family in FAMILIES:
        for row in rows(family):
            if "e" not in row:
                continue
            ours = render(row, contexts)
            if row["e"] == "syntax" and row["m"].startswith("Encountered"):
                places[(ours.get("l"), ours.get("k")) == (row["l"], row["k"])] += 1
            elif row["e"] == "render" and family == "action":
                messages[ours.get("m") == row["m"]] += 1
    assert places[True] >= 0.95 * places.total() > 100
    assert messages[True] >= 0.95 * messages.total() > 100


def test_code_for_hot_templates_gives_the_same(contexts: list[dict[str, Any]]) -> None:
    """The faster code of a template that is rendered often agrees with its first code, errors included."""
    compared = 0
    for row in rows("action"):
        context = {**contexts[row["c"]], **standard_tools()}
        if "o" not in row and row["e"] == "syntax":
            continue
        template = compile_template(row["t"], name="t", strict=row["s"], gobbling=row.get("g", "lines"))
        program = template.program
        if program.render is None or program.plan.changes:
            continue
        compared += 1
        other = contexts[(row["c"] + 1) % len(contexts)]
        first = outcome(program.render, context.get)
        for known in (context, {}, {**other, **standard_tools()}):
            hot = heated(program, known)
            assert outcome(hot, context) == first, row["t"]
            assert outcome(hot, MappingProxyType(context)) == first, row["t"]
    assert compared > 3000


def outcome(run: Callable[[Any], str], variables: object) -> str:
    """The text of a render, or its error."""
    try:
        return run(variables)
    except VelocityError as error:
        return f"{type(error).__name__}: {error.message}"


def test_both_modes_are_covered() -> None:
    """Lenient and strict cases are equally many, and every white space mode occurs."""
    strict: Counter[bool] = Counter()
    modes: Counter[str] = Counter()
    for family in FAMILIES:
        for row in rows(family):
            strict[row["s"]] += 1
            modes[row.get("g", "lines")] += 1
    assert strict[True] == strict[False]
    assert set(modes) == {"none", "bc", "lines", "structured"}
