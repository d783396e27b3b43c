"""`jackfield action test`: data actions tested without a server."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from jackfield.cli import refusals, traces
from jackfield.cli.action_reports import Tested
from jackfield.cli.action_server_test import run_on_server
from jackfield.cli.action_sources import read_sources
from jackfield.cli.connection import CONNECTION, connection_options, open_client
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.files import STANDARD_INPUT, read_text
from jackfield.cli.outgoing import outgoing_proxy, outgoing_trust
from jackfield.cli.output import Output
from jackfield.cli.server_option import egress_options
from jackfield.cli.verbs import json_option, output_of
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.engine.dialect import Dialect
from jackfield.workbench.bench import Bench, BenchResult, Trial
from jackfield.workbench.credentials import read_credentials
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms import load
from jackfield.workbench.inputs import parse_inputs
from jackfield.workbench.replies.choosing import STUB, Wanted, check_live, check_platform, source_for
from jackfield.workbench.replies.given import GivenReply, parse_reply, read_reply
from jackfield.workbench.suites.discovery import ENDINGS, login_of, suite_files_of
from jackfield.workbench.suites.reading import read_suite
from jackfield.workbench.suites.running import run_case
from jackfield.workbench.treatments import TREATMENTS
from jackfield.workbench.watching import Watch

_WIDE = 100
_ON_SERVER = frozenset(("server", "draft", "inputs", "flatten", "json", *CONNECTION))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for."""

    paths: tuple[Path, ...]
    terraform: Path | None
    plan: Path | None
    variables: tuple[str, ...]
    wanted: Wanted
    inputs: str | None
    credentials: Path | None
    login: Path | None
    flatten: bool
    junit: Path | None
    sarif: Path | None
    update: bool
    trace: bool
    dialect: Dialect

    @property
    def is_single(self) -> bool:
        """True if the command line itself says what to test, so that test files are not looked at."""
        given = (self.inputs, self.credentials, self.login)
        return self.wanted != Wanted() or self.flatten or any(one is not None for one in given)


@click.command("test")
@click.argument("paths", nargs=-1, metavar="PATH…", type=click.Path(path_type=Path), required=False)
@click.option(
    "--terraform", metavar="DIR", type=click.Path(path_type=Path), help="The actions of a configuration."
)
@click.option(
    "--plan", metavar="FILE", type=click.Path(path_type=Path), help="Those of `terraform show -json`."
)
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="A Terraform variable.")
@click.option(
    "--input", "inputs", metavar="JSON|FILE|-", help="Input as a JSON object; made up if not given."
)
@click.option(
    "--credentials",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Credentials as JSON or YAML; made up if not given.",
)
@click.option(
    "--login", metavar="PATH", type=click.Path(path_type=Path), help="The login action; one beside is found."
)
@click.option("--response", metavar="FILE|-", help="The service's reply: a body, or what `curl -i` prints.")
@click.option("--live", is_flag=True, help="Really call the service.")
@click.option("--record", metavar="DIR", type=click.Path(path_type=Path), help="Really call it, and record.")
@click.option("--replay", metavar="DIR", type=click.Path(path_type=Path), help="Answer from recordings.")
@click.option("--stub", "stubs", metavar="DIR", type=click.Path(path_type=Path), help="Answer from stubs.")
@click.option(
    "--platform", default="", metavar="stub:DIR|URL", help="Where actions on the platform and functions go."
)
@egress_options
@click.option(
    "--null-formal",
    type=click.Choice(["literal", "error"]),
    default="literal",
    show_default=True,
    help="What ${x} gives when x is null: its own text, or an error.",
)
@click.option(
    "--directives",
    type=click.Choice(["deny", "warn", "allow"]),
    default="warn",
    show_default=True,
    help="Loops, macros and other directives that no published action has.",
)
@click.option("--flatten", is_flag=True, help="Answer in the flat form that Architect reads.")
@click.option(
    "--junit", metavar="FILE", type=click.Path(path_type=Path), help="Write a report for build servers."
)
@click.option(
    "--sarif", metavar="FILE", type=click.Path(path_type=Path), help="Write findings for code hosts."
)
@click.option("--update", is_flag=True, help="Take the snapshots of test files anew.")
@click.option("--trace", is_flag=True, help="Show every step of passed tests, too.")
@click.option("--watch", is_flag=True, help="Test again whenever a file is saved.")
@click.option(
    "--server", metavar="ID|NAME", help="Let a server test its own action, and show the steps of that."
)
@click.option("--draft", is_flag=True, help="With --server: the action's draft.")
@connection_options
@click.option("--types", is_flag=True, help="Show what is executed for each type of integration.")
@json_option
@click.pass_context
def command(
    context: click.Context,
    /,
    watch: bool,
    types: bool,
    server: str | None,
    draft: bool,
    connection: Mapping[str, Any],
    **options: Any,
) -> int:
    """Test data actions without a server, or run the test files beside them.

    \b
    jackfield action test lookup.custom.json                       everything made up
    jackfield action test lookup.custom.json --response reply.json --input '{"id": "42"}'
    jackfield action test actions/                                 all actions and their tests/*.yaml
    jackfield action test --server Lookup --input '{"id": "42"}'   the server's own test
    """
    output = output_of(context)
    if types:
        return _show_types(output)
    if server is not None:
        _check_alone(context)
        inputs = _input_text(options["inputs"]) or "{}"
        with open_client(output, **connection) as client:
            return run_on_server(client, output, server, inputs, draft=draft, flatten=options["flatten"])
    if draft:
        raise _usage("--draft goes with --server.")
    if watch:
        return _watch(output, options)
    asked = _asked(**options)
    if asked.wanted.address and not asked.wanted.is_real:
        output.message(f"note: nothing is sent to {asked.wanted.address}; --live calls it.")
    return _test_all(output, asked)


