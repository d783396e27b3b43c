"""Options that may also be set in the environment, and those of outgoing calls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click


class ServerOption(click.Option):
    """An option that may also be set as `JACKFIELD_<NAME>`; click itself never looks at the environment."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.envvar = f"JACKFIELD_{(self.name or '').upper()}"
        self.show_envvar = True

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:  # noqa: ARG002 - click's signature
        """Read the variable through the settings, the only reader of the environment."""
        from jackfield.settings import read_environment

        return read_environment().get(str(self.envvar)) or None


_EGRESS: Final = (
    click.option(
        "--egress-proxy",
        metavar="URL",
        cls=ServerOption,
        help="HTTP proxy for the calls of data actions, http://[user:password@]host:port.",
    ),
    click.option(
        "--egress-proxy-resolves",
        is_flag=True,
        cls=ServerOption,
        help="Give the proxy host names; without it, it gets the address that was judged here.",
    ),
    click.option(
        "--egress-ca",
        type=click.Path(path_type=Path, dir_okay=False),
        cls=ServerOption,
        help="Authorities (PEM) that the calls of data actions trust besides the system's.",
    ),
)


def egress_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of outgoing calls to a command."""
    for option in reversed(_EGRESS):
        command = option(command)
    return command
