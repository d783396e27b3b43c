"""The corpus of clipboards: what each should be told, and what a running server says to the correction."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from jackfield.domain.errors import OperationRefused
from jackfield.explain import CorrectedRequest, ExplainOptions, Explanation, RankedFinding, explain
from support.installation import API, configure, make_integration, taken
from support.valid_requests import FIELDS

FOLDER = Path(__file__).parents[1] / "explain_corpus" / "fixtures"


@dataclass(frozen=True)
class Fixture:
    """One clipboard and what a maintainer of the API would say to it.

    Args:
        file: name of the text.
        first: codes of which the first-ranked finding has to have one; more than one only where they are
            equally right.
        why: what is wrong, in a sentence.
        about: a word that the first finding has to name, "" if its code says enough.
        options: what the reader knows besides the text.
        correctable: a request is given, and everything that the right one needs is known.
        setup: entities that have to exist: type, version, and the id that stands in the text for them.
        answer: what the server's answer to the correction has to hold.
        body: what the corrected body has to hold.
        secrets: what must not be repeated.
    """

    file: str
    first: tuple[str, ...]
    why: str
    about: str
    options: ExplainOptions
    correctable: bool
    setup: tuple[dict[str, Any], ...]
    answer: dict[str, Any]
    body: dict[str, Any]
    secrets: tuple[str, ...]

    @property
    def text(self) -> str:
        """The clipboard."""
        return (FOLDER / self.file).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Verdict:
    """What came of one clipboard.

    Args:
        fixture: the clipboard.
        told: code and sentence of the first-ranked finding.
        right: it is the one that was expected.
        accepted: the server took the correction, and stored what was meant; None if there is none to send.
        answered: what the server said if it did not.
    """

    fixture: Fixture
    told: str
    right: bool
    accepted: bool | None
    answered: str = ""


@cache
def load() -> tuple[Fixture, ...]:
    """Read the index of the corpus."""
    entries = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    return tuple(_fixture(entry) for entry in entries)


def judge(http: httpx.Client, fixture: Fixture) -> Verdict:
    """Explain a clipboard, compare, and send its correction to the server.

    The ids in the text are replaced by those of entities that are made for it.
    """
    text, options = fixture.text, fixture.options
    wanted: Any = fixture.answer
    for entity in fixture.setup:
        made = make(http, entity)
        text = text.replace(entity["id"], made)
        options = replace(options, path=options.path.replace(entity["id"], made))
        wanted = json.loads(json.dumps(wanted).replace(entity["id"], made))
    try:
        explanation = explain(text, options=options)
    except OperationRefused as refusal:
        return Verdict(fixture, str(refusal), False, False if fixture.correctable else None, "no answer")
    first = explanation.findings[0] if explanation.findings else None
    right, told = is_expected(fixture, first), _told(first)
    if not fixture.correctable:
        return Verdict(fixture, told, right, None)
    if not explanation.corrections:
        return Verdict(fixture, told, right, False, "no correction")
    correction = explanation.corrections[0]
    answer = send(http, correction)
    taken_as_meant = answer.status_code == 200 and holds(answer.json(), wanted)
    meant = fixture.body == {} or holds(json.loads(correction.body_text), fixture.body)
    if taken_as_meant and not meant:
        return Verdict(
            fixture, told, right, False, f"accepted, but not what was meant: {correction.body_text}"
        )
    return Verdict(fixture, told, right, taken_as_meant, answered(answer))


def is_expected(fixture: Fixture, first: RankedFinding | None) -> bool:
    """Tell if the first-ranked finding is one that the fixture names."""
    if first is None:
        return False
    finding = first.finding
    named = " ".join((finding.place.pointer, finding.message, finding.accepted, finding.fix))
    return finding.code in fixture.first and fixture.about in named


def printed(explanation: Explanation) -> str:
    """Return everything that an explanation may print, the texts of pieces apart."""
    findings = [(ranked.finding, ranked.reason) for ranked in explanation.findings]
    rest = (explanation.corrections, explanation.advice, explanation.secrets_seen, explanation.question)
    return f"{findings} {rest}"


def send(http: httpx.Client, request: CorrectedRequest) -> httpx.Response:
    """Send a corrected request exactly as it was written."""
    headers = {"Content-Type": "application/json"}
    return http.request(request.method, request.path, content=request.body_text.encode(), headers=headers)


def answered(answer: httpx.Response) -> str:
    """Return an answer in few words: its status and the first faults, or the beginning of its body."""
    errors = answer.json().get("errors", []) if answer.status_code >= 400 else []
    told = "; ".join(error["message"] for error in errors[:2])
    return f"{answer.status_code} {told or answer.text[:200]}"


def holds(value: Any, wanted: Any) -> bool:
    """Tell if a JSON value has all that is wanted: objects may have more members, except empty ones."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        if not wanted:
            return not value
        return all(name in value and holds(value[name], inner) for name, inner in wanted.items())
    return bool(value == wanted) and type(value) is type(wanted)