def _asked(**options: Any) -> Asked:
    _asked_for_something(options)
    sources = [name for name in ("response", "live", "record", "replay", "stubs") if options[name]]
    if len(sources) > 1 and sources != ["live", "record"]:
        raise _usage(f"{' and '.join(f'--{name}' for name in sources)} do not go together.")
    check_platform(options["platform"])
    response = options.pop("response")
    named = {name: options.pop(name) for name in ("live", "record", "replay", "stubs", "platform")}
    wanted = Wanted(response=_response(response) if response else None, **named)
    url, resolves, authorities = (options.pop(f"egress_{name}") for name in ("proxy", "proxy_resolves", "ca"))
    if wanted.is_live:
        proxy, tls = outgoing_proxy(url, resolves=resolves), outgoing_trust(authorities)
        wanted = replace(wanted, proxy=proxy, tls=tls)
    options["dialect"] = Dialect(options.pop("null_formal"), options.pop("directives"))
    return Asked(wanted=wanted, inputs=_input_text(options.pop("inputs")), **options)


def _check_alone(context: click.Context) -> None:
    """Refuse options that say something about a run on this machine."""
    given = [
        option
        for option in context.command.params
        if option.name
        and option.name not in _ON_SERVER
        and context.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
    ]
    if given:
        name = given[0].opts[0] if isinstance(given[0], click.Option) else "PATH"
        raise _usage(f"{name} is for tests on this machine; --server tests what the server has.")


def _asked_for_something(options: Mapping[str, Any]) -> None:
    if not (options["paths"] or options["terraform"] or options["plan"]):
        raise _usage("It needs the path of an action, a folder or a test file.")


def _response(named: str) -> GivenReply:
    if named == STANDARD_INPUT:
        return parse_reply(sys.stdin.buffer.read(), "standard input")
    return read_reply(Path(named))


def _input_text(given: str | None) -> str | None:
    if given is None:
        return None
    return given if _is_json(given) else read_text(given)


def _is_json(given: str) -> bool:
    return given.lstrip()[:1] in ("{", "[")


def _test_all(output: Output, asked: Asked) -> int:
    """Test everything that is named, print it, and return the exit code."""
    tested = Tested()
    with Bench(dialect=asked.dialect) as bench:
        for path in asked.paths:
            files = () if asked.is_single else suite_files_of(path)
            origins = [_suite(output, asked, bench, file, tested) for file in files]
            if path.suffix not in ENDINGS or not files:
                covered = {one.resolve() for one in origins}
                for document in load(path):
                    if document.origin.path.resolve() not in covered and not _is_covered(document, origins):
                        tested.add_run(*_single(output, asked, bench, document))
        for document in _of_terraform(asked):
            tested.add_run(*_single(output, asked, bench, document))
    if asked.update and not tested.outcomes:
        path = asked.paths[0] if asked.paths else Path()
        raise OperationRefused(found("TEST_NOTHING_FOUND", Place(file=str(path)), path=path))
    return tested.report(output, junit=asked.junit, sarif=asked.sarif)


def _of_terraform(asked: Asked) -> Iterator[ActionDocument]:
    if asked.terraform is not None or asked.plan is not None:
        yield from read_sources((), asked.terraform, asked.plan, asked.variables)


def _is_covered(document: ActionDocument, tested: Sequence[Path]) -> bool:
    """Tell if a folder form's own folder is what a test file tests."""
    return any(document.origin.path == path for path in tested)


