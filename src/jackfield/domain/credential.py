"""Credentials: types, stored credentials, values in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from jackfield.domain.finding import Grade
from jackfield.domain.secret import Secret


@dataclass(frozen=True, slots=True)
class CredentialField:
    """A field of a credential type.

    Args:
        name: key in `credentialFields`.
        title: what people read.
        sensitive: never returned.
        confirm: the user interface asks twice.
    """

    name: str
    title: str
    description: str = ""
    sensitive: bool = False
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class CredentialType:
    """A kind of credential, as data of the catalog.

    Args:
        name: such as `basicAuth`.
        fields: in display order.
        required: names of fields that must be given.
        open: true if any field names are accepted (userDefined); all its fields are sensitive.
    """

    name: str
    fields: tuple[CredentialField, ...]
    required: tuple[str, ...]
    grade: Grade
    open: bool = False
    description: str = ""

    def is_sensitive(self, field_name: str) -> bool:
        """Tell if a field's value must never be returned; unknown fields are sensitive."""
        return next((item.sensitive for item in self.fields if item.name == field_name), True)


@dataclass(frozen=True, slots=True)
class Credential:
    """A stored credential: what may be shown, and its sealed fields.

    Args:
        name: may be None and need not be unique.
        version: one more with each replacement; part of the sealed fields' associated data.
        sealed: field name to ciphertext.
    """

    id: str
    organization_id: str
    name: str | None
    type_name: str
    version: int
    created: datetime
    modified: datetime
    sealed: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A checked request to create or replace a credential."""

    name: str | None
    type_name: str
    fields: Mapping[str, Secret]


# Not frozen, and its `__init__` is written out: it is made on the hot path, where each frozen member costs a
# call, and where a generated `__init__` stays interpreted in a compiled server.
@dataclass(slots=True, init=False)
class CredentialValues:
    """A credential opened for one run. Not cached, not logged."""

    id: str
    type_name: str
    fields: Mapping[str, Secret]

    def __init__(
        self,
        id: str,  # noqa: A002 - it is the member's name
        type_name: str,
        fields: Mapping[str, Secret],
    ) -> None:
        self.id, self.type_name, self.fields = id, type_name, fields
