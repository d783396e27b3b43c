"""`jackfield action import`, `export`, `publish`, `delete` and `test --server` against a real server."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jackfield.client.actions import Actions
from jackfield.client.http import Client
from jackfield.client.integrations import Integrations
from jackfield.client.profiles import Flags, resolve
from jackfield.workbench.forms import load
from jackfield.workbench.recorded_service import RecordedService
from support.command_line import Commands
from support.sample_actions import TEXT, WHOLE_ACTIONS, exported, login
from support.server import Server

WEB = "custom-rest-actions"
HOME = "Home of imported actions"
# Of web services, and executable there.
OWN = sorted(
    name
    for name, action in WHOLE_ACTIONS.items()
    if action["integrationType"] == WEB and action["actionType"] == "custom"
)


@pytest.fixture(scope="module")
def variables(server: Server) -> dict[str, str]:
    """The variables that `up` prints."""
    return {
        "GENESYSCLOUD_REGION": server.url,
        "GENESYSCLOUD_OAUTHCLIENT_ID": server.client_id,
        "GENESYSCLOUD_OAUTHCLIENT_SECRET": server.client_secret,
    }


@pytest.fixture(scope="module")
def client(variables: dict[str, str]) -> Iterator[Client]:
    """A client of that server."""
    with Client(resolve(Flags(), variables)) as opened:
        yield opened


@pytest.fixture(scope="module")
def home(client: Client) -> str:
    """An enabled integration of web services; returns its id."""
    calls = Integrations(client)
    made = str(calls.create(WEB, HOME)["id"])
    calls.set_state(made, "ENABLED")
    return made


@pytest.fixture
def commands(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    tmp_path: Path,
) -> Commands:
    """Runs commands against that server, in a folder of the test's own."""
    commands = Commands(monkeypatch, capsys)
    commands.set(variables)
    monkeypatch.chdir(tmp_path)
    return commands


def write(name: str, action: Any) -> Path:
    """Write an action's file."""
    path = Path(name)
    path.write_text(action if isinstance(action, str) else json.dumps(action, indent=1))
    return path


def imported(commands: Commands, home: str, path: Path, *options: str) -> dict[str, Any]:
    """Import one action and return it."""
    outcome = commands("action", "import", str(path), "--integration", home, *options, "--json")
    assert outcome.code == 0, outcome.out + outcome.err
    (action,) = outcome.document["actions"]
    assert isinstance(action, dict)
    return action


@pytest.mark.parametrize("name", OWN)
def test_what_was_imported_is_exported_without_loss(commands: Commands, home: str, name: str) -> None:
    """File to server to file, in each form, gives the same action."""
    path = write("a.custom.json", WHOLE_ACTIONS[name])
    action = imported(commands, home, path, "--publish", "--category", "Own")
    wanted = replace(load(path)[0], category="Own", integration_id=home)
    for form in ("export", "api", "folder"):
        written = commands("action", "export", action["id"], "--to", form, "--out", f"out-{form}")
        assert written.code == 0, written.err
        (document,) = load(Path(f"out-{form}"))
        assert document == wanted


def test_texts_and_numbers_keep_every_character(commands: Commands, home: str) -> None:
    """Digits of the contract, line ends and blanks of templates, order of members."""
    action = exported(
        "https://s.example.com/${input.n}",
        "POST",
        name="Exact “values” \U0001f600",
        body='{\r\n\t"n": ${input.n} \n}\n\n',
        success='\n{"z": 1}\n',
        inputs={"z": TEXT, "n": {"type": "number", "maximum": 0}},
    )
    text = json.dumps(action).replace('"maximum": 0', '"maximum": 12345678901234567890.500e+3')
    path = write("exact.custom.json", text)
    made = imported(commands, home, path)
    shown = commands("action", "export", made["id"], "--draft")
    assert "12345678901234567890.500e+3" in shown.out
    write("again.custom.json", shown.out)
    again, first = load(Path("again.custom.json"))[0], load(path)[0]
    assert (again.config, again.contract, again.name) == (first.config, first.contract, first.name)


