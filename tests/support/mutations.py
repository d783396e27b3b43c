"""What is told about damaged requests, and what a running server says to their corrections."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx

from jackfield.explain import CorrectedRequest, ExplainOptions, Explanation, explain
from support.damages import WAYS, Damaged
from support.explain_corpus import answered, make, printed, send
from support.valid_requests import SECRETS, Request, written


@dataclass(frozen=True)
class Outcome:
    """What came of one damaged request.

    Args:
        damaged: the request.
        pointed: a finding says what happened, and where.
        accepted: the server took the correction as it stands.
        restored: the correction is the request that was meant, but for secrets, which are not repeated.
        repeated: secrets of the request that stand in the explanation.
        told: code, pointer and line of every finding.
        answered: what the server said, if it did not take it.
    """

    damaged: Damaged
    pointed: bool
    accepted: bool
    restored: bool
    repeated: tuple[str, ...]
    told: str
    answered: str


def asked(request: Request, text: str) -> Explanation:
    """Explain a text, telling method and path only where the text is a bare body."""
    method, path = (request.method, request.path) if request.form == "body" else ("", "")
    return explain(text, options=ExplainOptions(type_id=request.type_id, method=method, path=path))


def judge_damaged(http: httpx.Client, damaged: Damaged) -> Outcome:
    """Explain a damaged request and send its correction to the server, where its entities exist."""
    damaged = damaged.with_ids({need["id"]: make(http, need) for need in damaged.request.needs})
    explanation = asked(damaged.request, damaged.text)
    findings = [ranked.finding for ranked in explanation.findings]
    pointed = any(damaged.is_pointed_at_by(finding) for finding in findings)
    told = "; ".join(f"{one.code} at {one.place.pointer!r} line {one.place.line}" for one in findings)
    repeated = secrets_in(explanation)
    if not explanation.corrections:
        return Outcome(damaged, pointed, False, False, repeated, told, "no correction")
    correction = explanation.corrections[0]
    answer = send(http, correction)
    accepted, restored = answer.status_code == 200, is_restored(damaged, correction)
    said = (
        answered(answer)
        if restored
        else f"{answered(answer)[:120]}; {' '.join(correction.body_text.split())}"
    )
    return Outcome(damaged, pointed, accepted, restored, repeated, told, said)


def secrets_in(explanation: Explanation) -> tuple[str, ...]:
    """Return the secrets of generated requests that stand in what would be printed."""
    shown = printed(explanation)
    return tuple(secret for secret in SECRETS if secret in shown)


def is_restored(damaged: Damaged, correction: CorrectedRequest) -> bool:
    """Tell if a correction is the request that was meant; of secrets only the names have to be there."""
    meant = damaged.meant
    address = (correction.method, correction.path) == (meant.method, meant.path)
    host = damaged.way != "wrong host" or correction.host == meant.host
    return address and host and _is_same(json.loads(correction.body_text), meant.body)


def send_as_damaged(http: httpx.Client, damaged: Damaged) -> httpx.Response:
    """Send a damaged request without correcting it."""
    request = damaged.request
    headers = {"Content-Type": "application/json"}
    return http.request(request.method, request.path, content=damaged.body.encode(), headers=headers)


def errors_of_undamaged(request: Request, text: str) -> tuple[str, ...]:
    """Return the codes of the errors that a valid request is told, of which there should be none."""
    findings = asked(request, written(request, text)).findings
    return tuple(ranked.finding.code for ranked in findings if ranked.finding.is_error)


def figures(outcomes: Iterable[Outcome], *, shown: int = 12) -> str:
    """Return the figures, those of each way that did not always succeed, and some of what went wrong."""
    listed = list(outcomes)
    lines = [_figure("damaged requests", listed)]
    for way in WAYS:
        of_way = [outcome for outcome in listed if outcome.damaged.way == way]
        if not all(outcome.pointed and outcome.accepted and outcome.restored for outcome in of_way):
            lines.append(f"  {_figure(way, of_way)}")
    wrong = [outcome for outcome in listed if not (outcome.pointed and outcome.accepted and outcome.restored)]
    for outcome in wrong[:shown]:
        damaged = outcome.damaged
        lines.append(
            f"  {damaged.way}, {damaged.request.operation} as {damaged.request.form}: wanted {damaged.codes}"
            f" at {damaged.pointer!r} line {damaged.line}; told {outcome.told}; {outcome.answered}"
        )
    return "\n".join(lines)


def _is_same(value: Any, meant: Any) -> bool:
    if isinstance(value, dict) and isinstance(meant, dict):
        return value.keys() == meant.keys() and all(_is_same(value[name], meant[name]) for name in meant)
    is_secret = isinstance(value, str) and isinstance(meant, str) and value.startswith("<")
    return bool(value == meant) or is_secret


def _figure(name: str, outcomes: list[Outcome]) -> str:
    pointed = sum(outcome.pointed for outcome in outcomes)
    accepted = sum(outcome.accepted for outcome in outcomes)
    restored = sum(outcome.restored for outcome in outcomes)
    return (
        f"{name}: a finding points at the damage in {pointed}, correction accepted in {accepted}"
        f" and just what was meant in {restored} of {len(outcomes)}"
    )
