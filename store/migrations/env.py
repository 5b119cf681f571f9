"""How alembic runs here: on the connection and inside the transaction that the store holds."""

from __future__ import annotations

from alembic import context

from store.schema import log_side

context.configure(connection=context.config.attributes["connection"], target_metadata=log_side)
context.run_migrations()
