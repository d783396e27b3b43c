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

_SERVERS = (
    Entry(
        code="IMPORT_INTEGRATION_OPEN",
        title="No integration to import into",
        cause="An action belongs to an integration of its type; a file does not say which of them is meant.",
        message="`{name}` needs an integration{kind}, and {count}.",
        accepted="{candidates}",
        fix="{advice}",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="IMPORT_TYPE_DIFFERS",
        title="Action of another type of integration",
        cause="What templates see and where requests go depends on the type of integration.",
        message="`{name}` is an action for `{type}`; the integration `{integration}` is of type `{other}`.",
        accepted="An integration of type `{type}`.",
        fix="Name an integration of type `{type}` with --integration, or change `integrationType` in the file.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="IMPORT_LOGIN_MISSING",
        title="Integration without a login action",
        cause="The login action is not created: it appears when credentials of type userDefinedOAuth are attached"
        " to an integration, at most 15 seconds later.",
        message="The integration `{name}` has no login action that could be changed.",
        accepted="A web services integration with credentials of type `userDefinedOAuth`.",
        fix="Put such credentials into its slot `basicAuth`, then import the login again.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="EXPORT_NOTHING_FOUND",
        title="Nothing to export",
        cause="No data action has this category or belongs to this integration; built-in actions are not exported.",
        message="There is no data action {words}.",
        accepted="A filter that fits at least one action.",
        fix="Look at `jackfield action list`.",
        grade=Grade.ASSUMED,
    ),
)

_TERRAFORM = (
    Entry(
        code="TERRAFORM_UNREADABLE",
        title="Terraform file that cannot be read",
        cause="The file is not written in Terraform's language, or an expression in it is not finished.",
        message="`{path}` cannot be read: {reason}.",
        accepted="What `terraform validate` accepts.",
        fix="Run `terraform fmt` on the file; it names the same place.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="TERRAFORM_UNRESOLVED",
        title="Expression that only Terraform can resolve",
        cause="Without running Terraform nothing is known of other resources, data sources and most functions.",
        message="`{name}` cannot be resolved: {reason}.",
        accepted="Texts, lists and objects, `local.…`, variables with a value, and the functions {functions}.",
        fix="{advice}",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="TERRAFORM_WRONG_KIND",
        title="Attribute of the wrong kind",
        cause="The provider's documentation says which kind of value each attribute takes.",
        message="`{name}` must be {wanted}.",
        accepted="{wanted}",
        fix="{fix_text}",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="TERRAFORM_WITHOUT_ACTIONS",
        title="Terraform without data actions",
        cause="The folder is the wrong one, or the actions stand in a module that it calls.",
        message="`{path}` has no resource `genesyscloud_integration_action`.",
        accepted="Resources `genesyscloud_integration_action` and `genesyscloud_integration_custom_auth_action`.",
        fix="{advice}",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="PLAN_UNREADABLE",
        title="File is no plan",
        cause="A plan is saved in a form of its own; only `terraform show -json` turns it into JSON.",
        message="`{path}` is not the JSON of a Terraform plan or state.",
        accepted="The output of `terraform show -json tfplan`.",
        fix="Run `terraform plan -out=tfplan` and `terraform show -json tfplan > plan.json`.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="PLAN_CONTRACT_UNREADABLE",
        title="Contract of a plan that is no JSON",
        cause="The attribute is a text that holds JSON, and a character of it is wrong.",
        message="`{name}` holds no JSON: {reason}.",
        accepted="The JSON text of a schema.",
        fix="Use `jsonencode`.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="PLAN_VALUE_UNKNOWN",
        title="Value that the plan does not know",
        cause="The value comes out of a resource that is yet to be made, so the plan leaves it out.",
        message="`{address}` has no `{name}` in the plan: it is known only after it was applied.",
        accepted="A plan in which the value is known, or the JSON of the state after `terraform apply`.",
        fix="Apply first and read the output of `terraform show -json`, or write the value out.",
        grade=Grade.DOCUMENTED,
    ),
)

_NEW = (
    Entry(
        code="NEW_REQUEST_UNREADABLE",
        title="Request of a new action not understood",
        cause="`--request` takes a method and a URL, or a whole HTTP request as it goes over the line.",
        message="The request cannot be read: {reason}.",
        accepted="`GET https://host/orders/{{id}}?lang={{lang}}`, or a file: that line, headers, an empty line, the body.",
        fix="Write the method, a blank and the whole URL; {{name}} stands for an input.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="NEW_SAMPLE_EMPTY",
        title="Sample without values",
        cause="The reply has no text, number or truth value that an action could give.",
        message="Nothing can be made of the sample: {reason}.",
        accepted="The JSON of a reply with the values that the action is to give.",
        fix="Save a reply of the web service that has values in it.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="NEW_VALUE_LEFT_OUT",
        title="Part of the sample that needs a look",
        cause="One sample does not tell everything: nulls, values of several types, members that some items lack.",
        message="`{path}` of the sample needs a look: {reason}.",
        accepted="A sample with a value of one type there, in every item.",
        fix="Use a fuller sample, or add path, default, contract and template by hand.",
        grade=Grade.DOCUMENTED,
        severity=Severity.NOTE,
    ),
    Entry(
        code="NEW_SECRET_REPLACED",
        title="Secret replaced by a credential",
        cause="Secrets in headers would be readable for everybody who may see the action.",
        message="The secret in the header `{name}` was not written; the action takes `{template}` instead.",
        accepted="A field of the integration's credential.",
        fix="Put the value into a credential of the integration, under that name.",
        grade=Grade.DOCUMENTED,
        severity=Severity.NOTE,
    ),
)

ENTRIES: tuple[Entry, ...] = (*_FILES, *_FOLDERS, *_WRITING, *_SERVERS, *_TERRAFORM, *_NEW)
