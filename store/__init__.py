"""The store: the log, its projections, and the one write path.

SQLAlchemy lives here and nowhere else. It owns the schema, the dialects, the connection and its transactions; the few statements of the
write path and of the log's stream go through the driver's own cursor inside SQLAlchemy's transaction. `store.desk` is the door.
"""
