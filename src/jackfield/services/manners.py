"""How promptly the server shows what it has done: at once, or with the cloud's delays (`--as cloud`).

The cloud answers a change before all of its parts know of it. Its own clients are written around that: CX as
Code repeats a refused creation of an action, waits up to 15 seconds for a custom auth action, and reads lists
again. The delays here let such clients be tested. Each follows from the seed and from the id of what it is
about, so that a run can be repeated.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from jackfield.domain.integration import Integration, IntendedState, ReportedState
from jackfield.domain.ports import Clock

REMEMBERED: Final = 10_000
_ON_THE_WAY: Final = {
    IntendedState.ENABLED: ReportedState.ACTIVATING,
    IntendedState.DISABLED: ReportedState.DEACTIVATING,
}


class Manners(Protocol):
    """What a caller is shown of the present."""

    def listed_until(self) -> datetime | None:
        """Return the time whose newest entity a list shows; None if it shows all there are."""

    def intends(self, integration: Integration) -> None:
        """Take note that the intended state has just been changed."""

    def on_the_way(self, integration: Integration) -> ReportedState | None:
        """Return the state on the way to the intended one; None once that is reached."""

    def takes_actions(self, integration: Integration) -> bool:
        """Tell if data actions may be created in an integration already."""

    def shows_auth_action(self, created: datetime, integration_id: str) -> bool:
        """Tell if the custom auth action that was made at a time can be seen already."""


class Prompt:
    """Everything at once."""

    def listed_until(self) -> datetime | None:
        """Nothing is held back."""
        return None

    def intends(self, integration: Integration) -> None:
        """Nothing has to be remembered."""

    def on_the_way(self, integration: Integration) -> ReportedState | None:  # noqa: ARG002 - the port's
        """Every state is reached at once."""
        return None

    def takes_actions(self, integration: Integration) -> bool:  # noqa: ARG002 - the port's signature
        """At once."""
        return True

    def shows_auth_action(self, created: datetime, integration_id: str) -> bool:  # noqa: ARG002 - the port's
        """At once."""
        return True


@dataclass(frozen=True, slots=True)
class Delays:
    """How long things take, in seconds: from, to.

    That they take time is observed in clients of the cloud; how long is assumed, but for the auth action, to
    which CX as Code gives 15 seconds.

    Args:
        listing: until a new entity stands in lists.
        transition: until an integration is ACTIVE or INACTIVE.
        actions: until a new integration takes data actions; before, their creation is refused with a 400.
        auth_action: until the custom auth action is there.
    """

    listing: tuple[float, float] = (0.5, 2.0)
    transition: tuple[float, float] = (0.5, 3.0)
    actions: tuple[float, float] = (0.3, 2.0)
    auth_action: tuple[float, float] = (1.0, 15.0)


PROMPT: Final = Prompt()


class CloudManners:
    """The cloud's delays.

    Args:
        clock: what the delays are measured by.
        seed: of the delays.
    """

    def __init__(self, clock: Clock, seed: int, delays: Delays | None = None) -> None:
        self._clock, self._seed = clock, seed
        self._delays = delays or Delays()
        # Lost with the process: after a restart every state counts as reached.
        self._changed: dict[str, tuple[datetime, int]] = {}

    def listed_until(self) -> datetime | None:
        """Lists lag by the same time for the whole run."""
        return self._clock.now() - self._delay("listing", "", self._delays.listing)

    def intends(self, integration: Integration) -> None:
        """Let the way to the new state begin now."""
        _, changes = self._changed.pop(integration.id, (None, 0))
        if len(self._changed) >= REMEMBERED:
            self._changed.pop(next(iter(self._changed)))
        self._changed[integration.id] = (self._clock.now(), changes + 1)

    def on_the_way(self, integration: Integration) -> ReportedState | None:
        """A change of the intended state takes its time."""
        changed, changes = self._changed.get(integration.id, (None, 0))
        if changed is None:
            return None
        delay = self._delay("transition", f"{integration.id} {changes}", self._delays.transition)
        if self._clock.now() - changed >= delay:
            return None
        return _ON_THE_WAY.get(integration.intended_state)

    def takes_actions(self, integration: Integration) -> bool:
        """A new integration is not known to the data actions at once."""
        delay = self._delay("actions", integration.id, self._delays.actions)
        return self._clock.now() - integration.created >= delay

    def shows_auth_action(self, created: datetime, integration_id: str) -> bool:
        """The auth action comes some time after the credential was attached."""
        delay = self._delay("auth action", integration_id, self._delays.auth_action)
        return self._clock.now() - created >= delay

    def _delay(self, kind: str, about: str, bounds: tuple[float, float]) -> timedelta:
        chance = random.Random(f"{self._seed}/{kind}/{about}")
        return timedelta(seconds=chance.uniform(*bounds))
