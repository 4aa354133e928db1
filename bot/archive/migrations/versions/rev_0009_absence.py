"""Sources know when nobody looked at them, so that what was published meanwhile is told from a flood.

Replicas of the version before go on: what they find after an absence is ruled by its age and number.
"""

from alembic import op
from sqlalchemy import Column

from bot.archive.tables import UtcTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add what is missing."""
    op.add_column("sources", Column("away_since", UtcTime))
    op.add_column("sources", Column("away_until", UtcTime))
