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
        *_enable(situation),
        *_rehearse(situation),
    )
    return tuple(Advice(step) for step in dict.fromkeys(steps))


def _two_integrations(situation: Situation) -> Iterator[str]:
    """Say that credentials and properties belong to two integrations."""
    for choice in situation.choices.values():
        foreign = situation.catalog.integration_types.get(choice.of_properties)
        if foreign is None:
            continue
        if choice.kind.slots:
            yield (
                f"The properties are those of `{foreign.id}` ({foreign.name}), which declares"
                f" {_slots(len(foreign.slots))}; the credential belongs to `{choice.kind.id}`"
                f" ({choice.kind.name}). These are two integrations: find the id of the other with"
                f" GET /api/v2/integrations?integrationType={choice.kind.id} or create it, and send the"
                " request there."
            )
            yield (
                f"Leave the `{foreign.id}` integration as it was: its own configuration keeps the"
                ' properties and "credentials": {}.'
            )


def _version(situation: Situation) -> Iterator[str]:
    for index in situation.choices:
        piece = situation.pieces[index]
        path_id = ""
        if piece.route is not None:
            path_id = parameters(piece.route, address_of(piece.url).path).get("integrationId", "")
        if path_id not in situation.facts.versions:
            yield (
                "GET …/config/current right before: send its `version` back as the number it is (each PUT"
                " raises it by one; a stale one is answered with 409)."
            )


def _placeholders(situation: Situation) -> Iterator[str]:
    names = dict.fromkeys(name for one in situation.corrections for name in one.placeholders)
    if names:
        yield f"Fill in {', '.join(names)}."


def _enable(situation: Situation) -> Iterator[str]:
    if any(choice.kind.data_actions for choice in situation.choices.values()):
        yield 'Then switch it on: PATCH /api/v2/integrations/{integrationId} {"intendedState": "ENABLED"}.'


def _rehearse(situation: Situation) -> Iterator[str]:
    if situation.corrections:
        yield "Try it without touching an organization: `jackfield up`, and send it to 127.0.0.1:8080."


def _slots(count: int) -> str:
    return "no credential slot" if not count else f"{count} slots of its own"
