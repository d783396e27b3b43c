"""`jackfield up`: the server, from the command line."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.output import SCHEMA_VERSION, Output
from jackfield.cli.server_option import ServerOption as ServerOption
from jackfield.cli.server_option import egress_options
from jackfield.cli.verbs import json_option, output_of
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.secret import Secret

if TYPE_CHECKING:
    from jackfield.app import Started
    from jackfield.settings import ServerSettings


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, cls=ServerOption, help="Address to listen on."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8080,
    show_default=True,
    cls=ServerOption,
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".jackfield"),
    show_default=True,
    cls=ServerOption,
    help="Database, key and logs; created on the first start.",
)
@click.option(
    "--database", default="", metavar="URL", cls=ServerOption, help="PostgreSQL instead of the SQLite file."
)
@click.option("--ephemeral", is_flag=True, cls=ServerOption, help="Keep nothing after the server stops.")
@click.option(
    "--limits",
    type=click.Choice(["off", "cloud"]),
    default="off",
    show_default=True,
    cls=ServerOption,
    help="Enforce the cloud's limits.",
)
@click.option(
    "--limit",
    multiple=True,
    metavar="KEY=VALUE",
    cls=ServerOption,
    help="Another value of a limit of data actions, enforced in any case; may be repeated.",
)
@click.option(
    "--upstreams",
    type=click.Choice(["public", "loopback", "auto"]),
    default="auto",
    show_default=True,
    cls=ServerOption,
    help="Addresses that data actions may call; auto is loopback too while listening on loopback.",
)
@click.option(
    "--allow-upstream",
    multiple=True,
    metavar="CIDR|HOST",
    cls=ServerOption,
    help="Besides, allow this network or host; may be repeated.",
)
@click.option(
    "--catalog",
    type=click.Path(path_type=Path, file_okay=False),
    cls=ServerOption,
    help="Folder with more integration and credential types.",
)
@click.option(
    "--platform",
    default="",
    metavar="self|REGION|URL|stub:DIR",
    cls=ServerOption,
    help="Where actions of Genesys Cloud integrations go: this server, a region or URL, or files.",
)
@click.option(
    "--null-formal",
    type=click.Choice(["literal", "error"]),
    default="literal",
    show_default=True,
    cls=ServerOption,
    help="What ${x} in a template gives when x is null: its own text, or an error.",
)
@click.option(
    "--directives",
    type=click.Choice(["deny", "warn", "allow"]),
    default="warn",
    show_default=True,
    cls=ServerOption,
    help="Loops, macros and other directives that no published action has.",
)
@click.option(
    "--trust-dir",
    type=click.Path(path_type=Path, file_okay=False),
    cls=ServerOption,
    help="Folder with integrations' own trust stores, <integration id>.pem.",
)
@click.option(
    "--client-cert",
    type=click.Path(path_type=Path, dir_okay=False),
    cls=ServerOption,
    help="Certificate (PEM) that data actions present to services that ask for one.",
)
@click.option(
    "--client-key",
    type=click.Path(path_type=Path, dir_okay=False),
    cls=ServerOption,
    help="Key (PEM) of --client-cert.",
)
@egress_options
@click.option(
    "--faults",
    type=click.Path(path_type=Path, dir_okay=False),
    cls=ServerOption,
    help="Let data actions meet the faults that this file (YAML or JSON) names.",
)
@click.option(
    "--allow-reset",
    is_flag=True,
    cls=ServerOption,
    help="Let callers reset, take and restore the whole state, as with --ephemeral; for tests.",
)
@click.option("--seed", type=int, cls=ServerOption, help="Make ids repeatable; secrets stay random.")
@click.option("--strict", is_flag=True, cls=ServerOption, help="Refuse what is otherwise only warned about.")
@click.option(
    "--as",
    "as",
    default="jackfield",
    metavar="jackfield|cloud[:SEED]",
    show_default=True,
    cls=ServerOption,
    help="With the cloud's manners: terse errors, delays, limits; the seed makes the delays repeatable.",
)
@click.option(
    "--implicit-grant",
    is_flag=True,
    cls=ServerOption,
    help="Let logins be answered with a token in the address (discouraged; codes with PKCE are better).",
)
@click.option(
    "--allow-origin",
    multiple=True,
    metavar="ORIGIN",
    cls=ServerOption,
    help="Only pages of this origin may call from a browser; may be repeated. None named: all may.",
)
@click.option(
    "--tls-cert",
    type=click.Path(path_type=Path, dir_okay=False),
    cls=ServerOption,
    help="PEM file of the certificate (chain) to serve https with.",
)
@click.option(
    "--tls-key",
    type=click.Path(path_type=Path, dir_okay=False),
    cls=ServerOption,
    help="PEM file of the certificate's key.",
)
@click.option(
    "--log-days",
    type=click.IntRange(0, 3650),
    default=14,
    show_default=True,
    cls=ServerOption,
    help="How long the log keeps executions; 0 keeps no log.",
)
@click.option(
    "--log-rows",
    type=click.IntRange(1, 100_000_000),
    default=1_000_000,
    show_default=True,
    cls=ServerOption,
    help="How many executions the log keeps at most.",
)
@click.option(
    "--log-bodies", is_flag=True, cls=ServerOption, help="Log inputs and results, too, masked; for replays."
)
@click.option("--no-console", is_flag=True, cls=ServerOption, help="Without the web console.")
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    cls=ServerOption,
    help="Least severity that is logged.",
)
@click.option("--workers", type=int, default=1, help="Processes; only 1 is possible so far.")
@json_option
@click.pass_context
def command(
    context: click.Context, /, *, workers: int, no_console: bool, egress_proxy: str | None, **options: Any
) -> int:
    """Start the server and run until it is told to stop.

    The first start creates organization, administrator, OAuth client and key, and prints how to connect.
    """
    if workers != 1:
        finding = found("WORKERS_REFUSED", workers=workers, seen=f"--workers {workers}")
        raise OperationRefused(finding, exit_code=ExitCode.USAGE)
    # What is imported and made from here on stays: the collector would only look through it again and again.
    # `settle_memory` lets it begin.
    gc.disable()
    from jackfield.app import serve
    from jackfield.settings import ServerSettings, read_bootstrap, read_environment

    manners = _cloud_seed(options.pop("as"))
    bootstrap = read_bootstrap(read_environment())
    proxy = Secret(egress_proxy) if egress_proxy else None
    settings = ServerSettings(
        console=not no_console, bootstrap=bootstrap, cloud=manners, egress_proxy=proxy, **options
    )
    output = output_of(context)
    return serve(settings, lambda started: announce(output, started))


def _cloud_seed(manners: str) -> int | None:
    """Return the seed of the cloud's manners, None for our own.

    Raises:
        OperationRefused: it is neither.
    """
    kind, _, seed = manners.partition(":")
    if kind == "jackfield" and not seed:
        return None
    if kind != "cloud" or not (seed or "0").isdecimal() or (":" in manners and not seed):
        wanted = "`jackfield`, `cloud`, or `cloud:` and a whole number"
        finding = found("SETTING_REFUSED", Place("--as"), name="--as", seen=manners, wanted=wanted)
        raise OperationRefused(finding, exit_code=ExitCode.USAGE)
    return int(seed or "0")


def announce(output: Output, started: Started) -> None:
    """Tell that requests are accepted, and how to connect."""
    if output.json:
        output.line(_members(started))
        return
    settings = started.settings
    output.text(f"Jackfield is ready at {started.url}")
    output.text()
    for name, value in _connection(started):
        output.text(f"  export {name}={value}")
    output.text()
    if started.admin_password is not None:
        output.text(f"  administrator {started.admin_user}, password {started.admin_password.reveal()}")
    if started.client_secret is not None and not settings.ephemeral:
        output.text("  These secrets are shown this once.")
    elif started.client_secret is None:
        output.text("  The client's secret was shown on the first start and is not kept in clear.")
    output.text(f"  {_where(settings)}")
    if settings.cloud is not None:
        output.text(f"  It has the cloud's manners: terse errors, limits, delays (seed {settings.cloud}).")
    output.text(f"  Data actions may call {_upstreams(settings)}.")
    if settings.faults is not None:
        output.text(f"  They meet the faults of {settings.faults}: do not rely on what they answer.")
    if settings.platform:
        output.text(f"  Actions on the platform call {settings.platform}.")
    output.text("  Try: jackfield integration types")


def _members(started: Started) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "url": started.url,
        "login_url": started.url,
        "client_id": started.client_id,
        "client_secret": _revealed(started.client_secret),
        "admin_user": started.admin_user,
        "admin_password": _revealed(started.admin_password),
        "pid": started.pid,
    }


def _connection(started: Started) -> list[tuple[str, str]]:
    return [
        ("GENESYSCLOUD_REGION", started.url),
        ("GENESYSCLOUD_OAUTHCLIENT_ID", started.client_id),
        (
            "GENESYSCLOUD_OAUTHCLIENT_SECRET",
            _revealed(started.client_secret) or "<as shown on the first start>",
        ),
    ]


def _revealed(secret: Secret | None) -> str | None:
    return None if secret is None else secret.reveal()


def _where(settings: ServerSettings) -> str:
    if settings.ephemeral:
        return "Nothing is kept after the server stops."
    return f"Data: {settings.data_dir} (back up the key {settings.key_file.name} apart from the database)."


def _upstreams(settings: ServerSettings) -> str:
    from jackfield.engine.guard import closed_range

    closed = {entry: closed_range(entry) for entry in settings.allow_upstream}
    opened = [entry for entry, why in closed.items() if not why]
    allowed = f", and {', '.join(opened)}" if opened else ""
    allowed += "".join(f"; {entry} stays closed, being {why}" for entry, why in closed.items() if why)
    if settings.upstream_mode == "loopback":
        return f"public addresses and this machine's loopback{allowed}"
    return f"public addresses only{allowed}"
