"""Looks for planted secrets in bytes, in every form in which they could slip through."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus


def forms(secret: str) -> dict[str, bytes]:
    """Return the forms of a secret: raw, UTF-16, base64 at each alignment, hex, URL-encoded, JSON-escaped."""
    raw = secret.encode()
    found = {
        "raw": raw,
        "utf-16": secret.encode("utf-16-le"),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "url": quote(secret, safe="").encode(),
        "form": quote_plus(secret).encode(),
        "json": json.dumps(secret)[1:-1].encode(),
        "json of json": json.dumps(json.dumps(secret)[1:-1])[1:-1].encode(),
        "reversed": raw[::-1],
    }
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw)
        inner = encoded[(0, 2, 3)[shift] : len(encoded) - 4]
        found[f"base64+{shift}"] = inner
        found[f"base64url+{shift}"] = inner.replace(b"+", b"-").replace(b"/", b"_")
    return found


def scan(places: Mapping[str, bytes], secrets: Iterable[str]) -> list[str]:
    """Return every hit as `<form> of secret <number> in <place>`; the secret itself is not printed."""
    hits = []
    for number, secret in enumerate(secrets):
        for form, needle in forms(secret).items():
            hits += [
                f"{form} of secret {number} in {place}" for place, data in places.items() if needle in data
            ]
    return hits


def files_below(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
