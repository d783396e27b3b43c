"""The founding story, step by step: a function for each, and what it must bring."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from jackfield.client.actions import Operation
from jackfield.demo import material
from jackfield.demo.stage import ROOT, Stage, pretty

TYPE_ID = "custom-rest-actions"
SLOT = "basicAuth"
ACTIVE_SECONDS = 10.0
POSTED_FAULTS = frozenset(
    {"JSON_STRAY_QUOTE", "CREDENTIALS_BARE_INFO", "PROPERTIES_OF_ANOTHER_TYPE", "VERSION_AS_TEXT"}
)
"""Finding codes that the posted request must be answered with, whatever else is found."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the story."""

    title: str
    text: str
    act: Callable[[Stage], None]


def start(stage: Stage) -> None:
    """Start the server beside the web service, and show that nobody gets in there without its header."""
    stage.open()
    assert stage.server is not None
    stage.narrator.table(
        ("PROCESS", "PID", "ADDRESS"),
        [
            ("Jackfield, with a new data directory", str(stage.server.pid), stage.url),
            ("web service about parcels", str(stage.web_service.pid), stage.learned["webService"]),
        ],
    )
    path = "/parcels/search"
    stage.narrator.sent("POST", stage.learned["webService"] + path, '{"parcel": "JF-1042"}')
    answer = httpx.post(stage.learned["webService"] + path, json={"parcel": "JF-1042"}, trust_env=False)
    stage.narrator.answered(answer.status_code, "nobody gets in without the right Basic header", answer.text)
    stage.expect("the status without credentials", answer.status_code, 401)


def create_integration(stage: Stage) -> None:
    """Create the integration and save its configuration twice, so that it stands at the post's version 3."""
    created = stage.send(
        "POST", ROOT, stage.body("integration.json"), words=lambda item: f"integration {item.get('id')}"
    )
    stage.learned["integrationId"] = str(created["id"])
    stage.expect("the new integration's state", created.get("intendedState"), "DISABLED")
    for version in (1, 2):
        body = stage.body("configuration-without-credentials.json", version=version)
        shown = body if version == 1 else '{"version": 2, …}   the same once more'
        saved = stage.send("PUT", _configuration_path(stage), body, shown=shown, words=_version_words)
        stage.expect("the version after saving", saved.get("version"), version + 1)
    stage.narrator.say(
        "Each PUT names the version it replaces and makes the next one. As the post says: with empty"
        " credentials it works."
    )


def create_credentials(stage: Stage) -> None:
    """Create the credential in the three forms that clients send."""
    forms = (
        ("credential-bare-type.json", "The type as bare text, as the wizard sample sends it:"),
        ("credential-by-name.json", "The type by name, as the SDKs send it:"),
        ("credential-with-schema.json", "The type with its whole schema, as in the post:"),
    )
    for name, words in forms:
        stage.narrator.say(words)
        last = name == forms[-1][0]
        info = stage.send(
            "POST",
            f"{ROOT}/credentials",
            stage.body(name),
            words=None if last else lambda item: f"credential {item.get('id')}",
        )
        stage.expect("the credential's type", (info.get("type") or {}).get("name"), SLOT)
        stage.expect("whether fields come back", "credentialFields" in info, False)
        stage.learned["credentialId"] = str(info["id"])
        stage.learned["createdDate"] = str(info.get("createdDate"))
        stage.learned["modifiedDate"] = str(info.get("modifiedDate"))
    stage.narrator.say(
        "The answer is a CredentialInfo: the id is all one needs. The password never comes back."
    )


def send_as_posted(stage: Stage) -> None:
    """Send the configuration as the forum post does."""
    body = stage.body("configuration-as-posted.json")
    error = stage.send_wrong("PUT", _configuration_path(stage), body)
    stage.expect("the status", error.status, 400)
    stage.expect("the code", error.code, "bad.request")
    missing = sorted(POSTED_FAULTS - {finding.code for finding in error.findings})
    stage.expect("the list of faults that were not named", missing, [])
    unmarked = [item.code for item in error.findings if item.is_error and item.place.line is None]
    stage.expect("the list of faults without line and column", unmarked, [])
    advice = next((item.fix for item in error.findings if item.code == "CREDENTIALS_BARE_INFO"), "")
    stage.expect("whether the fix can be copied", _slot_map(stage) in advice, True)
    version = stage.integrations.configuration(stage.learned["integrationId"]).get("version")
    stage.expect("the version after the refusal", version, 3)
    stage.narrator.say(
        f"The cause: `credentials` is a map from slot to credential, and the slot of {TYPE_ID} is called"
        f" `{SLOT}`. The answer of the first call belongs into the slot, not in its place."
    )


