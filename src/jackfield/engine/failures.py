"""How a step's fault becomes the documented error of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from jackfield.domain.catalogue import CATALOGUE, found
from jackfield.domain.errors import ActionFailed
from jackfield.domain.finding import Finding, Place
from jackfield.domain.masking import Masker
from jackfield.engine.templates import TemplatePart
from jackfield.velocity import UndefinedVariableError, VelocityError

PROCESSING = "ACTION.PROCESSING"
REMOTE = "ACTION.REMOTE_ENDPOINT"
AUTHENTICATION = "ACTION.AUTHENTICATION"
HIDDEN = "Request to backend service failed. To see error details, use test mode"
SHOWN = "Request to backend service failed.  Response from web service: "


def processing_failed(*findings: Finding) -> ActionFailed:
    """Return the error of a run that failed on this side."""
    first, *more = findings
    entry = CATALOGUE[first.code]
    return ActionFailed(first, *more, status=entry.status, code=entry.wire_code, detail=PROCESSING)


def authentication_failed(finding: Finding) -> ActionFailed:
    """Return the error of a run that could not log in."""
    entry = CATALOGUE[finding.code]
    return ActionFailed(finding, status=entry.status, code=entry.wire_code, detail=AUTHENTICATION)


def remote_failed(
    finding: Finding,
    correlation_id: str,
    reason: str,
    *,
    status: int | None = None,
    code: str | None = None,
) -> ActionFailed:
    """Return the error of a run that failed at the web service.

    Args:
        finding: what happened, for people.
        correlation_id: ends the nested message.
        reason: the nested message's core, in the cloud's words where they are known.
        status: replaces the finding's own.
        code: replaces the finding's own.
    """
    entry = CATALOGUE[finding.code]
    return ActionFailed(
        finding,
        status=entry.status if status is None else status,
        code=entry.wire_code if code is None else code,
        detail=REMOTE,
        nested=f"REST call for action execute failed. Message: {reason} [{correlation_id}]",
    )


def template_failed(part: TemplatePart, error: VelocityError, names: Iterable[str]) -> ActionFailed:
    """Return the error of a template that could not be rendered, in the cloud's words.

    Args:
        part: the template.
        error: Velocity's error.
        names: variables that were set.
    """
    text = (
        f"Transform failed to process result using '{part.name}' template due to error:"
        f"'{error.message}'\n Template:'{part.text}'."
    )
    # Velocity counts a tab as several columns; the caret stands below the character itself.
    caret = error.offset - part.text.rfind("\n", 0, max(error.offset, 0))
    place = Place(
        part.pointer, error.line or None, error.column or None, error.excerpt, caret_column=max(caret, 1)
    )
    if isinstance(error, UndefinedVariableError):
        return processing_failed(_unset(text, place, error, list(names)))
    return processing_failed(
        found("TEMPLATE_NOT_RENDERED", place, text=text, fix=error.hint, seen=error.excerpt.strip())
    )


def _unset(text: str, place: Place, error: VelocityError, names: list[str]) -> Finding:
    variable = error.message.partition("$")[2].partition(" ")[0].strip("!{}.")
    near = get_close_matches(variable.lower(), [name.lower() for name in names], n=1, cutoff=0.6)
    nearest = next((name for name in names if near and name.lower() == near[0]), "")
    return found(
        "TEMPLATE_VARIABLE_UNSET",
        replace(place, width=max(len(variable) + 1, 1)),
        text=text,
        names=", ".join(f"${name}" for name in names) or "none",
        seen=f"${variable}",
        fix=f"Write `${nearest}`; `${variable}` is not set." if nearest else _remedy(variable, place.pointer),
    )


def _remedy(variable: str, pointer: str) -> str:
    """Return what sets a variable; a translation map does so for the success template alone, hence ""."""
    if not pointer.startswith("/config/request"):
        return ""
    if variable == "credentials":
        return (
            "`$credentials` is set while a credential of type `userDefined` or `userDefinedOAuth` is in the"
            " integration's slot. Attach one, or take the reference out."
        )
    if variable == "authResponse":
        return (
            "`$authResponse` is set while a credential of type `userDefinedOAuth` is in the integration's"
            " slot. Attach one, or take the reference out."
        )
    return (
        f"Write `$input.{variable}` if it is an input of the action, or set it with `#set` before it is used."
    )


def masked_failure(error: ActionFailed, mask: Masker) -> ActionFailed:
    """Return the error with every secret masked, wherever a rendered or remote text went into it."""
    first, *more = (masked_finding(finding, mask) for finding in error.findings)
    return ActionFailed(
        first,
        *more,
        status=error.status,
        code=error.code,
        detail=error.detail,
        nested=mask(error.nested),
    )


def masked_finding(finding: Finding, mask: Masker) -> Finding:
    """Return the finding with every secret masked."""
    return replace(
        finding,
        message=mask(finding.message),
        seen=mask(finding.seen),
        accepted=mask(finding.accepted),
        fix=mask(finding.fix),
        place=replace(finding.place, excerpt=mask(finding.place.excerpt)),
    )
