"""What Alembic runs: steps go over the connection that `bot.archive.migrate` opened."""

from alembic import context
from sqlalchemy import Connection

connection = context.config.attributes.get("connection")
if not isinstance(connection, Connection):
    raise TypeError("run `digestbot migrate`: it opens the database and holds its lock")
context.configure(connection=connection)
with context.begin_transaction():
    context.run_migrations()
