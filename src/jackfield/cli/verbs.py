"""The tree of commands. A verb's module is imported only when the verb is used, so that help stays quick."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from jackfield.cli.output import Output
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused

F = TypeVar("F", bound=Callable[..., Any])

HELP_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

json_option = click.option(
    "--json", is_flag=True, expose_value=False, help="Print one JSON document on standard output."
)
"""Only makes the option known to the parser; `main` looks for it before anything is parsed."""


class Verbs(click.Group):
    """A group of commands with help for the mistyped.

    Args:
        modules: command name to (module with a click command called `command`, one line of help).
    """

    def __init__(
        self, *args: Any, modules: Mapping[str, tuple[str, str]] | None = None, **settings: Any
    ) -> None:
        settings.setdefault("context_settings", HELP_SETTINGS)
        super().__init__(*args, **settings)
        self.modules = modules or {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands' names in the order in which they were registered."""
        return [*self.modules, *self.commands]

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Return a command, importing its module."""
        if cmd_name not in self.modules:
            return self.commands.get(cmd_name)
        command = importlib.import_module(self.modules[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """List the commands without importing them."""
        rows = [(name, help_line) for name, (_, help_line) in self.modules.items()]
        rows += [(name, command.get_short_help_str(80)) for name, command in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one is nearest.

        Raises:
            OperationRefused: there is no such command.
        """
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            raise unknown_command(name, self.list_commands(ctx), ctx.command_path)
        return super().resolve_command(ctx, args)


def unknown_command(name: str, commands: Sequence[str], path: str) -> OperationRefused:
    """Return the refusal of a mistyped command."""
    near = difflib.get_close_matches(name.lower(), commands, n=1, cutoff=0.5)
    prefixed = [command for command in commands if name.lower().startswith(command)]
    nearest = (near or prefixed or [""])[0]
    advice = (
        f"Did you mean `{path} {nearest}`?" if nearest else f"Run `{path} --help` for what each one does."
    )
    return OperationRefused(
        found("COMMAND_UNKNOWN", command=name, seen=name, commands=", ".join(commands), nearest=advice)
    )


def output_of(context: click.Context) -> Output:
    """Return what the running command prints with."""
    output = context.find_object(Output)
    return output if output is not None else Output(json=False)
