"""``$msdynamics``: OData filters for Microsoft Dynamics 365."""

from __future__ import annotations

from typing import ClassVar

from jackfield.velocity.members import Allowance
from jackfield.velocity.tools.escape import uri
from jackfield.velocity.tools.tool import Tool
from jackfield.velocity.values import text


class DynamicsTool(Tool):
    """Helpers for Microsoft Dynamics data actions."""

    __slots__ = ()
    java_name: ClassVar[str] = "DynamicsTool"


def phone_number_filter(run: Allowance, _tool: DynamicsTool, number: object, fields: list[object]) -> str:
    """``telephone1 eq '+1…' or telephone2 eq '+1…'``, percent-encoded for a query.

    number: the phone number; fields: the names of the columns to look in. The form is assumed.
    """
    quoted = text(number).replace("'", "''") if number is not None else ""
    if (len(quoted) + 40) * 3 * len(fields) > run.room:
        raise OverflowError
    return uri(" or ".join(f"{text(name)} eq '{quoted}'" for name in fields))


DynamicsTool.offer({"phoneNumberFilter": [("ok", phone_number_filter)]})