def test_a_draft_is_made_tested_and_published(commands: Commands, home: str) -> None:
    """The way of the user interface, from a file to an action that runs."""
    with RecordedService() as service:
        service.answer("GET", "/o/7", {"state": "open", "more": [1, 2]})
        path = write(
            "flow.custom.json",
            exported(
                f"{service.url}/o/${{input.id}}",
                name="Import flow",
                paths={"state": "$.state", "none": "$.nope"},
                defaults={"none": '"-"'},
                success='{"state": ${state}, "none": ${none}}',
                inputs={"id": TEXT},
                required=("id",),
            ),
        )
        made = imported(commands, home, path)
        assert made["version"] == 1
        assert "Import flow" in commands("action", "list", "--drafts").out
        assert "Import flow" not in commands("action", "list").out
        arguments = ("action", "test", "--server", "Import flow", "--input", '{"id": "7"}')
        tested = commands(*arguments, "--draft")
        assert tested.code == 0, tested.out + tested.err
        assert "2. Validate draft definition" in tested.out
        assert 'state\tstring\t"open"\t$.state\tfound' in tested.out
        assert 'none\tstring\t"-"\t$.nope\tnothing there; the default' in tested.out
        assert '{"state": "open", "none": "-"}' in tested.out
        assert tested.out.endswith("passed\n")
        assert commands("action", "publish", "Import flow").code == 0
        assert commands(*arguments).code == 0
        document = commands(*arguments, "--json").document
        assert (document["ok"], document["final_result"]["state"]) == (True, "open")
        assert [one["step"] for one in document["operations"]] == [*range(1, 12)]
        failed = commands(*arguments[:-1], '{"ID": "7"}')
        assert failed.code == 7
        assert "FAIL  3." in failed.out
        assert "Write `id` instead of `ID`" in failed.out
    assert commands("action", "publish", "Import flow", "--json").finding["code"] == "NAME_UNKNOWN"


def test_a_draft_that_is_not_whole_is_not_published(commands: Commands, home: str, client: Client) -> None:
    """The server's findings arrive; a contract of a published action stays frozen."""
    draft = Actions(client).create_draft({"name": "Half an action", "integrationId": home})
    outcome = commands("action", "publish", str(draft["id"]), "--json")
    assert outcome.code == 1
    assert {one["code"] for one in outcome.document["error"]["findings"]} == {"MEMBER_MISSING"}


def test_where_an_action_goes(commands: Commands, home: str, client: Client) -> None:
    """To the integration that is named, or that the file names; not to one of another type."""
    path = write("b.custom.json", exported("https://s.example.com/"))
    Integrations(client).create(WEB, "Another home")
    open_ = commands("action", "import", str(path), "--json")
    assert (open_.finding["code"], open_.code) == ("IMPORT_INTEGRATION_OPEN", 3)
    # The server is shared: its integrations may be too many for all of them to be named.
    named_ids = set(re.findall(r"\(([0-9a-f-]{36})\)", open_.finding["accepted"]))
    fitting = {str(one["id"]) for one in Integrations(client).list() if one["integrationType"]["id"] == WEB}
    assert named_ids
    assert named_ids <= fitting
    named = write("c.custom.json", exported("https://s.example.com/") | {"integrationId": home})
    outcome = commands("action", "import", str(named), "--json")
    (made,) = outcome.document["actions"]
    assert (made["integrationId"], made["category"]) == (home, HOME)
    other = write("d.custom.json", exported("/api/v2/users/me", kind="purecloud-data-actions"))
    for file in (other, write("e.custom.json", WHOLE_ACTIONS["salesforce"])):
        refused = commands("action", "import", str(path), str(file), "--integration", HOME, "--json")
        assert (refused.finding["code"], refused.code) == ("IMPORT_TYPE_DIFFERS", 3)
        assert refused.finding["line"]


class Terminal(io.StringIO):
    """Standard input with somebody in front of it."""

    def isatty(self) -> bool:
        """Tell that questions are answered."""
        return True


