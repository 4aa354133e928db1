"""Deliveries count the calls of which nobody knows how they ended, apart from those turned away.

Replicas of the version before go on: their calls are not counted, so a row is tried a few times more.
"""

from alembic import op
from sqlalchemy import Column, Integer

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add what is missing."""
    op.add_column("deliveries", Column("unsure", Integer, nullable=False, server_default="0"))
