"""All the data actions that a command line names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms import load_each


def load_all(
    paths: Sequence[Path],
    *,
    terraform: Path | None = None,
    plan: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> tuple[ActionDocument, ...]:
    """Return the data actions of several paths, of Terraform's configuration and of a plan.

    Args:
        paths: files and folders.
        terraform: folder of `*.tf` files.
        plan: output of `terraform show -json`.
        variables: values of Terraform's variables.

    Raises:
        OperationRefused: some of them cannot be read; it carries the findings of all.
    """
    documents, findings = load_some(paths, terraform=terraform, plan=plan, variables=variables)
    if findings:
        raise OperationRefused(*findings)
    return documents


def load_some(
    paths: Sequence[Path],
    *,
    terraform: Path | None = None,
    plan: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> tuple[tuple[ActionDocument, ...], tuple[Finding, ...]]:
    """Return the data actions that can be read, each once, and what is wrong with the others.

    Args:
        paths: files and folders.
        terraform: folder of `*.tf` files.
        plan: output of `terraform show -json`.
        variables: values of Terraform's variables.
    """
    documents: list[ActionDocument] = []
    findings: list[Finding] = []
    for path in paths:
        seen = {one.origin.path.resolve() for one in documents}
        try:
            read, faults = load_each(path)
        except OperationRefused as error:
            findings += error.findings
        else:
            documents += (one for one in read if one.origin.path.resolve() not in seen)
            findings += (one for one in faults if one not in findings)
    try:
        documents += _of_terraform(terraform, plan, variables or {})
    except OperationRefused as error:
        findings += error.findings
    return tuple(documents), tuple(findings)


def _of_terraform(
    terraform: Path | None, plan: Path | None, variables: Mapping[str, str]
) -> tuple[ActionDocument, ...]:
    if terraform is None and plan is None:
        return ()
    # The parser of Terraform's language takes longer to import than everything else here.
    from jackfield.workbench.terraform import load_plan, load_terraform

    documents = load_terraform(terraform, variables) if terraform is not None else ()
    return (*documents, *(load_plan(plan) if plan is not None else ()))
