"""The limits of the organization: what they are, and which of them are enforced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

NAMESPACE: Final = "dataactions"
CONCURRENCY: Final = "actions.concurrent.executions.max"
VOLUME: Final = "requests.volume.max"
TOTAL: Final = "actions.total.max"
PER_INTEGRATION: Final = "actions.integration.max"

PROTECTING: Final = frozenset({CONCURRENCY})
"""Enforced in any case: without it a server could be brought down by its callers."""


@dataclass(frozen=True, slots=True)
class OrganizationLimits:
    """Limits of data actions.

    Args:
        values: by key, as the API shows them.
        enforced: keys of those that refuse; the others are only shown.
    """

    values: Mapping[str, int] = field(default_factory=dict)
    enforced: frozenset[str] = PROTECTING

    def bound(self, key: str) -> int | None:
        """Return a limit if it is enforced, else None."""
        return self.values.get(key) if key in self.enforced else None


def settled_limits(
    usual: Mapping[str, int], changed: Mapping[str, int], *, simulated: bool
) -> OrganizationLimits:
    """Return the limits that a server has.

    Args:
        usual: the cloud's, by key.
        changed: those that the server was told; what is named there is enforced whatever else is not.
        simulated: all are enforced, as in the cloud.
    """
    enforced = frozenset(usual) if simulated else PROTECTING | frozenset(changed)
    return OrganizationLimits({**usual, **changed}, enforced)
