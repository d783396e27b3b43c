"""Findings about the master key, the vault and the database."""

from __future__ import annotations

from jackfield.domain.catalogue.entry import Entry
from jackfield.domain.finding import Grade

_UNAVAILABLE = "service.unavailable"

_KEYS: tuple[Entry, ...] = (
    Entry(
        code="KEY_MISSING",
        title="Master key missing",
        cause="The database holds keys that only the master key opens, and the key file was moved, deleted"
        " or left out of a restore.",
        message="The master key file `{path}` does not exist, but the database was made with one.",
        accepted="The key file that the first start of this data directory created.",
        fix="Restore the key file from its backup to `{path}` (mode 0600) and start again; without it the"
        " stored credentials cannot be read by anybody.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="KEY_MALFORMED",
        title="Master key file malformed",
        cause="The file was cut, edited, or is another file.",
        message="The file `{path}` is not a Jackfield master key: {reason}.",
        accepted="A header line `jackfield-master-key:1` and a line of base64 that stands for 32 bytes.",
        fix="Restore the key file from its backup; if this data directory was never used, delete the file"
        " and start again to get a new key.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="KEY_READABLE",
        title="Master key readable by others",
        cause="The file was copied or restored with the usual permissions of files.",
        message="The master key file `{path}` can be read or written by other users (mode {mode}).",
        accepted="A file that only its owner can read: mode 0600 or 0400.",
        fix="Run `chmod 600 {path}` and start again; if others may have read it, treat the stored"
        " credentials as known to them and replace them.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="KEY_WRONG",
        title="Wrong master key",
        cause="Key file and database belong to different data directories, or one of them was restored"
        " alone.",
        message="The master key in `{path}` does not open the keys in the database.",
        accepted="The key file that was in use when this database was last written.",
        fix="Put the key file and the database of the same backup together and start again.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="KEY_UNUSABLE",
        title="Master key file cannot be used",
        cause="The operating system refuses to read or create the file.",
        message="The master key file `{path}` cannot be read or created: {reason}.",
        accepted="A key file, or a place for one, that the server's user owns.",
        fix="Check owner and permissions of `{path}` and of its folder, and the free space of the disk.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="SEALED_VALUE_UNREADABLE",
        title="Stored secret cannot be opened",
        cause="The row was changed outside of Jackfield, restored in part, or its key was removed.",
        message="The stored value of the field `{field}` of the credential {credential_id} cannot be"
        " opened: {reason}.",
        accepted="A value as it was sealed, in its own place, with a key of the keyring.",
        fix="Restore the database from a backup, or replace the credential with a PUT of all its fields.",
        grade=Grade.DOCUMENTED,
        status=500,
        wire_code="internal.server.error",
    ),
)

_BACKUPS: tuple[Entry, ...] = (
    Entry(
        code="BACKUP_ELSEWHERE",
        title="Database with tools of its own",
        cause="PostgreSQL is backed up with its own tools, which know more about it than a client can.",
        message="The database {url} is PostgreSQL, which Jackfield does not copy.",
        accepted="A data directory with an SQLite database.",
        fix="Run `pg_dump -Fc -f backup.dump {name}`, and keep a copy of the key file `master.key` elsewhere.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="BACKUP_FAILED",
        title="Backup not made",
        cause="The target exists, cannot be written, or there is no database in the data directory.",
        message="The backup of `{source}` to `{target}` was not made: {reason}.",
        accepted="A data directory that was started once, and a target file that does not exist.",
        fix="Name the right `--data-dir`, and a new file in a folder with enough space.",
        grade=Grade.DOCUMENTED,
    ),
)