def test_a_person_is_asked(commands: Commands, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """For integration and category where the file says neither, and before something is deleted."""
    kind = "microsoft-dynamics-data-actions"
    for name in ("First CRM", "Second CRM"):
        Integrations(client).create(kind, name)
    path = write("ask.custom.json", exported("/api/data/v9.1/contacts", name="Asked", kind=kind))
    monkeypatch.setattr(sys, "stdin", Terminal("2\nMine\n"))
    outcome = commands("action", "import", str(path), "--json")
    (made,) = outcome.document["actions"]
    assert made["category"] == "Mine"
    listed = outcome.err.splitlines()
    assert [one.split()[0] for one in listed[:2]] == ["1", "2"]
    assert made["integrationId"] in listed[1]
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    assert commands("action", "delete", made["id"], "--draft", "--json").document["deleted"] is None
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert commands("action", "delete", made["id"], "--draft").code == 0
    assert commands("action", "show", made["id"], "--draft").code == 1


def test_nothing_to_choose_from(commands: Commands) -> None:
    """Without an integration of the type there is nothing to ask for."""
    path = write("f.custom.json", WHOLE_ACTIONS["zendesk"])
    outcome = commands("action", "import", str(path), "--json")
    assert outcome.finding["code"] == "IMPORT_INTEGRATION_OPEN"
    assert "there is none" in outcome.finding["message"]


def test_what_the_server_refuses(commands: Commands, home: str) -> None:
    """Its findings are told, and how far the import came."""
    good, bad = exported("https://s.example.com/", name="Good"), exported("https://s.example.com/", "FETCH")
    write("1.custom.json", good)
    write("2.custom.json", bad)
    outcome = commands("action", "import", ".", "--integration", home, "--publish")
    assert outcome.code == 1
    assert "before it, 1 were imported" in outcome.err
    assert "FETCH" in outcome.err


def test_a_login_changes_the_login_that_is_there(commands: Commands, client: Client) -> None:
    """It is refused where there is none; then it is a draft, or published, and goes out again as it came."""
    calls = Integrations(client)
    home = str(calls.create(WEB, "Home with a login")["id"])
    path = write("own.customAuth.json", login("${credentials.loginUrl}"))
    arguments = ("action", "import", str(path), "--integration", home)
    assert commands(*arguments, "--json").finding["code"] == "IMPORT_LOGIN_MISSING"
    fields = {"loginUrl": "https://l.example.com", "clientSecret": "s-e-c-r-e-t"}
    body = {"name": "login", "type": {"name": "userDefinedOAuth"}, "credentialFields": fields}
    credential = client.request("POST", "/api/v2/integrations/credentials", body=body).object()
    configuration = calls.configuration(home)
    configuration["credentials"] = {"basicAuth": {"id": str(credential["id"])}}
    calls.replace_configuration(home, configuration)
    assert commands(*arguments).code == 0
    again = commands(*arguments, "--json")
    assert (again.finding["code"], again.code) == ("DRAFT_EXISTS", 5)
    identity = f"customAuth_-_{home}"
    assert commands("action", "delete", identity, "--draft", "--yes").code == 0
    assert commands(*arguments, "--publish").code == 0
    assert commands("action", "export", identity, "--out", "out.customAuth.json").code == 0
    (document,) = load(Path("out.customAuth.json"))
    wanted = load(path)[0]
    assert (document.name, document.action_type, document.config) == (
        wanted.name,
        "customAuth",
        wanted.config,
    )


def test_many_are_exported_into_a_folder(commands: Commands, client: Client) -> None:
    """By integration or category, those of the same name apart; a filter that fits nothing is refused."""
    home = str(Integrations(client).create(WEB, "Home of twins")["id"])
    path = write("twin.custom.json", exported("https://s.example.com/", name="Twin"))
    for category in ("One", "Two"):
        imported(commands, home, path, "--publish", "--category", category)
    outcome = commands("action", "export", "--integration", "Home of twins", "--out", "twins", "--json")
    assert outcome.document["total"] == 2
    assert len({one["files"][0] for one in outcome.document["actions"]}) == 2
    assert {one.category for one in load(Path("twins"))} == {"One", "Two"}
    alone = commands("action", "export", "--category", "Two", "--out", "two", "--plain")
    assert alone.out == "two/Twin.custom.json\n"
    assert load(Path("two"))[0].category == ""
    nothing = commands("action", "export", "--category", "None such", "--json")
    assert (nothing.finding["code"], nothing.code) == ("EXPORT_NOTHING_FOUND", 1)
    assert commands("action", "export", "--category", "Two", "--out", "two", "--json").code == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("export",),
        ("export", "x", "--all"),
        ("export", "--all", "--to", "folder"),
        ("import",),
        ("import", "g.custom.json", "h.custom.json", "--name", "x"),
        ("delete", "G"),
        ("test", "--server", "G", "--live"),
        ("test", "--server", "G", "g.custom.json"),
        ("test", "g.custom.json", "--draft"),
    ],
)
def test_what_is_refused_before_anything_is_done(
    commands: Commands, home: str, arguments: tuple[str, ...]
) -> None:
    """Exit code 3, and nothing has changed."""
    path = write("g.custom.json", exported("https://s.example.com/", name="G"))
    write("h.custom.json", exported("https://s.example.com/", name="H"))
    made = imported(commands, home, path, "--publish")
    refused = commands("action", *(made["id"] if word == "G" else word for word in arguments), "--json")
    assert (refused.code, refused.finding["code"]) == (3, "USAGE_REFUSED")
    deleted = commands("action", "delete", made["id"], "--yes", "--json").document["deleted"]
    assert deleted == {"id": made["id"], "name": "G", "draft": False}
    assert commands("action", "show", made["id"]).code == 1
