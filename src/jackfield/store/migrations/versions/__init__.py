"""One module per migration, loaded by Alembic."""
