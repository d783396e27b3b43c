"""What may be written into a recording: never a secret, neither ours nor one that the service gave."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from jackfield.domain.masking import Masker
from jackfield.domain.secret import MASK
from jackfield.domain.sensitive import holds_only_secrets, holds_secret
from jackfield.engine.json_text import NotJson, json_text, read_json_text

_SCHEMES: Final = ("basic", "bearer", "digest")


def redacted_headers(headers: Iterable[tuple[str, str]], mask: Masker) -> dict[str, str]:
    """Return headers by lower-case name; of those that carry secrets only the scheme stays."""
    shown: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        if holds_secret(key):
            scheme = value.partition(" ")[0]
            text = f"{scheme} {MASK}" if scheme.lower() in _SCHEMES else MASK
        else:
            text = mask(value)
        shown[key] = f"{shown[key]}, {text}" if key in shown else text
    return shown


def redacted_body(body: bytes | None, mask: Masker) -> str | None:
    """Return a body as text, None if there is none; of JSON the members that hold secrets are masked, too."""
    if body is None:
        return None
    text = body.decode("utf-8", "replace")
    try:
        value = read_json_text(body)
    except NotJson:
        return mask(text)
    clean = mask.value(without_secrets(value))
    return text if clean == value else json_text(clean)


def without_secrets(value: Any) -> Any:
    """Return a JSON value with the members masked whose names say that they hold secrets."""
    if isinstance(value, Mapping):
        return {name: _member(str(name), item) for name, item in value.items()}
    return [without_secrets(item) for item in value] if isinstance(value, list) else value


def _member(name: str, item: Any) -> Any:
    if holds_only_secrets(name) and isinstance(item, Mapping):
        return dict.fromkeys(item, MASK)
    if holds_secret(name) and isinstance(item, str | int | float) and not isinstance(item, bool):
        return MASK
    return without_secrets(item)


def stored_body(text: str | None) -> dict[str, Any]:
    """Return a body for a recording: as JSON where that gives the same text again, else as text."""
    if text is None:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {"text": text}
    return {"json": value} if json_text(value) == text else {"text": text}


def restored_body(stored: Mapping[str, Any]) -> str | None:
    """Return the text of a body of a recording, None if there was none."""
    if "json" in stored:
        return json_text(stored["json"])
    text = stored.get("text")
    return text if isinstance(text, str) else None
