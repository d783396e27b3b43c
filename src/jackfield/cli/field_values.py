"""Where a credential's values come from: environment, files, standard input, a prompt; never arguments."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click

from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.files import STANDARD_INPUT, read_text
from jackfield.client.credentials import CredentialType
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.secret import Secret


@dataclass(frozen=True, slots=True)
class Sources:
    """What was said on the command line about values.

    Args:
        plain: `FIELD=VALUE` for fields that are no secrets.
        variables: `FIELD=VARIABLE`.
        files: `FIELD=PATH`.
        standard_input: the field whose value is read from standard input, or "".
        whole: a JSON file with all fields, `-`, or "".
        may_ask: False with --no-input.
    """

    plain: Sequence[str] = ()
    variables: Sequence[str] = ()
    files: Sequence[str] = ()
    standard_input: str = ""
    whole: str = ""
    may_ask: bool = True


def is_sensitive(kind: CredentialType, field: str) -> bool:
    """Tell if a field is a secret; fields that the type does not describe are."""
    described = (kind.get("properties") or {}).get(field)
    return described is None or bool(described.get("sensitive"))


def gather(kind: CredentialType, sources: Sources, environment: Mapping[str, str]) -> dict[str, Secret]:
    """Return the values of a credential's fields.

    Args:
        kind: the credential's type, as the server describes it.
        sources: from the command line.
        environment: variable name to value.

    Raises:
        OperationRefused: a secret stands on the command line, a source cannot be read, or required values are
            missing and nobody can be asked.
    """
    return _complete(kind, sources, _given(kind, sources, environment))


def gather_given(kind: CredentialType, sources: Sources, environment: Mapping[str, str]) -> dict[str, Secret]:
    """Return the values that were named; if none were, ask for the secrets of the type.

    Raises:
        OperationRefused: as `gather`; no value was named and nobody can be asked.
    """
    values = _given(kind, sources, environment)
    if values:
        return values
    described = kind.get("properties") or {}
    if not (sources.may_ask and sys.stdin.isatty()):
        raise _missing(kind, ())
    for name in [name for name in kind.get("displayOrder") or described if is_sensitive(kind, name)]:
        if text := _ask(kind, name):
            values[name] = Secret(text)
    if not described:
        values.update(_ask_freely())
    return values


def _given(kind: CredentialType, sources: Sources, environment: Mapping[str, str]) -> dict[str, Secret]:
    values = {name: Secret(text) for name, text in _whole(sources.whole).items()}
    for name, text in _pairs("--field", sources.plain):
        if is_sensitive(kind, name):
            raise _secret_argument(name)
        values[name] = Secret(text)
    for name, variable in _pairs("--from-env", sources.variables):
        values[name] = Secret(_variable(variable, environment))
    for name, path in _pairs("--from-file", sources.files):
        values[name] = Secret(read_text(path).removesuffix("\n").removesuffix("\r"))
    if sources.standard_input:
        values[sources.standard_input] = Secret(
            read_text(STANDARD_INPUT).removesuffix("\n").removesuffix("\r")
        )
    return values


def _complete(kind: CredentialType, sources: Sources, values: dict[str, Secret]) -> dict[str, Secret]:
    """Ask for what is missing, or refuse."""
    described = kind.get("properties") or {}
    asks = sources.may_ask and sys.stdin.isatty() and not sources.whole
    missing = [name for name in kind.get("required") or [] if name not in values]
    if not asks:
        if not values and (missing or not described):
            raise _missing(kind, missing)
        # What was given may be incomplete or misspelt: the server says it better, all faults at once.
        return values
    order = [name for name in kind.get("displayOrder") or described if name in described]
    for name in order:
        if name not in values:
            text = _ask(kind, name)
            if text or name in missing:
                values[name] = Secret(text)
    if not described and not values:
        values.update(_ask_freely())
    return values


def _ask(kind: CredentialType, name: str) -> str:
    field = (kind.get("properties") or {}).get(name) or {}
    required = name in (kind.get("required") or [])
    label = f"{field.get('title') or name}{'' if required else ' (optional)'}"
    answer = click.prompt(
        label,
        default=None if required else "",
        show_default=False,
        hide_input=is_sensitive(kind, name),
        confirmation_prompt=bool(field.get("confirm")),
        err=True,
    )
    return str(answer)


def _ask_freely() -> dict[str, Secret]:
    """Ask for names and values until an empty name."""
    values: dict[str, Secret] = {}
    while name := str(click.prompt("Field name (empty to end)", default="", show_default=False, err=True)):
        values[name] = Secret(str(click.prompt(name, hide_input=True, err=True)))
    return values


def _pairs(option: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name:
            reason = f"{option} takes FIELD=…, with an equals sign."
            finding = found(
                "USAGE_REFUSED", reason=reason, usage=f"{option} FIELD=…", command="jackfield cred add"
            )
            raise OperationRefused(finding, exit_code=ExitCode.USAGE)
        pairs.append((name, value))
    return pairs


def _variable(name: str, environment: Mapping[str, str]) -> str:
    if name not in environment:
        finding = found(
            "CONNECTION_SETTING_REFUSED",
            Place(name),
            name=f"The environment variable {name}",
            wanted="the field's value",
            seen="not set",
        )
        raise OperationRefused(finding, exit_code=ExitCode.USAGE)
    return environment[name]


def _whole(path: str) -> dict[str, str]:
    if not path:
        return {}
    try:
        parsed = json.loads(read_text(path))
    except ValueError as error:
        # The parser's own sentence would quote the text, which holds secrets.
        raise _unreadable(path, f"it is not JSON (line {getattr(error, 'lineno', 1)})") from None
    if not isinstance(parsed, dict) or not all(isinstance(value, str) for value in parsed.values()):
        raise _unreadable(path, "it is not a JSON object with text values")
    return {str(name): str(value) for name, value in parsed.items()}


def _unreadable(path: str, reason: str) -> OperationRefused:
    finding = found("FILE_UNREADABLE", Place(path), path=path, reason=reason)
    return OperationRefused(finding, exit_code=ExitCode.USAGE)


def _secret_argument(name: str) -> OperationRefused:
    finding = found(
        "ARGUMENT_SECRET", Place(f"--field {name}"), field=name, instead=f"--from-env {name}=VARIABLE"
    )
    return OperationRefused(finding, exit_code=ExitCode.USAGE)


def _missing(kind: CredentialType, missing: Sequence[str]) -> OperationRefused:
    fields = ", ".join(f"`{name}`" for name in missing) or "at least one field"
    finding = found("CREDENTIAL_VALUES_MISSING", type=kind.get("name") or "", fields=fields)
    return OperationRefused(finding, exit_code=ExitCode.USAGE)