def send_corrected(stage: Stage) -> None:
    """Send the right form of it, and read the configuration back."""
    path = _configuration_path(stage)
    corrected = stage.body("configuration-corrected.json")
    stage.narrator.table(("MEMBER", "AS POSTED", "RIGHT"), _corrections(stage))
    stage.send("PUT", path, corrected, words=_version_words)
    read = stage.send("GET", path)
    stage.expect("the version afterwards", read.get("version"), 4)
    slots = read.get("credentials") or {}
    stage.expect("the list of slots in use", list(slots), [SLOT])
    stage.expect("the credential in the slot", slots.get(SLOT, {}).get("id"), stage.learned["credentialId"])
    stage.remembered["configuration"] = read
    stage.narrator.say("Version 3 + 1 = 4, and the slot holds the CredentialInfo.")


def create_action(stage: Stage) -> None:
    """Enable the integration and create a data action in it."""
    integration_id = stage.learned["integrationId"]
    enabled = stage.send(
        "PATCH",
        f"{ROOT}/{integration_id}",
        stage.body("enable.json"),
        words=lambda item: str(item.get("intendedState")),
    )
    stage.expect("the wanted state", enabled.get("intendedState"), "ENABLED")
    state = _wait_until_active(stage, integration_id)
    stage.narrator.say(
        f"The integration reports {state}. Now the data action, with templates, maps, contracts:"
    )
    body = stage.body("action.json")
    shown = {**json.loads(body), "contract": "input and output schema, left out here"}
    created = stage.send(
        "POST",
        f"{ROOT}/actions",
        body,
        shown=json.dumps(shown, indent=2),
        words=lambda item: f"data action {item.get('id')}, version {item.get('version')}",
    )
    stage.learned["actionId"] = str(created["id"])
    stage.expect("the action's version", created.get("version"), 1)
    stage.remembered["action"] = stage.actions.get(stage.learned["actionId"], whole=True)


def test_action(stage: Stage) -> None:
    """Run the action in test mode and show its steps."""
    inputs = material.text("inputs.json")
    stage.narrator.sent("POST", f"{ROOT}/actions/{stage.learned['actionId']}/test", inputs)
    result = stage.actions.test(stage.learned["actionId"], inputs.encode())
    operations = result.get("operations") or []
    stage.narrator.answered(200, f"{len(operations)} steps")
    stage.narrator.table(
        ("STEP", "NAME", "OK", "RESULT"), [_operation_row(stage, item) for item in operations]
    )
    stage.expect("the test's success", result.get("success"), True)
    stage.expect("the list of failed steps", [o.get("name") for o in operations if not o.get("success")], [])
    stage.expect("the test's final result", result.get("finalResult"), _wanted_result())
    stage.expect_absent(json.dumps(result))


def execute_action(stage: Stage) -> None:
    """Execute the action, as Architect would."""
    _execute(stage)
    calls = httpx.get(stage.learned["webService"] + "/calls", trust_env=False).json()
    stage.expect("the calls with the right header", calls, {"accepted": 2, "refused": 1})
    stage.narrator.say(
        f"The web service counts {calls['accepted']} calls with the right Basic header (test and execute) and"
        f" {calls['refused']} without (ours, at the beginning)."
    )


def kill_and_start_again(stage: Stage) -> None:
    """Kill the server, start it on the same data, and find everything again."""
    assert stage.server is not None
    old = stage.server.pid
    stage.close_client()
    stage.server.kill()
    stage.narrator.say(
        f"Process {old} is gone, killed with SIGKILL. Starting again on the same data directory:"
    )
    stage.open()
    integration_id = stage.learned["integrationId"]
    configuration = stage.integrations.configuration(integration_id)
    action = stage.actions.get(stage.learned["actionId"], whole=True)
    stage.expect("the configuration after the start", configuration, stage.remembered["configuration"])
    stage.expect("the action after the start", action, stage.remembered["action"])
    again = stage.server.first_line.get("client_secret")
    stage.expect("whether the secret was shown a second time", again is not None, False)
    stage.narrator.table(
        ("WHAT", "BEFORE THE KILL", "AFTER THE START"),
        [
            ("process", str(old), str(stage.server.pid)),
            (
                "configuration",
                f"version {_version(stage, 'configuration')}",
                f"version {configuration['version']}",
            ),
            ("data action", f"version {_version(stage, 'action')}", f"version {action['version']}"),
        ],
    )
    _execute(stage)


