"""The tables of workspaces, as the newest migration leaves them.

Only definitions.
"""

from sqlalchemy import JSON, Column, Index, Table, Text

from bot.archive.tables import UtcTime, metadata

installations = Table(
    "installations",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("bot_id", Text, nullable=False),
    Column("bot_user", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("installed_by", Text, nullable=False),
    Column("installed_at", UtcTime, nullable=False),
    Column("bot_token", Text, nullable=False),  # encrypted, as the next; "" once it has ended
    Column("refresh_token", Text, nullable=False),
    Column("expires_at", UtcTime),
    Column("renewed_until", UtcTime),  # somebody is renewing it, until then at the latest
    Column("ended", Text, nullable=False),
    Index("installations_by_expiry", "expires_at"),
)

oauth_states = Table(
    "oauth_states",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("until", UtcTime, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("sources", JSON, nullable=False),
    Column("style", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("only", JSON, nullable=False),
    Column("by", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
)
