"""Workspaces that installed the bot, states of installing, channels that subscribed by themselves.

Replicas of the version before go on: they know nothing of the new tables.
"""

from alembic import op
from sqlalchemy import JSON, Column, DateTime, Text

revision = "0006"
down_revision = "0005"

MOMENT = DateTime(timezone=True)
OF_INSTALLATION = (
    "name",
    "enterprise",
    "bot_id",
    "bot_user",
    "scopes",
    "installed_by",
    "bot_token",
    "refresh_token",
    "ended",
)


def upgrade() -> None:
    """Add what is missing."""
    op.create_table(
        "installations",
        Column("workspace", Text, primary_key=True),
        *(Column(name, Text, nullable=False) for name in OF_INSTALLATION),
        Column("installed_at", MOMENT, nullable=False),
        Column("expires_at", MOMENT),
        Column("renewed_until", MOMENT),
    )
    op.create_index("installations_by_expiry", "installations", ["expires_at"])
    op.create_table(
        "oauth_states",
        Column("digest", Text, primary_key=True),
        Column("until", MOMENT, nullable=False),
    )
    op.create_table(
        "subscriptions",
        Column("workspace", Text, primary_key=True),
        Column("channel", Text, primary_key=True),
        Column("sources", JSON, nullable=False),
        *(Column(name, Text, nullable=False) for name in ("style", "language", "by")),
        Column("only", JSON, nullable=False),
        Column("since", MOMENT, nullable=False),
    )
