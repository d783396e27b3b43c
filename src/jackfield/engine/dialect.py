"""Where it is not known which of two ways the cloud's templates go: both, for the user to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jackfield.velocity import ALL_DIRECTIVES, DATA_ACTION_DIRECTIVES

NullFormal = Literal["literal", "error"]
Directives = Literal["deny", "warn", "allow"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How templates are read.

    Args:
        null_formal: what `${x}` prints when `x` is null: `literal` its own text, as the documentation
            says, or `error`, as Velocity's strict mode does.
        directives: loops, macros and others that no published action has: `deny`, `warn` or `allow` them.
    """

    null_formal: NullFormal = "literal"
    directives: Directives = "warn"

    @property
    def known(self) -> frozenset[str]:
        """The directives that may be used."""
        return DATA_ACTION_DIRECTIVES if self.directives == "deny" else ALL_DIRECTIVES


DOCUMENTED = Dialect()
