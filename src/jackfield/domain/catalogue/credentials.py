"""Findings about credentials."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Grade, Severity

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="CREDENTIAL_TYPE_UNKNOWN",
        title="Unknown credential type",
        cause="The name is mistyped, or it is the name of a slot or of an integration type.",
        message="There is no credential type of this name.",
        accepted="A name from GET /api/v2/integrations/credentials/types.",
        fix='Send "type": {{"name": "basicAuth"}} or another of the accepted names.',
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="CREDENTIAL_FIELD_MISSING",
        title="Required credential field missing",
        cause="Each credential type requires some of its fields; which ones only the type itself tells.",
        message="A credential of type `{type}` needs the field `{name}`.{hint}",
        accepted="Required fields: {required}.",
        fix='Add "{name}" to `credentialFields`.',
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="CREDENTIAL_FIELDS_OUTSIDE",
        title="Fields beside credentialFields",
        cause="The values were put next to `name` and `type`, where nothing reads them.",
        message="{names} must stand inside of `credentialFields`.",
        accepted="All fields of the credential inside `credentialFields`.",
        fix='Send "credentialFields": {{{example}}}.',
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="CREDENTIAL_FIELDS_EMPTY",
        title="Credential without fields",
        cause="`credentialFields` was left out or is empty; the type requires none, so this is taken.",
        message="The credential has no fields: there is nothing in it for an action to use.",
        accepted="`credentialFields` with at least one field.",
        fix='Send "credentialFields": {{"…": "…"}} with the names that the actions refer to.',
        grade=Grade.INFERRED,
        severity=Severity.WARNING,
    ),
    Entry(
        code="CREDENTIAL_FIELD_BLANKS",
        title="Blank or line break around a secret",
        cause="The value was copied with the blank or line break beside it, or read from a file that ends in one.",
        message="The field `{name}` begins or ends with a blank or line break.",
        accepted="The value without blanks around it.",
        fix="Remove them unless they belong to the value.",
        grade=Grade.INFERRED,
        severity=Severity.WARNING,
    ),
    Entry(
        code="CREDENTIAL_FIELD_EMPTY",
        title="Required credential field empty",
        cause="A variable that was not set often ends up as an empty text.",
        message="The field `{name}` of a `{type}` credential is empty.",
        accepted="A text of at least one character.",
        fix='Fill in "{name}".',
        grade=Grade.INFERRED,
        severity=Severity.WARNING,
    ),
    Entry(
        code="CREDENTIAL_FIELD_UNKNOWN",
        title="Field that the credential type does not have",
        cause="The field belongs to another credential type, or its name is mistyped (case counts).",
        message="The credential type `{type}` has no field `{name}`; nothing will read it.{hint}",
        accepted="{fields}",
        fix="Rename or remove the field, or choose the type `userDefined` for fields of your own.",
        grade=Grade.INFERRED,
        severity=Severity.WARNING,
    ),
    Entry(
        code="CREDENTIAL_FIELD_NOT_TEXT",
        title="Credential field is not a text",
        cause="`credentialFields` maps names to strings; numbers and objects are not taken.",
        message="The field `{name}` must be a string, not a JSON {kind}.",
        accepted="A JSON string.",
        fix='Put the value of "{name}" between double quotes.',
        grade=Grade.DOCUMENTED,
    ),
)
