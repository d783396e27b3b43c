"""Whether an integration can still work as it is configured.

A configuration is judged when it is stored; what it rests on can go away later: its credential is deleted, or
the catalog no longer gives the slot. An enabled integration reports ERROR then, and says why.
"""

from __future__ import annotations

from collections.abc import Iterator

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding, Place
from jackfield.domain.integration import (
    Configuration,
    Integration,
    IntegrationType,
    IntendedState,
    ReportedState,
)
from jackfield.rules.nearest import listed
from jackfield.rules.slots import Lookup


def standing_faults(
    kind: IntegrationType, configuration: Configuration, credential: Lookup
) -> tuple[Finding, ...]:
    """Return why the configuration does not hold; empty if it does.

    Args:
        kind: the integration's type, as the catalog has it now.
        configuration: as it was stored.
        credential: returns a stored credential, None if it is gone.
    """
    return (
        *_attached_faults(kind, configuration, credential),
        *(
            found(
                "STANDING_SLOT_EMPTY",
                Place(f"/credentials/{slot.name}"),
                slot=slot.name,
                types=listed(slot.credential_types, "or"),
            )
            for slot in kind.slots.values()
            if slot.required and slot.name not in configuration.credentials
        ),
    )


def reported_state(integration: Integration, faults: tuple[Finding, ...]) -> ReportedState:
    """Return what an integration is, as it is meant and as its configuration holds."""
    if integration.intended_state is not IntendedState.ENABLED:
        return ReportedState.INACTIVE
    return ReportedState.ERROR if faults else ReportedState.ACTIVE


def _attached_faults(
    kind: IntegrationType, configuration: Configuration, credential: Lookup
) -> Iterator[Finding]:
    for name, credential_id in configuration.credentials.items():
        place, slot = Place(f"/credentials/{name}"), kind.slots.get(name)
        attached = credential(credential_id)
        if attached is None:
            yield found(
                "STANDING_CREDENTIAL_GONE", place, seen=credential_id, slot=name, credential_id=credential_id
            )
        elif slot is None or attached.type_name not in slot.credential_types:
            taken = listed(slot.credential_types, "or") if slot else "none: the type has no such slot"
            yield found(
                "STANDING_CREDENTIAL_MISFIT",
                place,
                seen=attached.type_name,
                slot=name,
                type_name=attached.type_name,
                types=taken,
            )
