"""The database's schema: made on the first start, migrated when an older one is found."""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.store.migrations import HEAD, REVISIONS
from jackfield.store.tables import REVISION_TABLE, metadata, revision


def bring_up_to_date(connection: Connection, url: str) -> None:
    """Make or migrate the schema inside the connection's transaction.

    An empty database gets the newest schema at once, without going through every migration. Alembic, slow to
    import, is loaded only if there is something to migrate.

    Args:
        url: the database, for refusals, without its password.

    Raises:
        OperationRefused: DATABASE_NEWER or DATABASE_FOREIGN.
    """
    names = set(inspect(connection).get_table_names())
    if REVISION_TABLE not in names:
        _refuse_foreign(names, url)
        metadata.create_all(connection, checkfirst=False)
        revision.create(connection)
        connection.execute(insert(revision), {"version_num": HEAD})
        return
    current = connection.execute(select(revision.c.version_num)).scalar_one_or_none() or ""
    if current not in REVISIONS:
        raise OperationRefused(
            found("DATABASE_NEWER", Place("database"), url=url, found=current or "unknown", known=HEAD)
        )
    if current != HEAD:
        from jackfield.store.migrations.running import migrate  # 0.2 s that most starts do not need

        migrate(connection)


def _refuse_foreign(names: set[str], url: str) -> None:
    strangers = sorted(names & metadata.tables.keys())
    if strangers:
        raise OperationRefused(found("DATABASE_FOREIGN", Place("database"), url=url, table=strangers[0]))
