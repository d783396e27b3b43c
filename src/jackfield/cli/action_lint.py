"""`jackfield action lint`: what is wrong with data actions, and what is suspected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import click

from jackfield.cli import refusals
from jackfield.cli.action_sources import usage, variables_of
from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.output import Output
from jackfield.cli.verbs import json_option, output_of
from jackfield.domain.catalogue import CATALOGUE
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding, Severity
from jackfield.rules.lint import LintOptions
from jackfield.rules.lint.examples import EXAMPLES
from jackfield.rules.nearest import nearest
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.forms.folder_form import ACTION_FILE, SCHEMA_FILES, TEMPLATE_FILES
from jackfield.workbench.linting import FIXABLE, Linted, lint
from jackfield.workbench.mending import FileChange, Mended, changes_of, mend
from jackfield.workbench.sarif import sarif_text
from jackfield.workbench.sources import load_some

_WIDE: Final = 100
_PATH: Final = click.Path(path_type=Path)
# Not what is wrong with an action, but that there is none.
_NOTHING_THERE: Final = frozenset(
    (
        "FILE_UNREADABLE",
        "ACTION_FILE_UNKNOWN",
        "ACTION_FOLDER_EMPTY",
        "TERRAFORM_WITHOUT_ACTIONS",
        "PLAN_UNREADABLE",
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for."""

    paths: tuple[Path, ...]
    terraform: Path | None
    plan: Path | None
    variables: tuple[str, ...]
    fix: bool
    dry_run: bool
    form: Literal["text", "json", "sarif"]
    options: LintOptions
    strict: bool
    ignored: frozenset[str]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run of lint leaves.

    Args:
        actions: how many were looked at.
        found: the findings that remain, and whether `--fix` mends them.
        elsewhere: how many more could be mended, but stand in files that are not rewritten.
        mended: how many findings were mended, or would be.
        changes: the files that change.
    """

    actions: int
    found: tuple[tuple[Finding, bool], ...]
    elsewhere: int
    mended: int
    changes: tuple[FileChange, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that remain."""
        return tuple(finding for finding, _ in self.found)

    @property
    def fixable(self) -> int:
        """How many of them `--fix` mends."""
        return sum(fixable for _, fixable in self.found)

    def count(self, severity: Severity) -> int:
        """Return how many findings are of a severity."""
        return sum(one.severity is severity for one in self.findings)


@click.command("lint")
@click.argument("paths", nargs=-1, metavar="[PATH]…", type=_PATH)
@click.option(
    "--terraform", type=_PATH, metavar="DIR", help="Actions of a Terraform configuration; reported only."
)
@click.option(
    "--plan", type=_PATH, metavar="FILE", help="Actions of a plan, `terraform show -json`; reported only."
)
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="A Terraform variable.")
@click.option("--fix", is_flag=True, help="Mend in the files what is safe to mend, and show what changed.")
@click.option("--dry-run", is_flag=True, help="Only show what --fix would change.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json", "sarif")), default="text", show_default=True,
    help="What standard output gets.",
)  # fmt: skip
@click.option(
    "--directives", type=click.Choice(("deny", "warn", "allow")), default="warn", show_default=True,
    help="Directives that no published action uses, such as #foreach.",
)  # fmt: skip
@click.option(
    "--null-formal", type=click.Choice(("literal", "error")), default="literal", show_default=True,
    help="What ${input.x} does when it is null: print itself, or stop the run.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Warnings are errors.")
@click.option(
    "--ignore", "ignored", multiple=True, metavar="CODE[,CODE]", help="Leave out findings of a code."
)
@click.option("--rules", is_flag=True, help="List the rules and leave.")
@json_option
@click.pass_context
def command(context: click.Context, /, rules: bool, **options: Any) -> int:
    """Find what is wrong with data actions, and mend what is safe to mend.

    \b
    jackfield action lint exports/                        all actions in and below a folder
    jackfield action lint get-order --fix                 mend, and show what changed
    jackfield action lint . --format sarif > lint.sarif   for code scanning
    """
    output = output_of(context)
    if rules:
        output.json = output.json or options["form"] == "json"
        return _show_rules(output)
    asked = _asked(output, **options)
    return _report(output, asked, _run(asked))


def _asked(output: Output, **options: Any) -> Asked:
    form = options.pop("form")
    if output.json and form == "sarif":
        raise usage("--json and --format sarif do not go together.", "PATH… --format sarif")
    output.json = output.json or form == "json"
    chosen = LintOptions(directives=options.pop("directives"), null_formal=options.pop("null_formal"))
    ignored = frozenset(
        code.strip().upper() for text in options.pop("ignored") for code in text.split(",") if code.strip()
    )
    for code in sorted(ignored - set(CATALOGUE)):
        near = nearest(code, EXAMPLES)
        hint = f" Did you mean {near}?" if near else ""
        raise usage(f"There is no finding {code[:60]}.{hint}", "PATH… --ignore CODE")
    paths = tuple(dict.fromkeys(_meant(path) for path in options.pop("paths")))
    return Asked(
        paths=paths, form="json" if output.json else form, options=chosen, ignored=ignored, **options
    )


