"""Recognizing files that are no data actions, so that a refusal can say what they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

_EXPORT: Final = "Name the action's file instead; the integration's page exports it as `*.custom.json`."
_TERRAFORM: Final = "Read the folder that it stands in with `--terraform DIR`."
_PLAN: Final = "Read it with `--plan FILE`."

_BY_START: Final = (
    (b"PK\x03\x04", "a zip archive", "Unpack it and name the files that were in it."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and name the files that were in it."),
    (b"%PDF", "a PDF", _EXPORT),
    (b"\x89PNG", "a picture", _EXPORT),
    (b"<", "XML or HTML", _EXPORT),
)
_BY_ENDING: Final = {
    ".tf": ("a Terraform configuration", _TERRAFORM),
    ".tfstate": (
        "a Terraform state",
        "Run `terraform show -json > plan.json` and read that with `--plan plan.json`.",
    ),
    ".tfplan": (
        "a saved Terraform plan",
        "Run `terraform show -json <file> > plan.json` and read that with `--plan plan.json`.",
    ),
    ".vm": ("a single template", "Name the folder that it stands in, with its `action.yaml`."),
    ".i3inboundflow": ("an Architect flow", _EXPORT),
}
_BY_NAMES: Final = (
    (("planned_values",), "a Terraform plan", _PLAN),
    (("terraform_version", "values"), "a Terraform state", _PLAN),
    (("openapi",), "an OpenAPI description", _EXPORT),
    (("swagger",), "an OpenAPI description", _EXPORT),
    (("info", "item"), "a Postman collection", _EXPORT),
    (("log",), "a recording of a browser (HAR)", "Give it to `jackfield explain`."),
    (("credentialFields",), "a credential", _EXPORT),
    (("integrationType", "credentials"), "an integration's configuration", _EXPORT),
    (
        ("$schema", "properties"),
        "a JSON schema",
        "Name the folder that it stands in, with its `action.yaml`, or the action's file.",
    ),
)


def what_it_is(path: Path, source: bytes, names: Sequence[str] = ()) -> tuple[str, str] | None:
    """Return what a file is if it is of a kind known to be no data action, and what to do with it.

    Args:
        path: its name's ending tells something.
        source: its bytes.
        names: the members of its JSON object, if it has been read.
    """
    for start, what, advice in _BY_START:
        if source.lstrip()[:4].startswith(start):
            return what, advice
    if path.suffix in _BY_ENDING:
        return _BY_ENDING[path.suffix]
    if path.suffix != ".json" and source.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        return ("an empty file" if not source.strip() else "a text that is not JSON"), _EXPORT
    if "config" in names:
        return None
    for wanted, what, advice in _BY_NAMES:
        if all(name in names for name in wanted):
            return what, advice
    return None
