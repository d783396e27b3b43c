"""The options of every command that talks to a server, and the client they open."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import click

from jackfield.cli.files import read_text
from jackfield.cli.output import Output
from jackfield.cli.verbs import json_option, output_of
from jackfield.domain.secret import Secret

if TYPE_CHECKING:
    from jackfield.client.http import Client

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

OPTIONS = (
    click.option(
        "--region",
        default="",
        metavar="REGION|HOST|URL",
        help="Server to talk to; else GENESYSCLOUD_GATEWAY_HOST or GENESYSCLOUD_REGION.",
    ),
    click.option(
        "--client-id", default="", metavar="ID", help="OAuth client; else GENESYSCLOUD_OAUTHCLIENT_ID."
    ),
    click.option(
        "--client-secret-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="File with the OAuth client's secret; else GENESYSCLOUD_OAUTHCLIENT_SECRET.",
    ),
    click.option(
        "--ca-bundle",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Certificate authorities to trust besides the system's (PEM).",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="Longest wait for one answer (70).",
    ),
    json_option,
)
CONNECTION = ("region", "client_id", "client_secret_file", "ca_bundle", "timeout")


def connection_options(command: F) -> F:
    """Give a command the connection's options, handed over as one mapping `connection` for `open_client`."""

    @functools.wraps(command)
    def wrapper(*args: Any, **options: Any) -> Any:
        own = {name: options.pop(name) for name in CONNECTION}
        return command(*args, connection=own, **options)

    wrapped: Any = wrapper
    for option in reversed(OPTIONS[:-1]):
        wrapped = option(wrapped)
    return cast("F", wrapped)


def connected(command: Callable[Concatenate[Client, Output, P], R]) -> Callable[..., R]:
    """Give a command the connection's options, and call it with an open client and its output."""

    @functools.wraps(command)
    @click.pass_context
    def wrapper(context: click.Context, /, *args: Any, **options: Any) -> R:
        output = output_of(context)
        own = {name: options.pop(name) for name in CONNECTION}
        with open_client(output, **own) as client:
            return command(client, output, *args, **options)

    for option in reversed(OPTIONS):
        wrapper = option(wrapper)
    return wrapper


def open_client(
    output: Output,
    *,
    region: str,
    client_id: str,
    client_secret_file: Path | None,
    ca_bundle: Path | None,
    timeout: float | None,
) -> Client:
    """Open a client from flags and environment; notices go to standard error.

    Raises:
        OperationRefused: no server is named, or a setting or file cannot be used.
    """
    from jackfield.client.http import Client
    from jackfield.client.profiles import Flags, resolve
    from jackfield.settings import read_environment

    secret = Secret(read_text(client_secret_file).strip()) if client_secret_file else None
    flags = Flags(region, client_id, secret, ca_bundle, timeout)
    connection = resolve(flags, read_environment())
    for notice in connection.notices:
        output.message(f"note: {notice}")
    return Client(connection, on_wait=output.message, on_warnings=output.warnings)
