"""Inputs of a test: as they are given, or made up from the input contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from jackfield.domain.errors import OperationRefused
from jackfield.domain.json_reader import read_json
from jackfield.engine.json_text import NotJson, read_json_text
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.samples import sample_object

_LEADS_URL: Final = re.compile(r"\s*\$!?\{?input\.([A-Za-z][\w-]*)")
_AUTHORITY: Final = re.compile(r"\s*https?://([^/?#]*)", re.IGNORECASE)
_INPUT: Final = re.compile(r"\$!?\{?input\.([A-Za-z][\w-]*)")


def made_up_inputs(document: ActionDocument) -> dict[str, Any]:
    """Return an input with every property of the contract; what begins the URL is a URL, hosts are names."""
    values = sample_object(document.contract.input_schema)
    url = document.config.request.url_template
    authority = _AUTHORITY.match(url)
    for name in _INPUT.findall(authority.group(1)) if authority is not None else ():
        if isinstance(values.get(name), str):
            values[name] = "sample"
    leading = _LEADS_URL.match(url)
    if leading is not None and isinstance(values.get(leading.group(1)), str):
        values[leading.group(1)] = "https://service.example.com"
    return values


def parse_inputs(text: str) -> Mapping[str, Any] | None:
    """Return the object that a JSON text is, None if it is another value: the first step judges that.

    Raises:
        OperationRefused: it is not JSON; the findings say where and why.
    """
    try:
        value = read_json_text(text.encode("utf-8", "replace"))
    except NotJson:
        errors = tuple(fault for fault in read_json(text).faults if fault.is_error)
        if errors:
            raise OperationRefused(*errors) from None
        raise
    return value if isinstance(value, dict) else None
