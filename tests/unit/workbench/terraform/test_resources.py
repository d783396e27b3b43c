"""Data actions out of a folder of Terraform configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Severity
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.terraform import load_terraform

ACTION = """resource "genesyscloud_integration_action" "look_up" {{
  name           = "Look up"
  category       = "Orders"
  integration_id = genesyscloud_integration.web.id
  secure         = true
  contract_input = jsonencode({{
    type = "object"
    properties = {{ id = {{ type = "string" }} }} # the order's number
  }})
  contract_output = jsonencode({{ "type" : "object" }})
  config_timeout_seconds = 20
  config_request {{
    request_url_template = {url}
    request_type         = "POST"
    headers              = {{ "Content-Type" = "application/json", Accept = "application/json" }}
    request_template     = {body}
  }}
  config_response {{
    translation_map          = {{ state = "$.state" }}
    translation_map_defaults = {{ state = "\\"none\\"" }}
    success_template         = {success}
  }}
}}
resource "genesyscloud_integration" "web" {{
  integration_type = "custom-rest-actions"
}}
"""
URL, BODY, SUCCESS = '"https://a.example.com/$${input.id}"', '"$${input.rawRequest}"', '"$${rawResult}"'


def _folder(
    tmp_path: Path, *, url: str = URL, body: str = BODY, success: str = SUCCESS, more: str = ""
) -> Path:
    text = ACTION.format(url=url, body=body, success=success) + more
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    return tmp_path


def _one(folder: Path, **variables: str) -> ActionDocument:
    (document,) = load_terraform(folder, variables)
    return document


def _refused(folder: Path) -> Finding:
    with pytest.raises(OperationRefused) as refusal:
        load_terraform(folder)
    return refusal.value.findings[0]


def test_an_action_is_read_whole(tmp_path: Path) -> None:
    """Every attribute arrives, and the integration's type by the reference to it."""
    document = _one(_folder(tmp_path))
    assert (document.name, document.category, document.secure) == ("Look up", "Orders", True)
    assert document.integration_type == "custom-rest-actions"
    assert document.config.timeout_seconds == 20
    assert document.config.request.request_type == "POST"
    assert document.config.request.url_template == "https://a.example.com/${input.id}"
    assert document.config.request.headers == {
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    assert document.config.response.translation_map == {"state": "$.state"}
    assert document.config.response.translation_map_defaults == {"state": '"none"'}
    assert json.loads(document.contract.input_schema) == {
        "type": "object",
        "properties": {"id": {"type": "string"}},
    }
    assert not document.findings


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (r'"a\tb\n\"$${input.x}\" \u00e9"', 'a\tb\n"${input.x}" é'),
        (r'"$${f(\"$${a}\", \"$esc.quote\")}"', '${f("${a}", "$esc.quote")}'),
        ('"$!{input.x} $ % {"', "$!{input.x} $ % {"),
        ('"%%{if}"', "%{if}"),
        ('"${local.host}/$${input.x}"', "https://b.example.com/${input.x}"),
        ('"${local.host}"', "https://b.example.com"),
        ('"${var.stage}-${local.limits.most}"', "test-20"),
        ("local.limits[\"word\"]", "w"),
        ('local.on ? "yes" : "no"', "yes"),
        ("<<EOT\n  {\"a\": \"$${input.x}\"}\\n\nEOT\n", '  {"a": "${input.x}"}\\n\n'),
        ("<<-EOT\n      {\n        ${local.host}\n\n      }\n    EOT\n", "{\n  https://b.example.com\n\n}\n"),
        ('jsonencode({ b = "$${input.x}", a = [1, 2.5, true, null, "<"] })',
         '{"a":[1,2.5,true,null,"\\u003c"],"b":"${input.x}"}'),
        ('join(",", ["a", "b"])', "a,b"),
        ('trimspace("  a b ")', "a b"),
        ('chomp("a\\n")', "a"),
        ("tostring(5)", "5"),
        ("(\"a\")", "a"),
        ("jsonencode(merge({ a = 1 }, { a = -2 }))", '{"a":-2}'),
        ('jsonencode(<<EOT\nx\nEOT\n)', '"x\\n"'),
    ],
)  # fmt: skip
def test_expressions_come_to_what_terraform_makes_of_them(
    tmp_path: Path, expression: str, value: str
) -> None:
    """Escapes, references, heredocs and functions give the text that the cloud would get."""
    more = """
locals {
  host   = "https://b.example.com"
  limits = { most = 20, word = "w" }
  on     = !false
}
variable "stage" { default = "test" }
"""
    assert _one(_folder(tmp_path, body=expression, more=more)).config.request.template == value