def _suite(output: Output, asked: Asked, bench: Bench, file: Path, tested: Tested) -> Path:
    suite = read_suite(file)
    output.text(f"{suite.document.name}  ({file})")
    for case in suite.cases:
        outcome = run_case(bench, case, update=asked.update)
        tested.add_case(outcome)
        output.text(f"  {'ok  ' if outcome.passed else 'FAIL'} {case.name}")
        if not outcome.passed:
            # The trace below tells why the run itself failed, at its step.
            own = [one for one in outcome.findings if outcome.result is None or one.code.startswith("TEST_")]
            for finding in own:
                for line in refusals.finding_lines(finding, _WIDE):
                    output.text(f"    {line}")
        if outcome.result is not None and (asked.trace or not outcome.passed):
            traces.show(output, outcome.result)
    return suite.document.origin.path


def _single(
    output: Output, asked: Asked, bench: Bench, document: ActionDocument
) -> tuple[BenchResult, float]:
    """Run one action as the command line says; return what came out, and how many seconds it took."""
    credentials = read_credentials(asked.credentials, document) if asked.credentials else None
    check_live(document, asked.wanted, has_input=asked.inputs is not None, credentials=credentials)
    source = source_for(document, asked.wanted, bench.clock)
    login = load(asked.login)[0] if asked.login else login_of(document)
    trial = Trial(
        document=document,
        replies=source,
        inputs=parse_inputs(asked.inputs) if asked.inputs is not None else None,
        raw_request=asked.inputs,
        credentials=credentials,
        login=login,
        login_replies=source_for(login, replace(asked.wanted, response=None), bench.clock) if login else None,
        platform=asked.wanted.address,
        fetch_token=asked.wanted.is_real,
        flatten=asked.flatten,
    )
    begun = time.perf_counter()
    try:
        result = bench.run(trial)
    finally:
        bench.finish(source)
    seconds = time.perf_counter() - begun
    traces.show(output, result)
    output.text()
    return result, seconds


def _watch(output: Output, options: Mapping[str, Any]) -> int:
    """Test again and again, with options and files read anew; what cannot be read is told, and waited for."""
    _check_watchable(output, options)
    watch, code = Watch(_watched(options), _written(options)), 0
    while True:
        before, begun = watch.state(), time.perf_counter()
        try:
            code = _test_all(output, _asked(**options))
        except OperationRefused as refused:
            code = refused.exit_code
            output.refusal(refused, code)
        output.message(f"{(time.perf_counter() - begun) * 1000:.0f} ms; waiting for a change (Ctrl-C ends)")
        try:
            changed = watch.wait_for_change(before)
        except KeyboardInterrupt:
            output.message("")
            return code
        if sys.stdout.isatty():
            click.clear()
        output.message(f"{', '.join(str(path) for path in changed)} changed")


def _check_watchable(output: Output, options: Mapping[str, Any]) -> None:
    _asked_for_something(options)
    if output.json:
        raise _usage("--watch goes on and on, and --json prints one document: they do not go together.")
    if STANDARD_INPUT in (options["inputs"], options["response"]):
        raise _usage("--watch reads everything again; standard input can be read only once.")


def _watched(options: Mapping[str, Any]) -> list[Path]:
    """Return what the author may change: actions, tests, and every file and folder that an option names."""
    named = [options[name] for name in ("terraform", "plan", "credentials", "login", "replay", "stubs")]
    given = options["inputs"]
    inputs = given if given and not _is_json(given) else None
    platform = options["platform"]
    stubs = platform.removeprefix(STUB) if platform.startswith(STUB) else None
    return [*options["paths"], *(Path(one) for one in (*named, inputs, options["response"], stubs) if one)]


def _written(options: Mapping[str, Any]) -> list[Path]:
    return [options[name] for name in ("junit", "sarif", "record") if options[name]]


def _show_types(output: Output) -> int:
    output.document(
        {
            "types": [
                {
                    "integration_type": row.integration_type,
                    "credential_type": row.credential_type or None,
                    "authentication": row.authentication.value,
                    "request": row.request.value,
                    "how": row.words,
                    "grade": row.grade.value,
                }
                for row in TREATMENTS
            ]
        }
    )
    output.table(
        ("INTEGRATION", "CREDENTIAL", "AUTHENTICATION", "REQUEST", "HOW"),
        [
            (
                row.integration_type,
                row.credential_type or "none",
                row.authentication.value,
                row.request.value,
                row.words,
            )
            for row in TREATMENTS
        ],
    )
    return ExitCode.OK


def _usage(reason: str) -> OperationRefused:
    finding = found(
        "USAGE_REFUSED",
        reason=reason,
        usage="jackfield action test PATH… [--input JSON|FILE] [--response FILE|-] …",
        command="jackfield action test",
    )
    return OperationRefused(finding, exit_code=ExitCode.USAGE)