def report(verdicts: list[Verdict]) -> str:
    """Return the figures, and what went wrong."""
    sent = [verdict for verdict in verdicts if verdict.accepted is not None]
    lines = [
        f"clipboards: first finding right in {sum(v.right for v in verdicts)} of {len(verdicts)},"
        f" correction accepted in {sum(bool(v.accepted) for v in sent)} of {len(sent)}"
    ]
    lines += [f"  {v.fixture.file}: told {v.told}; {v.fixture.first}" for v in verdicts if not v.right]
    lines += [f"  {v.fixture.file}: correction not taken: {v.answered}" for v in sent if not v.accepted]
    return "\n".join(lines)


def _fixture(entry: dict[str, Any]) -> Fixture:
    options = ExplainOptions(
        type_id=entry.get("type", ""), method=entry.get("method", ""), path=entry.get("path", "")
    )
    return Fixture(
        file=entry["file"],
        first=tuple(entry["first"]),
        why=entry["why"],
        about=entry.get("about", ""),
        options=options,
        correctable=entry["correctable"],
        setup=tuple(entry.get("setup", ())),
        answer=entry.get("answer", {}),
        body=entry.get("body", {}),
        secrets=tuple(entry.get("secrets", ())),
    )


def _told(first: RankedFinding | None) -> str:
    return f"{first.finding.code}: {first.finding.message}" if first else "nothing"


SMALL_ACTION = {
    "name": "made before",
    "category": "made before",
    "config": {"request": {"requestUrlTemplate": "https://service.example/", "requestType": "GET"}},
    "contract": {
        "input": {"inputSchema": {"type": "object", "properties": {}}},
        "output": {"successSchema": {"type": "object"}},
    },
}


def make(http: httpx.Client, entity: dict[str, Any]) -> str:
    """Make an entity and return its id."""
    if "credential" in entity:
        kind = entity["credential"]
        body = {"name": "made before", "type": {"name": kind}, "credentialFields": FIELDS[kind]}
        return str(taken(http.post(f"{API}/credentials", json=body))["id"])
    if "action" in entity:
        owner = make_integration(http, type_id="custom-rest-actions")["id"]
        # Without inputs of its own, so that the contract of a generated change is not one that is frozen.
        body = {**SMALL_ACTION, "integrationId": owner}
        return str(taken(http.post(f"{API}/{entity['action']}", json=body))["id"])
    for noun in ("role", "group", "user", "client"):
        if noun in entity:
            return _made_beside(http, noun)
    made = make_integration(http, type_id=entity["integration"])
    for version in range(1, entity.get("version", 1)):
        configure(http, made["id"], version=version)
    return str(made["id"])


def _made_beside(http: httpx.Client, noun: str) -> str:
    """Make a role, a group, a user or a client, each with a name of its own."""
    name = f"made before {uuid4()}"
    path, body = {
        "role": ("authorization/roles", {"name": name, "permissionPolicies": []}),
        "group": ("groups", {"name": name, "type": "official", "visibility": "public", "rulesVisible": True}),
        "user": ("users", {"name": name, "email": f"{uuid4()}@acme.example"}),
        "client": ("oauth/clients", {"name": name, "authorizedGrantType": "CLIENT-CREDENTIALS"}),
    }[noun]
    return str(taken(http.post(f"/api/v2/{path}", json=body))["id"])
