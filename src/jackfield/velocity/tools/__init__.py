"""The tools that data action templates find in their context, and the base for more."""

from __future__ import annotations

from collections.abc import Callable

from jackfield.velocity.tools.encoding import EncodingTool
from jackfield.velocity.tools.escape import EscapeTool
from jackfield.velocity.tools.math import MathTool
from jackfield.velocity.tools.msdynamics import DynamicsTool
from jackfield.velocity.tools.salesforce import SalesforceTool
from jackfield.velocity.tools.success import SuccessTemplateTool
from jackfield.velocity.tools.tool import Tool
from jackfield.velocity.tools.url import UrlTool

__all__ = ["Tool", "standard_tools"]


def standard_tools(random: Callable[[], float] | None = None) -> dict[str, Tool]:
    """The tools by the names templates know them by, to be merged into a context.

    random: the source of ``$math.random``, numbers from 0 up to 1; by default one of its own.
    """
    return {
        "esc": EscapeTool(),
        "math": MathTool(random),
        "encoding": EncodingTool(),
        "successTemplateUtils": SuccessTemplateTool(),
        "urlTool": UrlTool(),
        "salesforce": SalesforceTool(),
        "msdynamics": DynamicsTool(),
    }
