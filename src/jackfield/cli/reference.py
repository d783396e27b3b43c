"""The page about the command line (`docs/cli.md`), made out of the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator

import click

from jackfield.cli.exit_codes import MEANINGS
from jackfield.cli.main import root

SHARED = frozenset({"region", "client_id", "client_secret_file", "ca_bundle", "timeout", "json"})

INTRODUCTION = """# The command line

Every command, option and exit code. This page is made from the program (`python scripts/cli_page.py`), and
a test holds it to it.

## Rules

- Data goes to standard output, everything else to standard error. On a terminal lists are tables; elsewhere
  they are tab-separated lines with a head line.
- `--json` prints one JSON document on standard output, also when the command fails: `schema_version` (1),
  `ok`, and on failure `exit_code` and `error` with `status`, `code`, `message`, `context_id` and
  `findings`. What was accepted with a warning is in `warnings`. `jackfield up --json` prints its one line
  when requests are accepted.
- A refusal shows each finding: what is wrong, where (with a caret in the text that was sent), what was
  seen, what is accepted, and what to do.
- Secrets are never taken from the command line, where every process of the machine could see them: they
  come from a prompt, a file, standard input or the environment. They are never printed, but for the first
  start of `up`.
- A name may stand for an id as long as only one thing has it.

## Connecting

The commands that talk to a server read the variables of the official clients. A flag wins over a variable.

| variable | meaning |
|---|---|
| `GENESYSCLOUD_REGION` | region (`eu-west-1`), host (`mypurecloud.ie`) or URL (`http://127.0.0.1:8080`) |
| `GENESYSCLOUD_OAUTHCLIENT_ID`, `GENESYSCLOUD_OAUTHCLIENT_SECRET` | OAuth client (client credentials) |
| `GENESYSCLOUD_ACCESS_TOKEN` | a token to use instead; after a 401 the OAuth client is used if there is one |
| `GENESYSCLOUD_GATEWAY_HOST`, `_PORT`, `_PROTOCOL`, `_PATH_NAME`, `_PATH_VALUE` | a gateway |
| `GENESYSCLOUD_PROXY_HOST`, `_PORT`, `_PROTOCOL`, `_AUTH_USERNAME`, `_AUTH_PASSWORD` | a proxy |
| `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY` | the usual ones; loopback never goes through a proxy |

`GENESYS_CLOUD_CLIENT_ID`, `GENESYS_CLIENT_ID`, their `_SECRET`, and `GENESYS_REGION` are understood with a
notice.

After 429 the commands wait as long as `Retry-After` says, up to three minutes; 502, 503, 504 and broken
connections are tried again for requests that can be repeated without harm; after a 401 a new token is
fetched once.
"""


def page() -> str:
    """Return the whole page."""
    context = click.Context(root, info_name="jackfield")
    commands = list(walk(root, context))
    talking = next(command for _, command in commands if _talks(command))
    shared = [option for option in _options(talking) if option.name in SHARED]
    parts = [
        INTRODUCTION,
        "These options belong to every command that talks to a server.\n",
        *_table(shared, _context(talking)),
        _exit_codes(),
        "## Commands\n",
        *(_section(path, command) for path, command in commands),
    ]
    return "\n".join(parts)


def walk(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Yield each command with its whole name, groups before what is in them."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        below = click.Context(command, info_name=name, parent=context)
        yield below.command_path, command
        if isinstance(command, click.Group):
            yield from walk(command, below)


def _exit_codes() -> str:
    rows = [f"| {int(code)} | {meaning} |" for code, meaning in MEANINGS.items()]
    return "\n".join(["## Exit codes\n", "| code | meaning |", "|---|---|", *rows, ""])


def _section(path: str, command: click.Command) -> str:
    head = [f"### {path}\n", _paragraphs(command.help or ""), ""]
    if isinstance(command, click.Group):
        return "\n".join(head)
    context = _context(command)
    words = [item.make_metavar(context) for item in command.params if isinstance(item, click.Argument)]
    head.append(f"```\n{' '.join([path, '[OPTIONS]', *words])}\n```\n")
    talks = _talks(command)
    own = [option for option in _options(command) if not (talks and option.name in SHARED)]
    if own:
        head += _table(own, context)
    if talks:
        head.append(f"{'And the' if own else 'The'} options of the [connection](#connecting).\n")
    return "\n".join(head)


def _options(command: click.Command) -> list[click.Option]:
    return [item for item in command.params if isinstance(item, click.Option)]


def _talks(command: click.Command) -> bool:
    return {option.name for option in _options(command)} >= SHARED


def _table(options: list[click.Option], context: click.Context) -> list[str]:
    rows = [_option(option, context) for option in options]
    return ["| option | default | meaning |", "|---|---|---|", *rows, ""]


def _option(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    names = _cell(record[0] if record else "")
    variable = f" Also `{option.envvar}`." if isinstance(option.envvar, str) else ""
    default = f"`{option.default}`" if option.show_default else ""
    return f"| `{names}` | {default} | {_cell(option.help or '')}{variable} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.replace("\b", "").split("\n\n"))


def _context(command: click.Command) -> click.Context:
    return click.Context(command, info_name=command.name)
