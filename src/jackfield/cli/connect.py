"""`jackfield connect`: a working configuration for another client, ready to be pasted."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.files import read_text
from jackfield.cli.verbs import json_option, output_of
from jackfield.client.profiles import Flags, resolve
from jackfield.client.snippets import SNIPPETS, Target
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.secret import Secret
from jackfield.settings import read_environment

LOCAL = "http://127.0.0.1:8080"
WARNINGS = {
    "terraform": "The provider uploads the zip of a function action to its region's own address, past the"
    " gateway: function actions do not work through it.",
    "gc": "Without the gateway gc talks to the cloud, and only over https.",
}


@click.command()
@click.option(
    "--for",
    "client",
    required=True,
    type=click.Choice(list(SNIPPETS)),
    help="Which client: the Python or JavaScript SDK, Terraform (CX as Code), gc, curl, Postman.",
)
@click.option(
    "--region",
    default="",
    metavar="REGION|HOST|URL",
    help=f"Server to connect to; else GENESYSCLOUD_REGION, else {LOCAL}.",
)
@click.option("--client-id", default="", metavar="ID", help="OAuth client; else GENESYSCLOUD_OAUTHCLIENT_ID.")
@click.option(
    "--client-secret-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File with its secret; else GENESYSCLOUD_OAUTHCLIENT_SECRET.",
)
@click.option("--with-secret", is_flag=True, help="Write the secret out instead of reading it when run.")
@click.option("--dir", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Write files there.")
@json_option
@click.pass_context
def command(
    context: click.Context,
    /,
    client: str,
    region: str,
    client_id: str,
    client_secret_file: Path | None,
    with_secret: bool,
    folder: Path | None,
) -> int:
    """Print a working configuration for another client.

    It reads the OAuth client's secret from GENESYSCLOUD_OAUTHCLIENT_SECRET when it is run, so that nothing
    secret stands in a file; --with-secret writes it out.
    """
    output = output_of(context)
    files = SNIPPETS[client](_target(region, client_id, client_secret_file, with_secret=with_secret))
    warning = WARNINGS.get(client, "")
    shown = [asdict(file) for file in files]
    output.document({"for": client, "files": shown, "warnings_of_the_client": [warning] if warning else []})
    for file in files:
        if folder is None:
            if len(files) > 1:
                output.message(f"# {file.name}")
            output.text(file.text.rstrip("\n"))
        else:
            _write(folder / file.name, file.text)
            output.message(f"wrote {folder / file.name}")
    output.message(files[0].note)
    if warning:
        output.message(f"note: {warning}")
    return ExitCode.OK


def _target(region: str, client_id: str, secret_file: Path | None, *, with_secret: bool) -> Target:
    environment = dict(read_environment())
    named = region or environment.get("GENESYSCLOUD_GATEWAY_HOST") or environment.get("GENESYSCLOUD_REGION")
    secret = Secret(read_text(secret_file).strip()) if secret_file else None
    connection = resolve(Flags(region if named else LOCAL, client_id, secret), environment)
    if not with_secret:
        return Target(connection.addresses, connection.client_id)
    if connection.client_secret is None:
        name = "GENESYSCLOUD_OAUTHCLIENT_SECRET"
        wanted = "the OAuth client's secret, or --client-secret-file"
        finding = found("CONNECTION_SETTING_REFUSED", Place(name), name=name, wanted=wanted, seen="not set")
        raise OperationRefused(finding, exit_code=ExitCode.USAGE)
    return Target(connection.addresses, connection.client_id, connection.client_secret)


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner may read: it may hold a secret.

    Raises:
        OperationRefused: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OperationRefused(
            found("ACTION_FILE_UNWRITABLE", Place(str(path)), path=path, reason=reason),
            exit_code=ExitCode.USAGE,
        ) from error
