"""Findings about testing data actions without a server: replies, logins, test files, fuzzing."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Grade, Severity

_REPLIES = (
    Entry(
        code="CASSETTE_NO_MATCH",
        title="No recorded request like this one",
        cause="A replayed test answers only requests that are exactly those that were recorded, so that a changed"
        " template shows.",
        message="None of the {count} recorded requests in `{folder}` is the one that was rendered; the nearest"
        " differs in {differs}.",
        accepted="A request equal to a recorded one in method, URL, headers and body.",
        fix="Mend the template, or record anew with `--live --record {folder}`.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="CASSETTE_EMPTY",
        title="Nothing recorded for this action",
        cause="The folder does not exist yet, or holds recordings of other actions.",
        message="There is no recorded request in `{folder}`.",
        accepted="A folder that `--record` has filled for this action.",
        fix="Record it once with `--live --record DIR`.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="CASSETTE_OF_SECURE_ACTION",
        title="Secure actions are not recorded",
        cause="A secure action takes sensitive data; nothing of its runs is ever stored.",
        message="`{name}` is a secure action: neither its requests nor its replies are recorded.",
        accepted="Recordings of actions that are not secure.",
        fix="Write the reply into a test file, or test with `--response FILE`.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="REPLY_UNREADABLE",
        title="File with a reply cannot be used",
        cause="The file is missing, or is not what a reply is written as.",
        message="The reply in `{path}` cannot be used: {reason}.",
        accepted="A body of any kind, or a whole reply as `curl -i` prints it.",
        fix="Correct the file.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="STUB_MISSING",
        title="No stub for this request",
        cause="A folder of stubs answers only what has a file in it.",
        message="`{folder}` has no stub for {method} {path}.",
        accepted="One of {looked}.",
        fix="Write the reply's body to `{wanted}`.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="REPLIES_USED_UP",
        title="More requests than replies",
        cause="A test names the replies one by one; the run asked once more.",
        message="The test gives {count} replies, but the run sends another request: {method} {url}.",
        accepted="A reply for each request.",
        fix="Add the reply, or find out why there is one request more.",
        grade=Grade.ASSUMED,
    ),
)

_RUNS = (
    Entry(
        code="BENCH_LOGIN_FAILED",
        title="The login failed",
        cause="The action needs what its integration's login answers, and the login did not succeed.",
        message="The login `{name}` failed in step `{step}`: {reason}",
        accepted="A login that succeeds.",
        fix="Test the login alone: `jackfield action test {path}`.",
        grade=Grade.DOCUMENTED,
        wire_code="invalid.credentials",
    ),
    Entry(
        code="BENCH_LOGIN_REFUSED",
        title="No token for the platform",
        cause="An action on the platform's own API needs the token of an OAuth client.",
        message="`{host}` gave no token: {reason}",
        accepted="`clientId` and `clientSecret` of an OAuth client with the grant client credentials.",
        fix="Check the two values in the file of credentials, and that the platform's address is right.",
        grade=Grade.DOCUMENTED,
        wire_code="invalid.credentials",
    ),
    Entry(
        code="CREDENTIALS_UNREADABLE",
        title="Credentials cannot be read",
        cause="The file of credentials is missing or has another form.",
        message="The credentials in `{path}` cannot be used: {reason}.",
        accepted='An object of fields, such as {{"userName": "…", "password": "…"}}, or the API\'s form with `type`'
        " and `credentialFields`.",
        fix="Correct the file.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="LIVE_WITHOUT_VALUES",
        title="Nothing made up goes out",
        cause="Offline tests make up what is not given. A live call would send it to a real service.",
        message="`--live` calls the real service, but {what} would be made up: {names}.",
        accepted="{option}",
        fix="Give the values with {option}, or leave out `--live`.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="TEMPLATE_NAME_UNKNOWN",
        title="No template of that name",
        cause="An action has a URL, a body unless it is a GET, a success template, and its headers.",
        message="The action has no template `{name}`.",
        accepted="{names}",
        fix="{nearest}",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="PLATFORM_UNREADABLE",
        title="Platform cannot be understood",
        cause="`--platform` names the platform's address, or a folder of stubs.",
        message="`{seen_text}` is neither `stub:DIR` nor an http(s) URL.",
        accepted="`stub:DIR`, or a URL such as `https://api.mypurecloud.ie`.",
        fix="Write `--platform stub:DIR` for a folder of stubs.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="LIVE_ADDRESS_REFUSED",
        title="Live calls of this kind are not made",
        cause="Salesforce, Dynamics and Zendesk actions have relative URLs and a login of the vendor's own; AWS,"
        " Google and function actions are called by the cloud alone.",
        message="An action of `{type_id}` has no address of its own that could be called from here.",
        accepted="For actions on the platform and for functions `--platform URL`; for others a reply from a file, a"
        " recording, stubs, or made up.",
        fix="{advice}",
        grade=Grade.DOCUMENTED,
    ),
)

_TESTS = (
    Entry(
        code="TEST_FILE_INVALID",
        title="Test file cannot be read",
        cause="A name in the test file is mistyped, or a value has the wrong form.",
        message="{reason}",
        accepted="{wanted}",
        fix="Correct the test file.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="TEST_FILE_WITHOUT_ACTION",
        title="Test file without an action",
        cause="Tests stand in a folder `tests` beside the action, or name it.",
        message="It cannot be told which data action `{path}` tests: {reason}.",
        accepted="`action:` with the path of the action, from the test file's own folder.",
        fix="Write `action: ../NAME.custom.json` at the top of the test file.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="TEST_EXPECTATION_UNMET",
        title="The run is not as the test expects",
        cause="The action or what it is tested with has changed, or the expectation is wrong.",
        message="{subject} is not as expected: {difference}",
        accepted="{wanted}",
        fix="Mend the action, or the expectation if the new result is right.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="TEST_SNAPSHOT_MISSING",
        title="No snapshot yet",
        cause="The test compares with a snapshot that was never taken.",
        message="There is no snapshot `{path}`.",
        accepted="A snapshot, looked at and committed with the test.",
        fix="Take it with `jackfield action test --update`.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="TEST_SNAPSHOT_DIFFERS",
        title="The run differs from its snapshot",
        cause="The action has changed since the snapshot was taken.",
        message="The run differs from `{path}` in {count} lines:\n{difference}",
        accepted="What the snapshot says.",
        fix="If the change is meant, take it anew with `jackfield action test --update`.",
        grade=Grade.ASSUMED,
    ),
    Entry(
        code="TEST_NOTHING_FOUND",
        title="No test there",
        cause="`--junit` and `--update` are about test files, and there is none beside the action.",
        message="There is no test file for `{path}`.",
        accepted="Test files `tests/*.yaml` beside the action.",
        fix="Write one; docs/action-bench.md shows how.",
        grade=Grade.ASSUMED,
    ),
)

_FUZZ = (
    Entry(
        code="FUZZ_BREAKS_JSON",
        title="An input can break the JSON of the body",
        cause="The input stands in the body as the caller wrote it, so quotes and line ends change the JSON.",
        message="With {value} in `{name}`, the body {what}.",
        accepted="A body that stays JSON with the same members, whatever the input is.",
        fix='Write `"$esc.jsonEncode(${{input.{name}}})"`.',
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="FUZZ_BREAKS_URL",
        title="An input can change where the request goes",
        cause="The input stands in the URL as the caller wrote it, so `/`, `?`, `&` and `#` change its parts.",
        message="With {value} in `{name}`, the URL {what}.",
        accepted="A URL with the same host, path and parameters, whatever the input is.",
        fix="Write `$esc.uriEncode(${{input.{name}}})`.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="FUZZ_BREAKS_FORM",
        title="An input can break the form",
        cause="The input stands in a form body as the caller wrote it, so `&` and `=` change its fields.",
        message="With {value} in `{name}`, the form {what}.",
        accepted="A form with the same fields, whatever the input is.",
        fix="Write `$esc.uriEncode(${{input.{name}}})`.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="FUZZ_BREAKS_HEADER",
        title="An input can break a header",
        cause="Line ends and other control characters may not stand in a header.",
        message="With {value} in `{name}`, {what}.",
        accepted="Header values without control characters.",
        fix="Write `$esc.uriEncode(${{input.{name}}})`, or check the value before the action is called.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="FUZZ_FAILS",
        title="An input stops the action",
        cause="The contract allows a value with which the run ends before the call.",
        message="With {value} in `{name}`, step `{step}` fails: {reason}",
        accepted="A run for every input that the contract allows.",
        fix="Write `$!{{input.{name}}}` and test it with `#if`, or declare the input as required.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="FUZZ_PRINTS_REFERENCE",
        title="A missing input prints its own name",
        cause="An optional input written in formal notation prints the reference itself when it is null.",
        message="With {value} in `{name}`, the {where} says `{reference}`.",
        accepted="Text without references.",
        fix="Write `$!{{input.{name}}}` and test it with `#if`.",
        grade=Grade.DOCUMENTED,
        severity=Severity.WARNING,
    ),
)

ENTRIES: tuple[Entry, ...] = (*_REPLIES, *_RUNS, *_TESTS, *_FUZZ)