def test_files_are_read_beside_the_configuration(tmp_path: Path) -> None:
    """`file` and `templatefile` without variables give the file's text, and places lead into it."""
    (tmp_path / "success.vm").write_text('{\n  "state": ${state}\n}', encoding="utf-8")
    document = _one(_folder(tmp_path, success='file("${path.module}/success.vm")'))
    assert document.config.response.success_template == '{\n  "state": ${state}\n}'
    place = document.origin.place("/config/response/successTemplate", 13, 8)
    assert (Path(place.file).name, place.line, place.column) == ("success.vm", 2, 12)


def test_variables_come_from_the_caller_before_the_files(tmp_path: Path) -> None:
    """The command line's value counts before terraform.tfvars, and that before the default."""
    folder = _folder(
        tmp_path,
        body='"${var.a}${var.b}${var.c}"',
        more='variable "a" { default = "1" }\nvariable "b" {}\nvariable "c" {}\n',
    )
    (folder / "terraform.tfvars").write_text('b = "2"\nc = "no"\n', encoding="utf-8")
    assert _one(folder, c="${x}").config.request.template == "12${x}"


@pytest.mark.parametrize(
    ("expression", "reason", "there"),
    [
        ("var.missing", "there is no variable `missing`", "request_template"),
        ("var.open", "the variable `open` has no value here", "request_template"),
        (
            "aws_lambda_function.f.arn",
            "`aws_lambda_function.f.arn` is known only to Terraform",
            "request_template",
        ),
        ("data.x.y.id", "`data.x.y.id` is known only to Terraform", "request_template"),
        ('upper("a")', "the function `upper` is not evaluated here", "request_template"),
        ("[for a in [] : a]", "is not evaluated here", "request_template"),
        ("bare", "`bare` is no value", "request_template"),
        ('"a ${var.open} b"', "the variable `open` has no value here", "request_template"),
        ("<<EOT\n\n ${var.open}\nEOT\n", "the variable `open` has no value here", "\n ${var.open}"),
        ('"%{ if true }a%{ endif }"', "a template with `%{` is not evaluated here", "request_template"),
        ('file("absent.vm")', "there is no file", "request_template"),
        ("local.loop", "`local.loop` refers to itself", "loop ="),
        ("local.nothing.at.all", "`local.nothing.at.all` is known only to Terraform", "request_template"),
        ('"a ${local.list}"', "a list or an object cannot stand in a text", "request_template"),
    ],
)
def test_what_only_terraform_knows_is_a_finding(
    tmp_path: Path, expression: str, reason: str, there: str
) -> None:
    """The finding says the attribute, why, and file and line."""
    more = 'variable "open" {}\nlocals {\n  loop = "${local.loop}"\n  list = []\n}\n'
    folder = _folder(tmp_path, body=expression, more=more)
    finding = _refused(folder)
    assert finding.code == "TERRAFORM_UNRESOLVED"
    assert finding.message.startswith("`request_template` cannot be resolved")
    assert reason in finding.message
    assert finding.place.file == str(tmp_path / "main.tf")
    text = (folder / "main.tf").read_text(encoding="utf-8")
    assert finding.place.line == text[: text.index(there) + 1].count("\n") + 1
    assert finding.fix


def test_a_name_that_is_not_resolved_only_warns(tmp_path: Path) -> None:
    """Without a name the resource's own name serves."""
    folder = _folder(tmp_path)
    text = (folder / "main.tf").read_text(encoding="utf-8").replace('"Look up"', "random_id.a.hex")
    (folder / "main.tf").write_text(text, encoding="utf-8")
    document = _one(folder)
    assert document.name == "look_up"
    assert [finding.severity for finding in document.findings] == [Severity.WARNING]


