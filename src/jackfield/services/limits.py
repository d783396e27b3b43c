"""The limits on data actions: showing them, and holding new actions against them."""

from __future__ import annotations

from collections.abc import Mapping

from jackfield.domain.catalogue import found
from jackfield.domain.errors import LimitExhausted, NotFound
from jackfield.domain.finding import Place
from jackfield.domain.limits import NAMESPACE, PER_INTEGRATION, TOTAL, OrganizationLimits
from jackfield.domain.ports import Transaction


class LimitService:
    """Shows limits.

    Args:
        limits: of the organization.
    """

    def __init__(self, limits: OrganizationLimits) -> None:
        self._limits = limits

    def of(self, namespace: str) -> Mapping[str, int]:
        """Return the limits of a namespace by key.

        Raises:
            NotFound: this server has none of that name.
        """
        if namespace != NAMESPACE:
            place = Place("path/namespaceName")
            shown = namespace[:100]
            raise NotFound(found("LIMITS_UNKNOWN", place, seen=shown, namespace=shown, known=NAMESPACE))
        return self._limits.values


def check_room(
    transaction: Transaction, organization_id: str, integration_id: str, limits: OrganizationLimits
) -> None:
    """Check that one more custom action may be made.

    Args:
        transaction: the one that makes it, so that two at once cannot both be the last.
        integration_id: whose action it will be.

    Raises:
        LimitExhausted: the organization or the integration has as many as it may have.
    """
    for key, owner, whose in (
        (TOTAL, "", "This organization"),
        (PER_INTEGRATION, integration_id, "The integration"),
    ):
        bound = limits.bound(key)
        if bound is None or transaction.actions.count(organization_id, owner) < bound:
            continue
        raise LimitExhausted(
            found("ACTIONS_EXHAUSTED", owner=whose, limit=bound, key=key),
            key=key,
            namespace=NAMESPACE,
            value=bound,
        )