STEPS: tuple[Step, ...] = (
    Step(
        "Two processes",
        "A web service that wants a user name and a password, and a Jackfield server with the cloud's API.",
        start,
    ),
    Step(
        "An integration",
        "A vendor's developer creates a web services integration through the API.",
        create_integration,
    ),
    Step(
        "Its credentials", "The web service's user name and password go into the vault.", create_credentials
    ),
    Step(
        "The forum post's request",
        "The developer puts the answer of that call under `credentials`. In the cloud this got a 400 with the"
        " sentence that the request has malformed syntax, and nothing else. Here:",
        send_as_posted,
    ),
    Step("The right request", "The slot as key, the id as value, and the other faults gone.", send_corrected),
    Step(
        "A data action",
        "The integration is enabled and gets an action that calls the web service.",
        create_action,
    ),
    Step("Testing it", "The test shows every step on the way to the web service and back.", test_action),
    Step("Executing it", "What a flow would get.", execute_action),
    Step("kill -9", "No answered write may be lost.", kill_and_start_again),
)

NEXT: tuple[tuple[str, str], ...] = (
    ("jackfield up", "start a server to stay; it prints the variables that SDKs, gc and CX as Code read"),
    ("jackfield integration types", "all integration types with their slots"),
    (f"jackfield integration slots {TYPE_ID}", "which credential goes where"),
    ("jackfield cred add basicAuth --name my-service", "store a credential; asks for the values"),
    ("jackfield action list", "data actions; `action show` and `action execute` take an id or a name"),
)


def _slot_map(stage: Stage) -> str:
    return f'"credentials": {{"{SLOT}": {{"id": "{stage.learned["credentialId"]}"}}}}'


def _corrections(stage: Stage) -> list[tuple[str, str, str]]:
    return [
        ("version", '"3"', "3   (a number; the version that this PUT replaces)"),
        ("properties", '{"url": …, "sandbox": …}', "{}   (those belong to another integration type)"),
        ("notes", '"""', '""'),
        ("credentials", '{"id": …, "name": …}', _slot_map(stage).partition(": ")[2]),
    ]


def _version_words(saved: Mapping[str, Any]) -> str:
    return f"saved, version {saved.get('version')}"


def _execute(stage: Stage) -> None:
    inputs = material.text("inputs.json")
    stage.narrator.sent("POST", f"{ROOT}/actions/{stage.learned['actionId']}/execute", inputs)
    result = stage.actions.execute(stage.learned["actionId"], inputs.encode())
    stage.narrator.answered(200, "", pretty(result))
    stage.expect("the result", result, _wanted_result())


def _wanted_result() -> Any:
    return json.loads(material.text("result.json"))


def _wait_until_active(stage: Stage, integration_id: str) -> str:
    """The reported state follows the wanted one; wait for it, not for ever."""
    deadline = time.monotonic() + ACTIVE_SECONDS
    while True:
        reported = stage.integrations.get(integration_id).get("reportedState") or {}
        state = str(reported.get("code"))
        if state == "ACTIVE":
            return state
        if time.monotonic() > deadline:
            raise stage.differ("the integration did not become active.", "ACTIVE", seen=state)
        time.sleep(0.1)


def _operation_row(stage: Stage, operation: Operation) -> tuple[str, str, str, str]:
    error = operation.get("error")
    shown = str(error.get("message")) if isinstance(error, Mapping) else _result(operation.get("result"))
    mark = "yes" if operation.get("success") else "no"
    return str(operation.get("step")), str(operation.get("name")), mark, stage.masked(_short(shown))


def _result(result: object) -> str:
    """Say a step's result in few words: the reply as status and body, a map as one line for each name."""
    if result is None or isinstance(result, str):
        return result or ""
    if isinstance(result, Mapping) and {"status", "body"} <= set(result):
        body = result["body"]
        return f"{result['status']} {body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)}"
    if isinstance(result, Mapping) and all(isinstance(value, str) for value in result.values()):
        return "\n".join(f"{name}: {value}" for name, value in result.items())
    return json.dumps(result, ensure_ascii=False)


def _short(text: str, size: int = 240) -> str:
    return text if len(text) <= size else f"{text[:size]} …"


def _version(stage: Stage, name: str) -> object:
    return stage.remembered[name]["version"]


def _configuration_path(stage: Stage) -> str:
    return f"{ROOT}/{stage.learned['integrationId']}/config/current"
