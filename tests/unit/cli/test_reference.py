"""docs/cli.md tells what the program takes."""

from __future__ import annotations

from pathlib import Path

import click

from jackfield.cli.main import root
from jackfield.cli.reference import page, walk

DOCUMENT = Path(__file__).parents[3] / "docs" / "cli.md"


def test_the_page_is_current() -> None:
    """The committed page is exactly what the commands make."""
    assert DOCUMENT.read_text(encoding="utf-8") == page(), "run python scripts/cli_page.py"


def test_every_command_and_option_stands_in_the_page() -> None:
    """No command, option or variable is missing, however the page is made."""
    text = DOCUMENT.read_text(encoding="utf-8")
    for path, command in walk(root, click.Context(root, info_name="jackfield")):
        assert f"\n### {path}\n" in text
        for option in command.params:
            if isinstance(option, click.Option) and not isinstance(command, click.Group):
                assert f"`{option.opts[0]}" in text, f"{path} {option.opts[0]}"
                assert not isinstance(option.envvar, str) or f"`{option.envvar}`" in text


def test_every_option_has_help() -> None:
    """An option without a sentence cannot be understood from `--help`."""
    for path, command in walk(root, click.Context(root, info_name="jackfield")):
        assert command.help, path
        assert all(option.help for option in command.params if isinstance(option, click.Option)), path
