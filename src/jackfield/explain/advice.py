"""What to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jackfield.catalog import Catalog
from jackfield.explain.explanation import Advice, CorrectedRequest, RankedFinding
from jackfield.explain.facts import Facts
from jackfield.explain.pieces import Piece
from jackfield.explain.routing import address_of, parameters
from jackfield.explain.type_choice import TypeChoice


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that advice goes by.

    Args:
        choices: the integration type of each configuration, by the index of its piece.
    """

    pieces: Sequence[Piece]
    findings: Sequence[RankedFinding]
    corrections: Sequence[CorrectedRequest]
    choices: dict[int, TypeChoice]
    facts: Facts
    catalog: Catalog


def advise(situation: Situation) -> tuple[Advice, ...]:
    """Return what to do next, the first step first."""
    steps = (
        *_two_integrations(situation),
        *_version(situation),
        *_placeholders(situation),
        *_rehearse(situation),
    )
    return tuple(Advice(step) for step in dict.fromkeys(steps))


def _two_integrations(situation: Situation) -> Iterator[str]:
    """Say that credentials and properties belong to two integrations."""
    for choice in situation.choices.values():
        foreign = situation.catalog.integration_types.get(choice.of_properties)
        if foreign is None:
            continue
        if choice.kind.slots and not foreign.slots:
            yield (
                f"Two integrations are mixed up: a `{foreign.id}` keeps the properties and has no slot"
                f' ("credentials": {{}}); the credential belongs to the {choice.kind.name} integration:'
                " send the request above to that one's id."
            )


def _version(situation: Situation) -> Iterator[str]:
    for index in situation.choices:
        piece = situation.pieces[index]
        path_id = ""
        if piece.route is not None:
            path_id = parameters(piece.route, address_of(piece.url).path).get("integrationId", "")
        if path_id not in situation.facts.versions:
            yield ("GET …/config/current first and send its `version` as a number; a stale one is a 409.")


def _placeholders(situation: Situation) -> Iterator[str]:
    names = dict.fromkeys(name for one in situation.corrections for name in one.placeholders)
    if names:
        yield f"Fill in {', '.join(names)}."


def _rehearse(situation: Situation) -> Iterator[str]:
    rehearsal = "Rehearse it with `jackfield up`."
    if any(choice.kind.data_actions for choice in situation.choices.values()):
        yield f'Then PATCH …/{{integrationId}} {{"intendedState": "ENABLED"}}. {rehearsal}'
    elif situation.corrections:
        yield rehearsal
