"""Credentials of a test: read from a file, or made up so that nothing secret is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from jackfield.domain.catalogue import found
from jackfield.domain.credential import CredentialValues
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.secret import Secret
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.treatments import PLATFORM, WEB_SERVICES, integration_type_of

MADE_UP_ID: Final = "made-up"
_GIVEN_ID: Final = "given"
_USED: Final = re.compile(r"\$!?\{?credentials\.([A-Za-z][\w-]*)")
_LEADS_URL: Final = re.compile(r"\s*\$!?\{?credentials\.([A-Za-z][\w-]*)")
_LOGS_IN: Final = re.compile(r"\$!?\{?authResponse\b")
_BASIC: Final = frozenset({"userName", "password"})
_CLIENT: Final = frozenset({"clientId", "clientSecret"})


def read_credentials(path: Path, document: ActionDocument) -> CredentialValues:
    """Return the credentials that a JSON or YAML file holds.

    Args:
        path: an object of fields, or the API's form with `type` and `credentialFields`.
        document: the action; without `type`, it and the names of the fields tell the type.

    Raises:
        OperationRefused: the file cannot be read, or is neither of these.
    """
    try:
        whole = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except OSError as error:
        raise _unusable(path, (error.strerror or type(error).__name__).lower()) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        # The parser's words quote the text, which may be the secret itself.
        raise _unusable(path, "it is neither JSON nor YAML") from None
    try:
        return credentials_from(whole, document)
    except ValueError as error:
        raise _unusable(path, str(error)) from None


def credentials_from(whole: Any, document: ActionDocument) -> CredentialValues:
    """Return credentials from plain values.

    Raises:
        ValueError: they have another form; the message never quotes a value.
    """
    if not isinstance(whole, Mapping):
        raise ValueError("it is no object")
    fields = whole.get("credentialFields", whole.get("fields"))
    kind = whole.get("type")
    if fields is None:
        fields, kind = whole, None
    if not isinstance(fields, Mapping):
        raise ValueError("its fields are no object")
    for name, value in fields.items():
        if isinstance(value, Mapping | list):
            raise ValueError(f"the field `{name}` is no text")
    if isinstance(kind, Mapping):
        kind = kind.get("name") or kind.get("id")
    secrets = {str(name): Secret("" if value is None else str(value)) for name, value in fields.items()}
    return CredentialValues(_GIVEN_ID, str(kind) if kind else type_for(document, secrets), secrets)


def type_for(document: ActionDocument, names: Iterable[str]) -> str:
    """Return the type of credentials that an action's integration takes, as far as the fields tell it."""
    fields = frozenset(names)
    kind = integration_type_of(document)
    if kind == PLATFORM:
        return "pureCloudOAuthClient"
    if kind == "salesforce-datadip":
        return "salesforce"
    if kind == "aws-lambda-data-actions":
        return "amazonWebServicesARN"
    if kind == WEB_SERVICES and needs_login(document):
        return "userDefinedOAuth"
    if kind == WEB_SERVICES and fields <= _BASIC and "userName" in fields:
        return "basicAuth"
    return "userDefined"


def made_up_credentials(document: ActionDocument) -> CredentialValues | None:
    """Return credentials with every field that an action's templates name; None if it needs none.

    The values are recognizable, and the same every time. A field that begins a URL is one.
    """
    request = document.config.request
    texts = (request.url_template, request.template, *request.headers.values())
    names = list(dict.fromkeys(name for text in texts for name in _USED.findall(text)))
    kind = integration_type_of(document)
    if kind == PLATFORM:
        names = sorted(_CLIENT)
    if not names and kind == WEB_SERVICES and not needs_login(document) and not document.is_login:
        return None
    leading = _LEADS_URL.match(request.url_template)
    fields = {
        name: Secret(
            f"https://{name.lower().replace('_', '-')}.example.com/login"
            if leading and leading.group(1) == name
            else f"made-up-{name}"
        )
        for name in names
    }
    type_name = "userDefinedOAuth" if document.is_login else type_for(document, fields)
    return CredentialValues(MADE_UP_ID, "userDefined" if type_name == "basicAuth" else type_name, fields)


def needs_login(document: ActionDocument) -> bool:
    """Tell if an action uses the answer of its integration's login."""
    request = document.config.request
    texts = (request.url_template, request.template, *request.headers.values())
    return any(_LOGS_IN.search(text) for text in texts)


def login_fields(document: ActionDocument) -> dict[str, str]:
    """Return a made-up answer of a login, with every field that an action's templates name."""
    request = document.config.request
    texts = (request.url_template, request.template, *request.headers.values())
    names = re.findall(r"\$!?\{?authResponse\.([A-Za-z][\w-]*)", "\n".join(texts))
    leading = re.match(r"\s*\$!?\{?authResponse\.([A-Za-z][\w-]*)", request.url_template)
    return {
        name: "https://instance.example.com" if leading and leading.group(1) == name else f"made-up-{name}"
        for name in dict.fromkeys(names)
    }


def _unusable(path: Path, reason: str) -> OperationRefused:
    place = Place(file=str(path))
    return OperationRefused(found("CREDENTIALS_UNREADABLE", place, path=path, reason=reason))