def test_places_lead_into_the_configuration(tmp_path: Path) -> None:
    """Offsets count in the text that the cloud gets, and are found where its characters were written."""
    document = _one(_folder(tmp_path, body=r'"{\"a\": \"$${input.id}\"}"'))
    lines = (tmp_path / "main.tf").read_text(encoding="utf-8").splitlines()
    place = document.origin.place("/config/request/requestTemplate", 8, 10)
    assert document.config.request.template[8:18] == "{input.id}"
    assert lines[(place.line or 0) - 1][(place.column or 0) - 1 :].startswith("{input.id}")
    inner = document.origin.place("/contract/input/inputSchema/properties/id/type", 0, 6)
    assert lines[(inner.line or 0) - 1][(inner.column or 0) - 1 :].startswith("string")
    around = document.origin.place("/config/response/translationMap/other")
    assert lines[(around.line or 0) - 1].strip().startswith("translation_map ")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "TERRAFORM_WITHOUT_ACTIONS"),
        ('module "orders" {\n  source = "./orders"\n}\n', "TERRAFORM_WITHOUT_ACTIONS"),
        ('resource "a" "b" {\n', "TERRAFORM_UNREADABLE"),
        ("a = = b\n", "TERRAFORM_UNREADABLE"),
        ("a = 1 ? ; 2\n", "TERRAFORM_UNREADABLE"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str, code: str) -> None:
    """What is no configuration, or one without actions, is said to be so."""
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    finding = _refused(tmp_path)
    assert finding.code == code
    assert finding.place.file.startswith(str(tmp_path))


def test_a_module_is_named_as_the_next_step(tmp_path: Path) -> None:
    """A folder that only calls modules says which."""
    (tmp_path / "main.tf").write_text('module "orders" {\n  source = "./orders"\n}\n', encoding="utf-8")
    assert "`orders`" in _refused(tmp_path).fix


@pytest.mark.parametrize("name", ["no.txt", "main.tf.json"])
def test_a_folder_without_configuration_is_refused(tmp_path: Path, name: str) -> None:
    """A folder without `*.tf` files says so."""
    (tmp_path / name).write_text("{}", encoding="utf-8")
    assert _refused(tmp_path).code == "FILE_UNREADABLE"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("secure         = true", 'secure = "yes"', "TERRAFORM_WRONG_KIND"),
        ("config_timeout_seconds = 20", 'config_timeout_seconds = "20s"', "TERRAFORM_WRONG_KIND"),
        ('{ state = "$.state" }', '"$.state"', "TERRAFORM_WRONG_KIND"),
        ('{ state = "$.state" }', "{ state = [] }", "TERRAFORM_WRONG_KIND"),
        ('jsonencode({ "type" : "object" })', '"[]"', "TERRAFORM_WRONG_KIND"),
        ('jsonencode({ "type" : "object" })', '"{\\"type\\" \\"object\\"}"', "JSON_COLON_EXPECTED"),
        ("  config_request {", '  dynamic "config_request" {', "TERRAFORM_UNRESOLVED"),
    ],
)
def test_attributes_of_the_wrong_kind_are_findings(tmp_path: Path, old: str, new: str, code: str) -> None:
    """The finding names the attribute's place."""
    folder = _folder(tmp_path)
    text = (folder / "main.tf").read_text(encoding="utf-8")
    assert old in text
    (folder / "main.tf").write_text(text.replace(old, new, 1), encoding="utf-8")
    finding = _refused(folder)
    assert finding.code == code
    assert finding.place.line == text[: text.index(old)].count("\n") + 1


def test_an_unknown_attribute_warns_with_the_nearest(tmp_path: Path) -> None:
    """A mistyped attribute is a warning that names the right one."""
    folder = _folder(tmp_path)
    text = (folder / "main.tf").read_text(encoding="utf-8").replace("  category ", "  categorie ")
    (folder / "main.tf").write_text(text, encoding="utf-8")
    (finding,) = _one(folder).findings
    assert "`category`" in finding.message


def test_a_login_is_a_custom_auth_action(tmp_path: Path) -> None:
    """The resource of a login gives a customAuth action of web services."""
    text = """resource "genesyscloud_integration_custom_auth_action" "login" {
  integration_id = genesyscloud_integration.web.id
  config_request {
    request_url_template = "$${credentials.loginUrl}"
    request_type         = "POST"
  }
}
"""
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    document = _one(tmp_path)
    assert document.is_login
    assert (document.name, document.integration_type) == ("login", "custom-rest-actions")
    assert document.config.request.url_template == "${credentials.loginUrl}"
