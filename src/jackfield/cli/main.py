"""The entry point: reads the command line, runs a verb, turns every outcome into words and an exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import NoReturn

import click

from jackfield.cli.exit_codes import ExitCode, exit_code_of
from jackfield.cli.output import Output
from jackfield.cli.verbs import Verbs, json_option
from jackfield.domain.catalogue import found
from jackfield.domain.errors import JackfieldError, OperationRefused

MODULES = {
    "up": ("jackfield.cli.up", "Start the server."),
    "demo": ("jackfield.cli.demo", "Tell the founding story with a real server and a real web service."),
    "explain": (
        "jackfield.cli.explain",
        "Explain a request, an answer or an error, and write the right one.",
    ),
    "connect": ("jackfield.cli.connect", "Print a working configuration for another client."),
    "audit": ("jackfield.cli.audit", "List who changed what, or show one change."),
    "backup": ("jackfield.cli.backup", "Copy the database, also while the server runs."),
    "upgrade": ("jackfield.cli.upgrade", "Migrate the database, or say what a migration would do."),
    "integration": (
        "jackfield.cli.integration",
        "List and show integrations, their types, slots and events.",
    ),
    "cred": ("jackfield.cli.cred", "List, add, show, check, rotate and prune credentials."),
    "action": ("jackfield.cli.action", "Write, test, list, show and execute data actions."),
    "logs": ("jackfield.cli.logs", "Show what ran, how it ended, how long it took."),
}


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from importlib.metadata import version

    from jackfield.build import is_compiled

    output = context.find_object(Output) or Output(json=False)
    number, compiled = version("jackfield"), is_compiled()
    output.document({"version": number, "compiled": compiled})
    output.text(f"jackfield {number}{' (compiled)' if compiled else ''}")
    context.exit()


@click.group(cls=Verbs, modules=MODULES, invoke_without_command=False)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version and leave.",
)
@json_option
def root() -> None:
    """Test Genesys Cloud data actions and integrations on your own machine.

    \b
    jackfield demo      see in a minute what this is about
    jackfield up        start the server; it prints how to connect
    jackfield explain   say why a request was refused, and write the right one
    """


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; every failure has been printed."""
    output = Output(json="--json" in arguments)
    sys.excepthook = FaultHook(output)
    try:
        result = root.main(list(arguments), prog_name="jackfield", standalone_mode=False, obj=output)
    except JackfieldError as error:
        code = exit_code_of(error)
        output.refusal(error, code)
        return code
    except click.UsageError as error:
        output.refusal(_usage(error), ExitCode.USAGE)
        return ExitCode.USAGE
    except click.Abort:
        output.message("interrupted")
        return ExitCode.INTERRUPTED
    return result if isinstance(result, int) else ExitCode.OK


def run() -> NoReturn:
    """Run the process's own command line."""
    sys.exit(main(sys.argv[1:]))


def _usage(error: click.UsageError) -> OperationRefused:
    """Say a usage error of the parser as a finding."""
    context = error.ctx
    path = context.command_path if context else "jackfield"
    usage = context.get_usage().removeprefix("Usage: ") if context else "jackfield COMMAND"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        reason = f"`{path}` needs a command."
        usage = _commands(context)
    else:
        reason = error.format_message()
    return OperationRefused(found("USAGE_REFUSED", reason=reason, usage=usage, command=path))


def _commands(context: click.Context | None) -> str:
    if context is None or not isinstance(context.command, click.Group):
        return ""
    return ", ".join(f"{context.command_path} {name}" for name in context.command.list_commands(context))


class FaultHook:
    """Prints an unforeseen exception as a finding: its kind and place, never its text or a traceback.

    The text of an exception can hold anything, secrets too.
    """

    def __init__(self, output: Output) -> None:
        self._output = output

    def __call__(
        self, _kind: type[BaseException], fault: BaseException, _trace: TracebackType | None
    ) -> None:
        """Print the refusal; the process then ends with exit code 1, as Python does."""
        if isinstance(fault, KeyboardInterrupt):
            self._output.message("interrupted")
            return
        frames = traceback.extract_tb(fault.__traceback__)
        spot = f"{frames[-1].filename.rpartition('jackfield')[2]}:{frames[-1].lineno}" if frames else "start"
        finding = found("INTERNAL_FAULT", kind=type(fault).__name__, spot=spot)
        self._output.refusal(OperationRefused(finding, exit_code=ExitCode.FAILED), ExitCode.FAILED)


if __name__ == "__main__":
    run()
