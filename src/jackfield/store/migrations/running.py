"""Running migrations with Alembic, from inside the process and inside the caller's transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from jackfield.store.migrations import HEAD
from jackfield.store.tables import REVISION_TABLE


def scripts() -> ScriptDirectory:
    """Return the bundled migrations."""
    return ScriptDirectory(str(Path(__file__).parent))


def migrate(connection: Connection, target: str = HEAD) -> None:
    """Bring the database from whatever revision it has to `target`; nothing is done if any step fails.

    Args:
        connection: with a transaction begun, which the caller commits.
    """
    directory = scripts()

    def steps(current: Any, _context: object) -> Any:
        return directory._upgrade_revs(target, current)

    with EnvironmentContext(Config(), directory, fn=steps, destination_rev=target) as environment:
        environment.configure(connection=connection, version_table=REVISION_TABLE, transactional_ddl=True)
        environment.run_migrations()
