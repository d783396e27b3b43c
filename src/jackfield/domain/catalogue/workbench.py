"""Findings about files of data actions and about testing them without a server."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Grade, Severity

_FORMS = (
    "An exported action (`*.custom.json`, `*.customAuth.json`), the body of the API, a folder with"
    " `action.yaml`, or, with --terraform and --plan, a Terraform configuration or plan."
)

_FILES = (
    Entry(
        code="ACTION_FILE_UNKNOWN",
        title="File is no data action",
        cause="The path names a file of another kind, often one that lies beside the actions.",
        message="`{path}` is {what}, not a data action.",
        accepted=_FORMS,
        fix="{advice}",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="ACTION_FOLDER_EMPTY",
        title="Folder without data actions",
        cause="Neither the folder nor anything below it is one of the forms that are read.",
        message="There is no data action in `{path}`.",
        accepted=_FORMS,
        fix="{advice}",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="ACTION_FILE_WITHOUT_CONFIG",
        title="Action without configuration",
        cause="The API answers an action's configuration and contract only when it is asked for them.",
        message="`{path}` has the name of an action but no `{name}`, so there is nothing to test.",
        accepted="An action with `config` and `contract`.",
        fix="Fetch it with `GET …/actions/<id>?includeConfig=true&expand=contract`, or export it from the"
        " integration's page.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="ACTION_CONTRACT_FLAT",
        title="Flattened contract",
        cause="The action was fetched with `flatten=true`; flattened schemas do not tell the original ones.",
        message="`{name}` is a flattened schema, from which the contract cannot be read.",
        accepted="`inputSchema` and `successSchema`.",
        fix="Fetch the action with `flatten=false`, or without `flatten`.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="ACTION_TYPE_UNKNOWN",
        title="Unknown type of action",
        cause="`actionType` says if a file is an action or the login of an integration.",
        message="The action's type is {seen_text}, which is neither of the two that there are.",
        accepted="`custom`, or `customAuth` for a login.",
        fix='Write "actionType": "custom".',
        grade=Grade.OBSERVED,
        severity=Severity.WARNING,
    ),
)

ENTRIES: tuple[Entry, ...] = _FILES
