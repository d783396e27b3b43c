"""The committed corpus: what Jayway JsonPath answered, and what we answer."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path as File
from typing import Any

import pytest

from oracle.jsonpath.rendering import answer

HERE = File(__file__).parent
FILES = ("realistic", "grammar", "handwritten", "regex")
MUST_AGREE = 0.995


def _lines(name: str) -> list[dict[str, Any]]:
    text = (HERE / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


DOCUMENTS: dict[str, Any] = {line["name"]: line["document"] for line in _lines("documents")}
DEVIATIONS: dict[tuple[str, str], str] = {
    (entry["path"], entry["document"]): entry["reason"]
    for entry in json.loads((HERE / "deviations.json").read_text(encoding="utf-8"))
}


def _differing(name: str) -> tuple[int, dict[tuple[str, str], tuple[Any, Any]]]:
    """The number of cases in a file, and those where the answers differ."""
    differing: dict[tuple[str, str], tuple[Any, Any]] = {}
    cases = _lines(f"cases-{name}")
    for case in cases:
        key = (case.pop("path"), case.pop("document"))
        ours = answer(key[0], DOCUMENTS[key[1]])
        if ours != case:
            differing[key] = (case, ours)
    return len(cases), differing


@pytest.mark.parametrize("name", FILES)
def test_answers_are_the_engines(name: str) -> None:
    """Every answer equals the engine's byte for byte, or its deviation is listed with a reason."""
    _, differing = _differing(name)
    unexplained = {key: pair for key, pair in differing.items() if key not in DEVIATIONS}
    assert not unexplained


def test_agreement_is_high_without_the_list() -> None:
    """Counting listed deviations as faults, at least 99.5 % of 2,500 cases and more agree."""
    total = wrong = 0
    for name in FILES:
        count, differing = _differing(name)
        total += count
        wrong += len(differing)
    assert total >= 2500
    assert 1 - wrong / total >= MUST_AGREE


def test_listed_deviations_still_deviate() -> None:
    """A deviation that is gone is removed from the list, and each has a reason."""
    differing = {key for name in FILES for key in _differing(name)[1]}
    assert set(DEVIATIONS) == differing
    assert all(len(reason) > 20 for reason in DEVIATIONS.values())


def test_corpus_looks_like_real_use() -> None:
    """At least 70 % of the cases are shaped like data actions, most of them give values."""
    counts = {name: len(_lines(f"cases-{name}")) for name in FILES}
    assert counts["realistic"] / sum(counts.values()) >= 0.7
    outcomes = Counter("value" in case for case in _lines("cases-realistic"))
    assert outcomes[True] > 5 * outcomes[False]


def test_comparison_notices_a_wrong_answer() -> None:
    """Control: the same questions on the wrong documents disagree."""
    names = list(DOCUMENTS)
    shifted = dict(zip(names, [*names[7:], *names[:7]], strict=True))
    wrong = 0
    for case in _lines("cases-realistic")[:400]:
        path, name = case.pop("path"), case.pop("document")
        wrong += answer(path, DOCUMENTS[shifted[name]]) != case
    assert wrong > 150
