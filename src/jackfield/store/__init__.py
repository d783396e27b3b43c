"""The durable store: SQLAlchemy Core over SQLite or PostgreSQL, one code path for both.

`open_store` is the way in. All changes go through one writer thread that commits them in groups; reads run on
a few connections of their own.
"""

from __future__ import annotations

from jackfield.store.opening import open_store
from jackfield.store.sql_store import SqlStore

__all__ = ["SqlStore", "open_store"]
