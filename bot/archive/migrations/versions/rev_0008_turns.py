"""Workspaces take turns: indexes by workspace take the place of those by age.

Replicas of the version before go on, and sort by themselves what these indexes had in order for them.
"""

from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"

TO_SEND = "state IN ('planned', 'claimed')"


def upgrade() -> None:
    """Change the indexes."""
    op.drop_index("deliveries_turn", "deliveries")
    op.drop_index("edits_active", "edits")
    in_order = ("workspace", "rank", "seq")
    _index("deliveries_to_send", "deliveries", in_order, TO_SEND)
    _index("deliveries_looked_for", "deliveries", in_order, "state IN ('sending', 'unknown')")
    _index("deliveries_urgent", "deliveries", ("workspace",), f"{TO_SEND} AND rank = 0")
    active = "state IN ('planned', 'claimed', 'sending', 'unknown')"
    _index("edits_turn", "edits", ("workspace", "due_at"), active)


def _index(name: str, table: str, columns: tuple[str, ...], where: str) -> None:
    op.create_index(
        name, table, [*columns], sqlite_where=text(where), postgresql_where=text(where)
    )
