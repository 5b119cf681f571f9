"""How a store is laid out, in one integer: a start compares the stamp and nothing else."""

from __future__ import annotations

from typing import Final

SCHEMA: Final = 1
"""The layout of the log's side; alembic migrates it."""

LAYOUT: Final = 2
"""The layout of the projections and the views, 0 to 999; the next writer rebuilds them when it differs."""

STAMP: Final = SCHEMA * 1000 + LAYOUT
