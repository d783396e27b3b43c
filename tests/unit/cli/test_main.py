"""The entry point: help, version, usage errors, exit codes, faults."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from jackfield.cli.main import MODULES, FaultHook
from jackfield.cli.output import Output
from support.command_line import Commands, in_a_process


def test_help_lists_every_command() -> None:
    """`--help` and `-h` print all commands on standard output and succeed."""
    whole, short = in_a_process("--help"), in_a_process("-h")
    assert (whole.code, whole.out) == (0, short.out)
    assert all(f"\n  {name} " in whole.out for name in MODULES)


def test_help_imports_no_verb_and_no_heavy_package() -> None:
    """Help stays quick because neither the verbs nor Rich, httpx or the server are imported."""
    script = (
        "import sys\nfrom jackfield.cli.main import main\ncode = main(['--help'])\n"
        "heavy = {'rich', 'httpx', 'typer', 'starlette', 'sqlalchemy', 'jackfield.settings'}\n"
        "loaded = sorted(heavy & set(sys.modules))\n"
        "sys.exit(code or (repr(loaded) if loaded else 0))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_version(commands: Commands) -> None:
    """`--version` prints name and number, or a document."""
    text, document = commands("--version"), commands("--version", "--json")
    assert text.out.startswith("jackfield 0.")
    assert document.document["version"] in text.out
    assert document.document["schema_version"] == 1
    assert document.document["compiled"] is ("(compiled)" in text.out)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("integation", "list"), "`jackfield integration`"),
        (("credential", "list"), "`jackfield cred`"),
        (("actions",), "`jackfield action`"),
        (("integration", "lst"), "`jackfield integration list`"),
        (("xyzzy",), "`jackfield --help`"),
    ],
)
def test_a_mistyped_command_is_told_the_nearest(
    commands: Commands, arguments: tuple[str, ...], advice: str
) -> None:
    """The refusal names the nearest command and exits 3, with and without JSON."""
    text, document = commands(*arguments), commands(*arguments, "--json")
    assert (text.code, document.code) == (3, 3)
    assert text.out == ""
    assert advice in " ".join(text.err.split())
    assert document.finding["code"] == "COMMAND_UNKNOWN"
    assert document.err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("integration",),
        ("integration", "show"),
        ("integration", "list", "--no-such-option"),
        ("integration", "list", "--state", "ASLEEP"),
        ("integration", "list", "--timeout", "0"),
        ("cred", "add"),
        ("action", "execute", "a", "b"),
        ("up", "--port", "70000"),
        ("up", "--limits", "some"),
        ("demo", "--pause", "-1"),
    ],
)
def test_wrong_usage_exits_3_with_one_finding(commands: Commands, arguments: tuple[str, ...]) -> None:
    """What the parser refuses is a finding on standard error, or a document; never click's own words."""
    text, document = commands(*arguments), commands(*arguments, "--json")
    assert (text.code, text.out) == (3, "")
    assert "[USAGE_REFUSED]" in text.err
    assert "--help" in text.err
    assert (document.code, document.finding["code"]) == (3, "USAGE_REFUSED")
    assert document.document["ok"] is False


def test_a_failing_process_prints_one_document_and_no_traceback() -> None:
    """The process exits with the code that the document tells."""
    outcome = in_a_process("integration", "list", "--json")
    assert (outcome.code, outcome.document["exit_code"]) == (3, 3)
    assert outcome.finding["code"] == "REGION_UNSET"
    assert outcome.err == ""


def test_an_unforeseen_exception_shows_kind_and_place_only(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the exception's text, which may hold a secret, nor a traceback is printed."""
    hook = FaultHook(Output(json=True))
    try:
        raise LookupError("hunter22")
    except LookupError as fault:
        hook(LookupError, fault, fault.__traceback__)
    captured = capsys.readouterr()
    finding = json.loads(captured.out)["error"]["findings"][0]
    assert finding["code"] == "INTERNAL_FAULT"
    assert "LookupError" in finding["message"]
    assert "hunter22" not in captured.out + captured.err
    assert "Traceback" not in captured.out + captured.err


def test_an_unforeseen_exception_ends_a_process_with_1() -> None:
    """The hook is installed by `main`, and Python's exit code for an exception is 1."""
    script = "import jackfield.cli.main as cli\ncli.root.main = None\ncli.main(['integration', 'list'])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "[INTERNAL_FAULT]" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_outside_a_command_says_interrupted(capsys: pytest.CaptureFixture[str]) -> None:
    """An interruption is not a fault."""
    FaultHook(Output(json=False))(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert capsys.readouterr().err == "interrupted\n"
