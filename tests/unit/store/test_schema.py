"""The schema: what migrations make is what the tables say, and strangers are left alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from jackfield.domain.errors import OperationRefused
from jackfield.domain.identity import Role, User
from jackfield.domain.integration import IntegrationQuery
from jackfield.domain.page import PageRequest
from jackfield.store import open_store
from jackfield.store.migrations import HEAD, REVISIONS
from jackfield.store.migrations.running import migrate, scripts
from jackfield.store.schema import bring_up_to_date
from jackfield.store.tables import REVISION_TABLE, metadata
from support.stores import NOON, ORGANIZATION, add_all, integration, read, write


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A plain connection to the database, past the store."""
    made = create_engine(database_url)
    yield made
    made.dispose()


def _described(connection: Connection) -> dict[str, object]:
    """Return everything the database says about its tables, in a form that can be compared."""
    seen = inspect(connection)
    described: dict[str, object] = {}
    for table in seen.get_table_names():
        columns = [
            (column["name"], str(column["type"]), column["nullable"], column.get("autoincrement"))
            for column in seen.get_columns(table)
        ]
        described[table] = (
            columns,
            seen.get_pk_constraint(table),
            seen.get_foreign_keys(table),
            sorted(str(sorted(index.items(), key=str)) for index in seen.get_indexes(table)),
            seen.get_unique_constraints(table),
        )
    return described


def test_the_known_revisions_are_the_bundled_ones() -> None:
    """The list that a start compares with names every migration in order, the newest last."""
    found = [script.revision for script in scripts().walk_revisions()]
    assert tuple(reversed(found)) == REVISIONS
    assert scripts().get_current_head() == HEAD


def test_migrations_make_what_the_tables_say(engine: Engine, database_url: str) -> None:
    """A database that went through every migration cannot be told from one made at once."""
    with engine.begin() as connection:
        migrate(connection)
    with engine.connect() as connection:
        # Types are compared below, as the database names them: Alembic does not see through our own types.
        options = {"compare_type": False, "version_table": REVISION_TABLE}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        migrated = _described(connection)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        connection.execute(text(f"DROP TABLE {REVISION_TABLE}"))
    open_store(database_url).close()
    with engine.connect() as connection:
        made = _described(connection)
    # Alembic names the key of its own table; the rest has to be the same to the letter.
    migrated.pop(REVISION_TABLE)
    made.pop(REVISION_TABLE)
    assert made == migrated


def test_a_migrated_database_opens(engine: Engine, database_url: str) -> None:
    """The store takes a migrated database as its own and leaves its rows."""
    with engine.begin() as connection:
        migrate(connection)
        row = {"id": ORGANIZATION, "name": "n", "default_country_code": "DE", "created": NOON}
        connection.execute(metadata.tables["organizations"].insert(), row)
    store = open_store(database_url)
    organization = read(store, lambda transaction: transaction.identities.organization())
    store.close()
    assert organization is not None
    assert organization.created == NOON


def test_an_older_database_is_counted(engine: Engine, database_url: str) -> None:
    """What was stored before the lengths of types' lists were kept is counted when they are."""
    with engine.begin() as connection:
        migrate(connection, "0003")
    store = open_store(database_url)
    add_all(store, lambda transaction: transaction.integrations.add, integration(1), integration(2))
    store.close()
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM list_totals WHERE list LIKE 'integrations/%'"))
        connection.execute(text(f"UPDATE {REVISION_TABLE} SET version_num = '0003'"))
    migrated = open_store(database_url)
    query = IntegrationQuery(type_id="custom-rest-actions")
    page = read(migrated, lambda t: t.integrations.page(ORGANIZATION, query, PageRequest(1, 1)))
    count = read(migrated, lambda t: t.integrations.count_of_type(ORGANIZATION, "custom-rest-actions"))
    migrated.close()
    assert (page.total, count) == (2, 2)


def test_what_was_stored_is_there_after_reopening(database_url: str) -> None:
    """Opening an up-to-date database changes nothing."""
    first = open_store(database_url)
    write(first, lambda transaction: transaction.integrations.add(integration()))
    first.close()
    second = open_store(database_url)
    stored = read(second, lambda transaction: transaction.integrations.get(ORGANIZATION, "integration-1"))
    second.close()
    assert stored == integration()


@pytest.mark.parametrize("revision", ["9999", ""])
def test_a_newer_database_is_refused(engine: Engine, database_url: str, revision: str) -> None:
    """A revision that this version does not know stops the start before anything is changed."""
    open_store(database_url).close()
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {REVISION_TABLE} SET version_num = :new"), {"new": revision})
    with pytest.raises(OperationRefused) as caught:
        open_store(database_url)
    finding = caught.value.findings[0]
    assert finding.code == "DATABASE_NEWER"
    assert (revision or "unknown") in finding.message
    assert HEAD in finding.message


def test_another_programs_tables_are_left_alone(engine: Engine, database_url: str) -> None:
    """A database with a table of one of our names that we did not make is refused and not touched."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE users (id INTEGER PRIMARY KEY)"))
    with pytest.raises(OperationRefused) as caught:
        open_store(database_url)
    assert caught.value.findings[0].code == "DATABASE_FOREIGN"
    assert "`users`" in caught.value.findings[0].message
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["users"]


def test_a_failing_creation_leaves_nothing(engine: Engine) -> None:
    """The schema is made in one transaction: undone, the database is as empty as before."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        bring_up_to_date(connection, "x")
        connection.rollback()
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def test_what_was_stored_before_logins_is_kept(engine: Engine, database_url: str) -> None:
    """A role, a user, a client and a token of the first schema come back with what they lack filled in."""
    with engine.begin() as connection:
        migrate(connection, "0001")
        statements = (
            "INSERT INTO roles VALUES ('role-1', 'organization-1', 'Admin', '[\"*:*:*\"]')",
            "INSERT INTO users VALUES ('user-1', 'organization-1', 'Ada', 'a@b.c', 'a@b.c', 'x', '[]')",
            "INSERT INTO oauth_clients VALUES ('client-1', 'organization-1', 'c', 'd', 'CLIENT-CREDENTIALS',"
            " '[\"role-1\"]', 86400, TRUE, '2026-03-01 12:00:00.000000')",
            "INSERT INTO access_tokens VALUES ('t', 'organization-1', 'client-1', NULL,"
            " '2026-03-01 12:00:00.000000')",
        )
        for statement in statements:
            connection.execute(text(statement))
    store = open_store(database_url)
    role = read(store, lambda tx: tx.directory.roles_page(ORGANIZATION, "ADMIN", (), PageRequest())).entities
    user = read(store, lambda tx: tx.identities.user("user-1"))
    client = read(store, lambda tx: tx.identities.client("client-1"))
    token = read(store, lambda tx: tx.identities.token("t"))
    store.close()
    assert role == [Role("role-1", ORGANIZATION, "Admin", ("*:*:*",))]
    assert user == User("user-1", ORGANIZATION, "Ada", "a@b.c", "x", ())
    assert client is not None
    assert (client.redirect_uris, client.scopes, client.modified) == ((), (), None)
    assert token is not None
    assert (token.scopes, token.family) == (None, "")
