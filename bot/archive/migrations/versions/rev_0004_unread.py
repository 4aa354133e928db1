"""Which posts that cannot be read the maintainers were told of."""

from alembic import op
from sqlalchemy import JSON, Column, text

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add a column; replicas of the version before leave it empty."""
    op.add_column(
        "sources", Column("warned", JSON, nullable=False, server_default=text("'[]'"))
    )
