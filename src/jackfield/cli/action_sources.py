"""The arguments by which commands of the action bench are told what to work on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from jackfield.cli.exit_codes import ExitCode
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.sources import load_all

F = TypeVar("F", bound=Callable[..., Any])

_PATH = click.Path(path_type=Path)


def with_sources(command: F) -> Callable[..., Any]:
    """Give a command `PATH…`, `--terraform`, `--plan` and `--var`, and hand it `documents`.

    Raises:
        OperationRefused: nothing is named, or what is named cannot be read.
    """

    @click.argument("paths", nargs=-1, type=_PATH, metavar="[PATH]…")
    @click.option("--terraform", type=_PATH, metavar="DIR", help="Actions of a Terraform configuration.")
    @click.option("--plan", type=_PATH, metavar="FILE", help="Actions of a plan: `terraform show -json`.")
    @click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="A Terraform variable.")
    @functools.wraps(command)
    def wrapped(
        *args: Any,
        paths: tuple[Path, ...],
        terraform: Path | None,
        plan: Path | None,
        variables: tuple[str, ...],
        **options: Any,
    ) -> Any:
        documents = read_sources(paths, terraform, plan, variables)
        return command(*args, documents=documents, **options)

    return wrapped


def read_sources(
    paths: tuple[Path, ...], terraform: Path | None, plan: Path | None, variables: tuple[str, ...]
) -> tuple[ActionDocument, ...]:
    """Return the data actions that the arguments of a command name.

    Raises:
        OperationRefused: nothing is named, or what is named cannot be read.
    """
    values = variables_of(paths, terraform, plan, variables)
    return load_all(paths, terraform=terraform, plan=plan, variables=values)


def variables_of(
    paths: tuple[Path, ...], terraform: Path | None, plan: Path | None, variables: tuple[str, ...]
) -> Mapping[str, str]:
    """Return the values of Terraform's variables.

    Raises:
        OperationRefused: nothing is named to work on, or a variable has no value.
    """
    if not (paths or terraform or plan):
        raise usage("Nothing is named to work on.", "PATH… | --terraform DIR | --plan FILE")
    pairs = [text.partition("=") for text in variables]
    if any(not sign or not name for name, sign, _ in pairs):
        raise usage("--var takes NAME=VALUE, with an equals sign.", "--var NAME=VALUE")
    return {name: value for name, _, value in pairs}


def usage(reason: str, wanted: str) -> OperationRefused:
    """Return the refusal of a command line of the group."""
    context = click.get_current_context(silent=True)
    path = context.command_path if context else "jackfield action"
    finding = found("USAGE_REFUSED", reason=reason, usage=f"{path} {wanted}", command=path)
    return OperationRefused(finding, exit_code=ExitCode.USAGE)
