"""Changes of stored actions: what is kept, what is frozen, when a version conflicts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jackfield.domain.action import Action, ActionConfig, ActionState, Contract, RequestConfig
from jackfield.domain.json_reader import read_json
from jackfield.rules.action_updates import check_draft, check_publish, check_update, input_names

LIST = '{"type": "array", "items": {"type": "string"}}'
INPUT = '{"type": "object", "properties": {"a": {"type": "string"}}}'
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
STORED = Action(
    id="custom_-_1",
    organization_id="o",
    integration_id="i",
    name="n",
    category="c",
    version=3,
    secure=False,
    config=ActionConfig(RequestConfig("https://a.example/${input.a}")),
    contract=Contract(INPUT, LIST),
    state=ActionState.PUBLISHED,
    created=MOMENT,
    modified=MOMENT,
)
DRAFT = replace(STORED, state=ActionState.DRAFT)


def _codes(body: object, old: Action = STORED, *, frozen: bool = True) -> list[str]:
    checked = check_update(read_json(json.dumps(body)), old, None, frozen=frozen)
    return [finding.code for finding in checked.findings]


def test_what_is_not_given_is_kept() -> None:
    """A body with the version alone changes nothing."""
    change = check_update(read_json('{"version": 3}'), STORED, None, frozen=True).value
    assert change is not None
    assert (change.name, change.category, change.secure) == ("n", "c", False)
    assert (change.config, change.contract) == (STORED.config, STORED.contract)


@pytest.mark.parametrize(
    ("side", "name", "schema", "codes"),
    [
        ("output", "successSchema", {"type": "array", "items": {"type": "string"}}, []),
        ("output", "successSchema", {"type": "array"}, []),
        ("output", "successSchema", {"type": "array", "title": None}, []),
        ("output", "successSchema", {"type": "array", "items": {"type": "number"}}, ["CONTRACT_FROZEN"]),
        ("output", "successSchema", {"items": {"type": "string"}}, ["CONTRACT_FROZEN"]),
        ("output", "successSchema", "text", ["CONTRACT_FROZEN"]),
        ("input", "inputSchema", {"type": "object"}, ["CONTRACT_FROZEN"]),
        ("input", "inputSchemaFlattened", {"type": "object"}, []),
    ],
)
def test_a_frozen_contract(side: str, name: str, schema: object, codes: list[str]) -> None:
    """Only what SDKs drop on the way may be missing; anything that differs is refused."""
    assert _codes({"version": 3, "contract": {side: {name: schema}}}) == codes


def test_a_stale_version_conflicts_only_if_alone() -> None:
    """Beside another error the words that make clients retry are not used."""
    alone = check_update(read_json('{"version": 2}'), STORED, None, frozen=True)
    assert alone.conflict
    assert "does not match the current version 3" in alone.findings[0].message.replace(",", "")
    both = check_update(read_json('{"version": 2, "name": 1}'), STORED, None, frozen=True)
    assert not both.conflict
    assert not any("does not match" in finding.message for finding in both.findings)


def test_templates_of_a_draft_are_judged_by_the_new_contract() -> None:
    """An input that only the new contract has is known; one that it lacks is not."""
    config = {"request": {"requestUrlTemplate": "https://a.example/${input.b}", "requestType": "GET"}}
    schema = {"type": "object", "properties": {"b": {"type": "string"}}}
    body = {"version": 3, "config": config, "contract": {"input": {"inputSchema": schema}}}
    assert _codes(body, DRAFT, frozen=False) == []
    assert _codes({"version": 3, "config": config}, DRAFT, frozen=False) == ["INPUT_UNKNOWN"]


def test_half_a_contract_keeps_the_other_half() -> None:
    """A draft's output schema stays where only its input schema is sent."""
    body = read_json('{"version": 3, "contract": {"input": {"inputSchema": {"type": "object"}}}}')
    change = check_update(body, DRAFT, None, frozen=False).value
    assert change is not None
    assert change.contract == Contract('{"type": "object"}', LIST)


def test_a_whole_draft_is_valid_and_an_empty_one_is_not() -> None:
    """What is missing is found at its place, without a line of a text that nobody wrote."""
    assert check_draft(DRAFT, None) == ()
    bare = replace(DRAFT, config=ActionConfig(), contract=Contract())
    found = check_draft(bare, None)
    assert {one.place.pointer for one in found} == {"/config/request/requestUrlTemplate", "/contract"}
    assert all(one.place.line is None for one in found)


def test_publishing_a_broken_draft_is_no_conflict() -> None:
    """With an incomplete draft a stale version is one fault among others."""
    bare = replace(DRAFT, contract=Contract())
    checked = check_publish(read_json('{"version": 1}'), bare, None)
    assert (checked.conflict, checked.value) == (False, None)
    assert {finding.code for finding in checked.findings} == {"MEMBER_MISSING", "ACTION_VERSION_STALE"}
    assert check_publish(read_json('{"version": 1}'), DRAFT, None).conflict
    assert check_publish(read_json('{"version": 3}'), DRAFT, None).value == DRAFT


def test_input_names() -> None:
    """Names of the stored contract's inputs; None if it says nothing of them."""
    assert input_names(Contract(INPUT, "{}")) == ("a",)
    assert input_names(Contract()) is None


def test_a_draft_of_an_older_action() -> None:
    """Whoever publishes it is told that a newer action goes away."""
    newer = replace(STORED, modified=DRAFT.created + timedelta(seconds=1), version=4)
    checked = check_publish(read_json('{"version": 3}'), DRAFT, None, published=newer)
    assert checked.value == DRAFT
    assert [finding.code for finding in checked.findings] == ["PUBLISHED_SINCE_DRAFT"]
    assert "version 4" in checked.findings[0].message
    assert check_publish(read_json('{"version": 3}'), DRAFT, None, published=STORED).findings == ()
    assert check_draft(DRAFT, None, published=newer, strict=True)[0].is_error


@pytest.mark.parametrize(
    ("sent", "words"), [("1.5", "not one with a fraction"), ("1e3", "not one with an exponent")]
)
def test_a_version_that_is_no_whole_number(sent: str, words: str) -> None:
    """The sentence says in what the number differs from a whole one."""
    checked = check_publish(read_json(f'{{"version": {sent}}}'), DRAFT, None)
    assert f"`version` must be a whole number, {words}" in checked.findings[0].message