_DATABASE: tuple[Entry, ...] = (
    Entry(
        code="DATABASE_URL_REFUSED",
        title="Database URL not understood",
        cause="The URL is misspelt, or names a database that Jackfield does not keep its data in.",
        message="The database URL cannot be used: {reason}.",
        accepted="`sqlite:////absolute/path/jackfield.db` or"
        " `postgresql+psycopg://user:password@host:5432/name`.",
        fix="Correct `--database`, or leave it out to use the SQLite file in the data directory.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="DATABASE_DRIVER_MISSING",
        title="PostgreSQL driver missing",
        cause="The driver is an extra, so that the usual installation stays small.",
        message="The PostgreSQL driver is not installed in this Python environment.",
        accepted="An environment with `psycopg` 3.",
        fix="Run `pip install 'jackfield[postgresql]'` and start again.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="DATABASE_UNREACHABLE",
        title="Database cannot be opened",
        cause="Host, port, user, password or path is wrong, or the database server is not running.",
        message="The database {url} cannot be opened: {reason}.",
        accepted="A database that exists and that the server's user may read and write.",
        fix="Check the address, that the database server runs, and the permissions; then start again.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="DATABASE_BUSY",
        title="Database in use by another server",
        cause="Another `jackfield up` runs on the same data directory or database.",
        message="The database {url} is in use by another Jackfield server{owner}.",
        accepted="One server for each database.",
        fix="Stop the other server, or start this one with another `--data-dir` or `--database`.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="DATABASE_NEWER",
        title="Database of a newer version",
        cause="A newer version of Jackfield has migrated this database; going back is not supported.",
        message="The database {url} was written by a newer version of Jackfield (schema {found}; this"
        " version knows schemas up to {known}).",
        accepted="The version of Jackfield that wrote the database, or a newer one.",
        fix="Upgrade Jackfield, or restore the backup that was made before the upgrade.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="DATABASE_FOREIGN",
        title="Database holds something else",
        cause="The URL names a database of another program.",
        message="The database {url} has a table `{table}` that Jackfield did not make.",
        accepted="An empty database, or one that Jackfield made.",
        fix="Create a database (or a schema) for Jackfield alone and name it with `--database`.",
        grade=Grade.DOCUMENTED,
    ),
    Entry(
        code="STORE_UNAVAILABLE",
        title="Database in trouble",
        cause="The disk is full or failing, the database is locked by another program, or its server is"
        " gone.",
        message="The database cannot do this now: {reason}.",
        accepted="A request while the database can be written.",
        fix="{remedy} Then send the request again; if it was a change, GET its target first and see"
        " whether it was made.",
        grade=Grade.DOCUMENTED,
        status=503,
        wire_code=_UNAVAILABLE,
    ),
    Entry(
        code="STORE_CLOSED",
        title="Server is stopping",
        cause="The request arrived while the server was shutting down.",
        message="The server is shutting down and takes no more requests.",
        accepted="A request to a running server.",
        fix="Send it again when the server is up.",
        grade=Grade.DOCUMENTED,
        status=503,
        wire_code=_UNAVAILABLE,
    ),
    Entry(
        code="STORE_CONFLICT",
        title="Another change came first",
        cause="At the same moment another request removed what this one refers to, or took its id.",
        message="This change clashes with one that was made at the same moment.",
        accepted="A change that fits what is stored now.",
        fix="GET the entities that the request names, and send it again if it still makes sense.",
        grade=Grade.ASSUMED,
        status=409,
        wire_code="general.conflict",
    ),
    Entry(
        code="TEXT_NOT_STORABLE",
        title="Text that cannot be stored",
        cause="JSON can spell a NUL character or half of a surrogate pair, which text columns of databases"
        " cannot hold.",
        message="A text in the request contains {what}, which cannot be stored unchanged.",
        accepted="Text without NUL characters and without lone surrogates.",
        fix=r"Remove `\u0000`, or write characters beyond U+FFFF as a complete pair of `\ud83d\ude00`"
        r" escapes.",
        grade=Grade.ASSUMED,
    ),
)

ENTRIES: tuple[Entry, ...] = (*_KEYS, *_BACKUPS, *_DATABASE)
