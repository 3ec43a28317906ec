"""Alembic's entry: runs migrations on the connection that core.database.migrate passes in."""

from alembic import context

from core import schema, schema_channels, schema_desk
from core.tables import metadata

TABLES = (schema, schema_channels, schema_desk)  # importing them puts their tables into the metadata


def run() -> None:
    """Apply the migrations."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run()
