"""A folder of Terraform configuration: all of its blocks, and what names mean in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Place
from jackfield.workbench.forms.json_text import quoted
from jackfield.workbench.terraform.evaluation import Scope
from jackfield.workbench.terraform.functions import FUNCTIONS
from jackfield.workbench.terraform.syntax import (
    Block,
    Expression,
    SourceFile,
    read_configuration,
    read_expression,
)

_VALUES: Final = ("terraform.tfvars", "*.auto.tfvars")


@dataclass(frozen=True)
class Configuration:
    """What the `.tf` files of a folder say.

    Args:
        blocks: their blocks, in the order of files and lines.
        scope: what names mean.
    """

    blocks: tuple[Block, ...]
    scope: Scope

    def resources(self, *kinds: str) -> tuple[Block, ...]:
        """Return the resources of some types."""
        return tuple(
            block
            for block in self.blocks
            if block.kind == "resource" and len(block.labels) == 2 and block.labels[0] in kinds
        )


def read_configuration_of(folder: Path, variables: Mapping[str, str]) -> Configuration:
    """Return the configuration of a folder, without the modules that it calls.

    Args:
        folder: the folder.
        variables: values of variables, as `-var` of Terraform has them; they count before those of
            `terraform.tfvars` and `*.auto.tfvars`, and those before the defaults.

    Raises:
        OperationRefused: it is no folder, or files of it cannot be read.
    """
    files = sorted(folder.glob("*.tf"))
    if not files:
        reason = "it has no `*.tf` files" if folder.is_dir() else "it is no folder"
        if any(folder.glob("*.tf.json")):
            reason = "it has only `*.tf.json` files, which are not read; use `--plan`"
        place = Place(file=str(folder))
        raise OperationRefused(found("FILE_UNREADABLE", place, path=folder, reason=reason))
    blocks = tuple(block for file in _all_of(files) for block in file.blocks)
    declared = {block.labels[0]: block for block in blocks if block.kind == "variable" and block.labels}
    values = {
        name: block.attributes["default"] for name, block in declared.items() if "default" in block.attributes
    }
    for pattern in _VALUES:
        for file in _all_of(sorted(folder.glob(pattern))):
            values |= file.attributes
    values |= {name: _given(name, text) for name, text in variables.items()}
    local_values: dict[str, Expression] = {}
    for block in blocks:
        if block.kind == "locals":
            local_values |= block.attributes
    return Configuration(
        blocks, Scope(folder, local_values, values, frozenset({*declared, *variables}), FUNCTIONS)
    )


def _all_of(files: list[Path]) -> list[Block]:
    """Read all files, and refuse for the faults of all."""
    read: list[Block] = []
    findings: list[Finding] = []
    for file in files:
        try:
            read.append(read_configuration(file))
        except OperationRefused as error:
            findings += error.findings
    if findings:
        raise OperationRefused(*findings)
    return read


def _given(name: str, text: str) -> Expression:
    """Return the value of a variable as the command line has it: a list or an object, or else a text."""
    if text.startswith(("[", "{")):
        return read_expression(SourceFile(Path(f"--var {name}"), text), 0, len(text))
    literal = quoted(text).replace("${", "$${").replace("%{", "%%{")
    return read_expression(SourceFile(Path(f"--var {name}"), literal), 0, len(literal))
