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

_FOLDERS = (
    Entry(
        code="YAML_UNREADABLE",
        title="YAML that cannot be read",
        cause="Indentation, quotes or a colon are not where YAML wants them; tabs never may indent.",
        message="`{path}` is no YAML that can be read: {reason}.",
        accepted="YAML with each key once; texts with special characters between single quotes.",
        fix="Mend the line; put the value between single quotes if it has `: `, ` #`, `{{`, `[`, `*` or `&` in it.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="ACTION_FOLDER_FILE_MISSING",
        title="File of an action's folder missing",
        cause="A contract stands in a file of its own, and that file is not there.",
        message="The folder has no `{name}`, so the {side} contract is taken to allow everything.",
        accepted="action.yaml, input.schema.json, output.schema.json, url.vm, request.vm, success.vm.",
        fix='Add `{name}`; an empty contract is {{"type": "object", "properties": {{}}}}.',
        grade=Grade.DOCUMENTED,
        severity=Severity.WARNING,
    ),
    Entry(
        code="ACTION_FOLDER_FILE_UNKNOWN",
        title="File of an action's folder that nothing reads",
        cause="The name of a template or of a contract's file is mistyped.",
        message="Nothing reads `{name}` in the folder of an action.{hint}",
        accepted="action.yaml, input.schema.json, output.schema.json, url.vm, request.vm, success.vm.",
        fix="Rename the file, or move it out of the folder.",
        grade=Grade.DOCUMENTED,
        severity=Severity.WARNING,
    ),
    Entry(
        code="ACTION_TEMPLATE_TWICE",
        title="Template given twice",
        cause="A template stands in action.yaml and in its own file, and only one can count.",
        message="`{name}` stands here and in `{file}`.",
        accepted="One of the two.",
        fix="Remove `{name}` from action.yaml, or delete `{file}`.",
        grade=Grade.DOCUMENTED,
    ),
)

_WRITING = (
    Entry(
        code="ACTION_FILE_EXISTS",
        title="File exists already",
        cause="Files are not overwritten unasked.",
        message="`{path}` exists already.",
        accepted="A path where nothing is yet, or --force.",
        fix="Choose another path with --out, or give --force to overwrite it.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="ACTION_FILE_UNWRITABLE",
        title="File cannot be written",
        cause="The folder does not exist or may not be written to, or the disk is full.",
        message="`{path}` cannot be written: {reason}.",
        accepted="A path in a folder that may be written to.",
        fix="Check the path and its permissions.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="ACTION_FORM_BEYOND",
        title="More than the form has",
        cause="Exported files have no category and no integration's id, bodies of the API no integration's type.",
        message="In the cloud, {form} has no {names}; written all the same, so that nothing is lost.",
        accepted="The members of the form.",
        fix="Give --plain to leave out what the form does not have.",
        grade=Grade.OBSERVED,
        severity=Severity.NOTE,
    ),
    Entry(
        code="ACTION_FORM_LACKS",
        title="Less than the form needs",
        cause="The form that was read does not say what the other form needs.",
        message="{form} needs `{name}`, which `{path}` does not say.",
        accepted="{example}",
        fix="Give {option}, or add {example} to the file.",
        grade=Grade.OBSERVED,
        severity=Severity.WARNING,
    ),
)

ENTRIES: tuple[Entry, ...] = (*_FILES, *_FOLDERS, *_WRITING)