def _meant(path: Path) -> Path:
    """Return the folder of an action whose part is named: commit hooks name the files that changed."""
    parts = (ACTION_FILE, *TEMPLATE_FILES, *SCHEMA_FILES)
    return path.parent if path.name in parts and (path.parent / ACTION_FILE).is_file() else path


def _run(asked: Asked) -> Result:
    documents, faults = _load(asked)
    changes: tuple[FileChange, ...] = ()
    mended: tuple[Mended, ...] = ()
    if asked.fix or asked.dry_run:
        mended = tuple(mend(document, asked.options, asked.ignored) for document in documents)
        changes = changes_of(mended)
    if asked.fix and not asked.dry_run and changes:
        for change in changes:
            change.write()
        documents, faults = _load(asked)
    linted = [lint(document, asked.options, strict=asked.strict) for document in documents]
    return _result(asked, linted, faults, mended, changes)


def _result(
    asked: Asked,
    linted: Sequence[Linted],
    faults: Sequence[Finding],
    mended: Sequence[Mended],
    changes: tuple[FileChange, ...],
) -> Result:
    kept = [(one, False) for one in faults if one.code not in asked.ignored]
    elsewhere = 0
    for one in linted:
        ours = one.document.origin.scalar is not None
        for finding, splices in zip(one.findings, one.splices, strict=True):
            if finding.code not in asked.ignored:
                kept.append((finding, bool(splices) and ours))
                elsewhere += bool(splices) and not ours
    count = sum(one.count for one in mended)
    return Result(len(linted), tuple(kept), elsewhere, count, changes)


def _load(asked: Asked) -> tuple[tuple[ActionDocument, ...], tuple[Finding, ...]]:
    """Return the actions, and what is wrong with those that cannot be read.

    Raises:
        OperationRefused: something is named that is no action at all.
    """
    values = variables_of(asked.paths, asked.terraform, asked.plan, asked.variables)
    documents, faults = load_some(asked.paths, terraform=asked.terraform, plan=asked.plan, variables=values)
    nothing = [one for one in faults if one.code in _NOTHING_THERE]
    if nothing:
        raise OperationRefused(*nothing)
    return documents, faults


def _report(output: Output, asked: Asked, result: Result) -> int:
    failed = result.count(Severity.ERROR) > 0
    diffs = "".join(change.diff() for change in result.changes)
    if asked.form == "sarif":
        output.text(sarif_text(result.findings, folder=Path.cwd(), command="action lint").rstrip("\n"))
    elif asked.form == "json":
        output.document(_members(asked, result, failed))
    for line in diffs.splitlines():
        (output.message if asked.form == "sarif" else output.text)(line)
    if asked.form == "text":
        for finding, fixable in result.found:
            for line in _lines(finding, fixable):
                output.text(line)
    for line in _summary(asked, result):
        output.message(line)
    return ExitCode.ASSERTIONS if failed else ExitCode.OK


def _members(asked: Asked, result: Result, failed: bool) -> dict[str, Any]:
    return {
        "ok": not failed,
        "actions": result.actions,
        **{f"{one.value}s": result.count(one) for one in Severity},
        "fixable": result.fixable,
        "mended": result.mended,
        "written": bool(result.changes) and not asked.dry_run,
        "changes": [{"file": str(one.path), "diff": one.diff()} for one in result.changes],
        "findings": [{**refusals.finding_members(one), "fixable": fixable} for one, fixable in result.found],
    }


def _lines(finding: Finding, fixable: bool) -> Iterable[str]:
    """Return a finding in the form that editors and build servers read, and what to do below it."""
    place = finding.place
    spot = ":".join(str(part) for part in (place.file, place.line, place.column) if part not in ("", None))
    yield refusals.plain(f"{spot}: {finding.severity}: {finding.message} [{finding.code}]")
    for line in refusals.excerpt_lines(finding, _WIDE - 4):
        yield f"    {line}"
    yield refusals.plain(f"    -> {finding.fix}{' (--fix does it)' if fixable else ''}")


def _summary(asked: Asked, result: Result) -> Iterable[str]:
    counts = ", ".join(_counted(result.count(one), one.value) for one in Severity)
    yield f"{counts} in {_counted(result.actions, 'action')}"
    if result.changes:
        words = "would be mended" if asked.dry_run else "mended"
        yield f"{_counted(result.mended, 'finding')} {words} in {_counted(len(result.changes), 'file')}"
    elif asked.fix or asked.dry_run:
        yield "nothing to mend"
    elif result.fixable:
        yield f"{_counted(result.fixable, 'finding')} can be mended with --fix"
    if result.elsewhere:
        could = f"{_counted(result.elsewhere, 'finding')} could be mended, but not by --fix:"
        yield f"{could} Terraform files and plans are reported, not rewritten"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _show_rules(output: Output) -> int:
    entries = [CATALOGUE[code] for code in EXAMPLES]
    output.document(
        {
            "rules": [
                {
                    "code": one.code,
                    "severity": one.severity.value,
                    "grade": one.grade.value,
                    "fixable": one.code in FIXABLE,
                    "title": one.title,
                }
                for one in entries
            ]
        }
    )
    output.table(
        ("CODE", "SEVERITY", "GRADE", "FIX", "TITLE"),
        [
            (one.code, one.severity, one.grade, "yes" if one.code in FIXABLE else "", one.title)
            for one in entries
        ],
    )
    return ExitCode.OK
