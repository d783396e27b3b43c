"""Findings about starting and operating the server, and the command line."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Grade

_CATALOG: tuple[Entry, ...] = (
    Entry(
        code="CATALOG_INVALID",
        title="A catalog file is wrong",
        cause="A file of the folder given with --catalog is misspelled, incomplete or in the wrong place.",
        message="The catalog file `{file}`{where} {problem}.",
        accepted="{accepted}",
        fix="Mend {file} and start again, or start without --catalog.",
        grade=Grade.DOCUMENTED,
    ),
)

_FOLDERS: tuple[Entry, ...] = (
    Entry(
        code="EXECUTION_LOG_UNUSABLE",
        title="Log of executions cannot be opened",
        cause="The file was cut, is of another program, or belongs to another user.",
        message="The log of executions `{path}` cannot be used: {reason}.",
        accepted="The file as Jackfield left it, or none.",
        fix="Move the file away and start again (a new one is made), or start with `--log-days 0`.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="DATA_DIR_UNUSABLE",
        title="Data directory cannot be made",
        cause="The path leads through a file or a folder of another user, or the disk is full or read-only.",
        message="The data directory `{path}` cannot be made: {reason}.",
        accepted="A folder that this user may create or write.",
        fix="Start with `--data-dir` and a folder that is yours, or with `--ephemeral` to keep nothing.",
        grade=Grade.DOCUMENTED,
    ),
)

_LISTENING: tuple[Entry, ...] = (
    Entry(
        code="PORT_BUSY",
        title="Port is taken",
        cause="Another program, often an earlier Jackfield, listens on the port.",
        message="The port {port} on {host} is already in use.",
        accepted="A free port; 0 picks one.",
        fix="Stop the other program, or start with `--port 0` or another `--port`.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="PORT_FORBIDDEN",
        title="Port may not be opened",
        cause="Ports below 1024 belong to the administrator on most systems.",
        message="This user may not listen on port {port} of {host}.",
        accepted="A port from 1024 on; 0 picks a free one.",
        fix="Start with a `--port` from 1024 on.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="ADDRESS_UNUSABLE",
        title="Address cannot be listened on",
        cause="The address belongs to another machine, the name does not resolve, or the port is no port.",
        message="The server cannot listen on {host}, port {port}.",
        accepted="An address of this machine and a port from 0 to 65535.",
        fix="Start with `--host 127.0.0.1`, or `--host 0.0.0.0` for all addresses.",
        grade=Grade.DOCUMENTED,
    ),
)

ENTRIES: tuple[Entry, ...] = (
    Entry(
        code="TEST_STATE_CLOSED",
        title="Test state not allowed",
        cause="Resetting a server destroys what it holds, so its operator has to allow it.",
        message="This server does not allow that its state is reset, taken or restored.",
        accepted="A server that was started with --ephemeral or --allow-reset.",
        fix="Start a server for tests: `jackfield up --ephemeral`, or one with `--allow-reset`.",
        grade=Grade.DOCUMENTED,
        status=409,
        wire_code="general.conflict",
    ),
    Entry(
        code="SNAPSHOT_REFUSED",
        title="State not kept",
        cause="States are kept in memory, so there is a limit to how many and how large.",
        message="The state was not kept: {reason}.",
        accepted="Up to {limit} states by any name but `start`.",
        fix="Use the name of a state that may be replaced, or restart the server.",
        grade=Grade.DOCUMENTED,
        status=409,
        wire_code="general.conflict",
    ),
    Entry(
        code="SNAPSHOT_NOT_FOUND",
        title="No such state",
        cause="States live as long as the server; the name is mistyped, or the server was restarted.",
        message="No state `{name}` was taken since the server started.",
        accepted="{known}",
        fix="Take it first with POST /jackfield/v1/snapshot, or restore one of: {known}.",
        grade=Grade.DOCUMENTED,
        status=404,
        wire_code="not.found",
    ),
    *_LISTENING,
    *_FOLDERS,
    *_CATALOG,
)
